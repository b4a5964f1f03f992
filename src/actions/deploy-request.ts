import { readEnvironmentFile } from '../node/environment-file.js';
import { deployRelease, type DeployResult } from '../phases/deploy.js';
import { readManifest } from '../phases/manifest.js';
import type { Erlang } from '../programs/erlang.js';
import { deferringCancel } from '../shared/cancel.js';
import { ActionError } from '../shared/errors.js';
import type { DeployInputs } from './deploy-inputs.js';

/** A deploy as data, so that another process, run by the node's user, can do it. */
export interface DeployRequest {
  readonly inputs: DeployInputs;
  /** Absolute paths of the upgrade package and its manifest. */
  readonly packagePath: string;
  readonly manifestPath: string;
}

/**
 * Does the deploy, as the user that this process runs as.
 *
 * @throws {NodeRefusedError | DeployError} as `deployRelease`
 */
export async function performDeploy(
  { inputs, packagePath, manifestPath }: DeployRequest,
  erlang: Erlang,
  privateFolder: string,
): Promise<DeployResult> {
  const manifest = await readManifest(manifestPath);
  const { upgrade } = manifest.packages;
  if (upgrade === undefined) throw new ActionError(`The manifest ${manifestPath} names no upgrade package.`);
  const { deployRoot, envFile } = inputs;
  const options = {
    erlang,
    deployRoot,
    upgradePackage: { path: packagePath, sha256: upgrade.sha256, files: upgrade.files },
    manifest,
    privateFolder,
    serviceEnvironment: envFile === undefined ? {} : await readEnvironmentFile(envFile),
  };
  return deferringCancel((cancel) => deployRelease({ ...options, cancel }));
}
