// Runs from a copy of this folder, hence the packages' path in the environment.
import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';

const { PROJECT_MODULES, OTHER_JOB_TOKEN, GITHUB_WORKSPACE, GITHUB_OUTPUT, ...inputs } = process.env;
// Each job of a run has a token of its own; the variables of a run by act are the same in all of its jobs.
process.env.ACTIONS_RUNTIME_TOKEN = OTHER_JOB_TOKEN;
const { DefaultArtifactClient } = await import(`${PROJECT_MODULES}/@actions/artifact/lib/artifact.js`);

const client = new DefaultArtifactClient();
const { artifacts } = await client.listArtifacts();
const id = Number(inputs['INPUT_ARTIFACT-IDS']);
const artifact = artifacts.find((one) => one.id === id || one.name === inputs.INPUT_NAME);
if (artifact === undefined) throw new Error(`There is no such artifact, only ${JSON.stringify(artifacts)}.`);
const path = resolve(GITHUB_WORKSPACE, inputs.INPUT_PATH);
const { digestMismatch } = await client.downloadArtifact(artifact.id, {
  path,
  expectedHash: artifact.digest,
});
if (digestMismatch) throw new Error(`The artifact ${artifact.name} is not what was uploaded.`);
appendFileSync(GITHUB_OUTPUT, `download-path=${path}\n`);
