import { access, constants } from 'node:fs/promises';
import { readEnvironmentFile } from '../node/environment-file.js';
import { deployRelease } from '../deploy/deploy.js';
import type { PhaseRunner } from '../deploy/upgrade-node.js';
import type { DeployResult } from '../model/deploy.js';
import { readManifest } from '../deploy/read-manifest.js';
import type { Erlang } from '../programs/erlang.js';
import { deferringCancel } from '../shared/cancel.js';
import { ActionError } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import type { DeployInputs } from './deploy-inputs.js';

/** A deploy as data, so that another process, run by the node's user, can do it. */
export interface DeployRequest {
  readonly inputs: DeployInputs;
  /** Absolute paths of the upgrade package and its manifest. */
  readonly packagePath: string;
  readonly manifestPath: string;
  /** What `env-file` holds, when this process might not read it any more. */
  readonly serviceEnvironment?: Readonly<Record<string, string>> | undefined;
}

/**
 * Does the deploy, as the user that this process runs as.
 *
 * @throws {NodeRefusedError | DeployError} as `deployRelease`
 */
export async function performDeploy({
  request,
  erlang,
  privateFolder,
  phase,
}: {
  readonly request: DeployRequest;
  readonly erlang: Erlang;
  readonly privateFolder: string;
  readonly phase?: PhaseRunner;
}): Promise<DeployResult> {
  const { inputs, packagePath, manifestPath, serviceEnvironment } = request;
  const manifest = await readManifest(manifestPath);
  const { upgrade } = manifest.packages;
  if (upgrade === undefined) throw new ActionError(`The manifest ${manifestPath} names no upgrade package.`);
  const { deployRoot, envFile, health, onFailure, onCrash, dryRun, keepReleases } = inputs;
  const options = {
    erlang,
    deployRoot,
    upgradePackage: { path: packagePath, sha256: upgrade.sha256, files: upgrade.files },
    manifest,
    privateFolder,
    ...{ health, onFailure, onCrash, dryRun, keepReleases, cwd: await checkFolder(deployRoot) },
    ...defined({ phase }),
    serviceEnvironment:
      serviceEnvironment ?? (envFile === undefined ? {} : await readEnvironmentFile(envFile)),
  };
  return deferringCancel((cancel) => deployRelease({ ...options, cancel }));
}

/** The job's workspace; the installed root for a user who may not enter that. */
async function checkFolder(deployRoot: string): Promise<string> {
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  return access(workspace, constants.X_OK).then(
    () => workspace,
    () => deployRoot,
  );
}
