// The artifact of a build, brought to the machine of the node.
import type { Artifact, DefaultArtifactClient, FindOptions } from '@actions/artifact';
import { info } from '@actions/core';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ActionError } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import { safeArtifactName } from './upload.js';
import { unzipPackages } from './unzip.js';
import { serviceFailure } from './existing-artifact.js';

export interface ArtifactSource {
  /** As the user wrote it; undefined for the only one that ends in `-relup`. */
  readonly name?: string;
  /** Another run of this repository, with a token that may read it; absent for the same run. */
  readonly otherRun?: { readonly runId: number; readonly token: string };
  /** SHA-256 of the zip that the build job's output named, lower-case hex; absent: what the service has on record. */
  readonly digest?: string;
}

/** What the artifacts of the root action end in, unless they are given another name. */
const OURS = '-relup';

/**
 * Downloads an artifact, checks its SHA-256 and only then opens it.
 *
 * @param folder a private, empty folder that gets the artifact's files
 * @throws {ActionError} when there is none, or several, or it is not the expected one
 */
export async function downloadPackages(source: ArtifactSource, folder: string): Promise<void> {
  if (source.otherRun === undefined) requireRun(process.env);
  const find = findOptions(source.otherRun, process.env.GITHUB_REPOSITORY ?? '');
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const client = new DefaultArtifactClient();
  const artifact = chooseArtifact(await list(client, find, source), source);
  const zip = await download({ client, find, artifact: artifact, source, folder });
  await unzipPackages(zip, folder);
  await rm(dirname(zip), { recursive: true });
  info(`Artifact ${artifact.name} (id ${artifact.id}).`);
}

/** Names of the artifacts of this run that begin with a text. @throws {ActionError} */
export async function artifactNames(prefix: string): Promise<string[]> {
  requireRun(process.env);
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const artifacts = await list(new DefaultArtifactClient(), {}, {});
  return artifacts.map(({ name }) => name).filter((name) => name.startsWith(prefix));
}

/** What the runner gives to the jobs of a run, for its own artifacts. */
function requireRun(env: Readonly<Record<string, string | undefined>>): void {
  const missing = ['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL'].filter((name) => !env[name]);
  if (missing.length === 0) return;
  throw new ActionError(
    `An artifact of this run can only be downloaded in a workflow run: ${missing.join(' and ')} must be set by the runner.`,
    { remedy: 'Give the package by its path, in the input `package`.' },
  );
}

function findOptions(otherRun: ArtifactSource['otherRun'], repository: string): FindOptions {
  if (otherRun === undefined) return {};
  const [repositoryOwner = '', repositoryName = ''] = repository.split('/');
  return {
    findBy: { token: otherRun.token, workflowRunId: otherRun.runId, repositoryOwner, repositoryName },
  };
}

async function list(
  client: DefaultArtifactClient,
  find: FindOptions,
  source: ArtifactSource,
): Promise<readonly Artifact[]> {
  try {
    return (await client.listArtifacts({ latest: true, ...find })).artifacts;
  } catch (error) {
    throw (
      notReadable(error, source) ??
      serviceFailure(`The artifacts of ${run(source)} could not be listed`, error)
    );
  }
}

/** Which artifact is meant. Pure. @throws {ActionError} for none or several */
function chooseArtifact(artifacts: readonly Artifact[], source: ArtifactSource): Artifact {
  const name = source.name === undefined ? undefined : safeArtifactName(source.name);
  const found = artifacts.filter((one) => (name === undefined ? one.name.endsWith(OURS) : one.name === name));
  const names = (found.length === 0 ? artifacts : found).map((one) => one.name).join(', ');
  const [only, ...others] = found;
  if (only === undefined) {
    throw new ActionError(
      `There is no artifact ${name === undefined ? `that ends in ${OURS}` : `"${name}"`} in ${run(source)}.`,
      {
        remedy:
          names === ''
            ? 'Let the job that builds come first (`needs:`), or name its run in `run-id`. Artifacts are deleted when their retention days are over.'
            : `Set \`artifact-name\` to one of: ${names}. Artifacts are deleted when their retention days are over.`,
      },
    );
  }
  if (others.length > 0) {
    throw new ActionError(`Several artifacts of ${run(source)} may be meant: ${names}.`, {
      remedy: 'Set `artifact-name`, e.g. from an output of the job that built it.',
    });
  }
  return only;
}

async function download({
  client,
  find,
  artifact,
  source,
  folder,
}: {
  readonly client: DefaultArtifactClient;
  readonly find: FindOptions;
  readonly artifact: Artifact;
  readonly source: ArtifactSource;
  readonly folder: string;
}): Promise<string> {
  const { id, name, digest: recorded } = artifact;
  const digest = source.digest === undefined ? recorded : `sha256:${source.digest}`;
  const options = {
    path: join(folder, 'download'),
    skipDecompress: true,
    ...defined({ expectedHash: digest }),
    ...find,
  };
  const { digestMismatch } = await client.downloadArtifact(id, options).catch((error: unknown) => {
    throw (
      notReadable(error, source) ??
      serviceFailure(`The artifact "${name}" (id ${id}) could not be downloaded`, error)
    );
  });
  if (digestMismatch) {
    throw new ActionError(
      `The artifact "${name}" (id ${id}) does not have the SHA-256 ${digest?.replace('sha256:', '')}.`,
      {
        remedy:
          "Deploy the artifact of the very run that built it, with that run's output `artifact-digest`. If you did, the artifact was replaced: find out by whom before you deploy it.",
      },
    );
  }
  const [file = ''] = await readdir(options.path);
  return join(options.path, file);
}

/** What GitHub's answers mean to those who wrote the workflow; undefined for others. */
function notReadable(error: unknown, source: ArtifactSource): ActionError | undefined {
  const status = (error as { readonly status?: number } | undefined)?.status;
  if (status === 410) {
    return new ActionError(`The artifact of ${run(source)} has expired.`, {
      remedy: 'Build the release again; `retention-days` says how long artifacts are kept.',
      cause: error,
    });
  }
  if (status !== 401 && status !== 403 && status !== 404) return undefined;
  return new ActionError(
    `The artifacts of ${run(source)} cannot be read with this token (HTTP status ${status}).`,
    {
      remedy:
        'Check `run-id`, give the job `permissions: { actions: read, contents: read }`, and set `github-token: ${{ github.token }}`.',
      cause: error,
    },
  );
}

function run({ otherRun }: ArtifactSource): string {
  return otherRun === undefined ? 'this workflow run' : `workflow run ${otherRun.runId}`;
}
