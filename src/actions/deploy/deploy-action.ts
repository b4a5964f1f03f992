import { info } from '@actions/core';
import { resolve } from 'node:path';
import { downloadPackages } from '../../phases/artifact-source.js';
import { findPackage, type FoundPackage } from '../../phases/package-source.js';
import { checkPlatform } from '../../phases/toolchain.js';
import { emptyFacts, type Facts } from '../../report/facts.js';
import { finish, noteFailure } from '../../report/finish.js';
import { writeReport } from '../../report/report-file.js';
import { defined } from '../../shared/optional.js';
import { explainFailure } from '../../shared/system-failure.js';
import type { Workspace } from '../../shared/workspace.js';
import { deployNode } from '../deploy-node.js';
import { phase } from '../phase.js';
import { closeWorkspace, openWorkspace } from '../run-workspace.js';
import { requireTrustedRun } from '../trusted-run.js';
import type { DeployActionInputs, PackageInput } from './inputs.js';

/** The deploy action: from a package that was made elsewhere to an upgraded node. */
export async function deployAction(inputs: DeployActionInputs): Promise<void> {
  const facts = emptyFacts();
  facts.nodeState = 'untouched';
  const workspace = await openWorkspace();
  try {
    facts.report = await writeReport(workspace.resultFolder('relup-deploy'), facts);
    await fromPackageToNode(inputs, facts, workspace);
  } catch (error) {
    const failure = await explainFailure(error, workspace.dir);
    noteFailure(facts, failure);
    throw failure;
  } finally {
    await closeWorkspace(workspace);
    await finish(facts);
  }
}

/** The story. */
async function fromPackageToNode(
  inputs: DeployActionInputs,
  facts: Facts,
  workspace: Workspace,
): Promise<void> {
  checkPlatform(process.platform);
  requireTrustedRun(process.env);
  const { manifest, ...paths } = await phase(facts, 'Package', () => bringPackage(inputs.package, workspace));
  const { name, version, commit } = manifest;
  facts.brought = { name, version, commit };
  await deployNode({ inputs: inputs.node, ...paths }, facts, workspace);
}

async function bringPackage(from: PackageInput, workspace: Workspace): Promise<FoundPackage> {
  const found = await findPackage('path' in from ? resolve(from.path) : await download(from, workspace));
  const { name, version, commit, toolchain } = found.manifest;
  info(`${name} ${version}, built from commit ${commit} with OTP ${toolchain.otpVersion}.`);
  info('The packages are those of the manifest, by size and SHA-256.');
  return found;
}

async function download(
  { artifactName: name, artifactDigest: digest, otherRun }: Exclude<PackageInput, { path: string }>,
  workspace: Workspace,
): Promise<string> {
  const folder = await workspace.folder('artifact');
  await downloadPackages(defined({ name, digest, otherRun }), folder);
  return folder;
}
