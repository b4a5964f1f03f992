import { info } from '@actions/core';
import { resolve } from 'node:path';
import { downloadPackages } from '../../artifact/download.js';
import { findPackage, type FoundPackage } from '../../deploy/package-source.js';
import { checkPlatform } from '../../build/toolchain.js';
import { requireAgent } from '../../programs/ssh.js';
import { writeReport } from '../../report/report-file.js';
import { defined } from '../../shared/optional.js';
import type { Workspace } from '../../shared/workspace.js';
import { DEPLOY, deployNode, noteDeploy } from '../deploy-node.js';
import { deployOverSsh } from '../deploy-over-ssh/deploy-over-ssh.js';
import type { DeployRequest } from '../deploy-request.js';
import { runAction, type Attendant, type Run } from '../run.js';
import { requireTrustedRun } from '../trusted-run.js';
import { uploadingReport } from './upload-report.js';
import type { AttestationInput, DeployActionInputs, PackageInput } from './deploy-action-inputs.js';

/** The deploy action: from a package that was made elsewhere to an upgraded node. */
export async function deployAction(inputs: DeployActionInputs, attendant?: Attendant): Promise<void> {
  const work = (who = attendant): Promise<void> =>
    runAction((run) => fromPackageToNode(inputs, run), { attendant: who });
  const { reportArtifact } = inputs;
  await (reportArtifact === undefined ? work() : uploadingReport(reportArtifact, (onEnd) => work({ onEnd })));
}

/** The story. */
async function fromPackageToNode(inputs: DeployActionInputs, run: Run): Promise<void> {
  const { workspace } = run;
  run.note(DEPLOY, { nodeState: 'untouched' });
  run.note(DEPLOY, { report: await writeReport(workspace.resultFolder('relup-deploy'), run.record) });
  checkPlatform(process.platform);
  requireTrustedRun(process.env);
  const { ssh, version } = inputs;
  if (ssh !== undefined) await requireAgent();
  const bring = (): Promise<PackagePaths> => packagePaths(inputs, run);
  const paths = await (inputs.package === undefined ? bring() : run.phase('Package', bring));
  const request = { inputs: inputs.node, version, ...paths };
  if (ssh === undefined) await deployNode(request, run);
  else await noteDeploy(run, () => deployOverSsh(ssh, request, workspace));
}

type PackagePaths = Pick<DeployRequest, 'upgradePath' | 'fullPath' | 'manifestPath'>;

/** None when an installed version shall run again. */
async function packagePaths(
  { package: from, attestation }: DeployActionInputs,
  run: Run,
): Promise<PackagePaths> {
  if (from === undefined) return { upgradePath: undefined, fullPath: undefined, manifestPath: undefined };
  const { workspace } = run;
  const found = await bringPackage(from, workspace);
  if (attestation !== undefined) await requireAttested(found, attestation, workspace);
  const { manifest, ...paths } = found;
  const { name, version, commit } = manifest;
  run.note(DEPLOY, { brought: { name, version, commit } });
  return paths;
}

async function bringPackage(from: PackageInput, workspace: Workspace): Promise<FoundPackage> {
  const found = await findPackage('path' in from ? resolve(from.path) : await download(from, workspace));
  const { name, version, commit, toolchain } = found.manifest;
  info(`${name} ${version}, built from commit ${commit} with OTP ${toolchain.otpVersion}.`);
  info('The packages are those of the manifest, by size and SHA-256.');
  return found;
}

async function requireAttested(
  { upgradePath, fullPath, manifestPath }: FoundPackage,
  attestation: AttestationInput,
  workspace: Workspace,
): Promise<void> {
  const { verifyAttestations } = await import('../../published/verify-attestation.js');
  const workFolder = await workspace.folder('attestation');
  const files = [upgradePath, fullPath, manifestPath].filter((path) => path !== undefined);
  await verifyAttestations(files, { ...attestation, workFolder });
}

async function download(
  { artifactName: name, artifactDigest: digest, otherRun }: Exclude<PackageInput, { path: string }>,
  workspace: Workspace,
): Promise<string> {
  const folder = await workspace.folder('artifact');
  await downloadPackages(defined({ name, digest, otherRun }), folder);
  return folder;
}
