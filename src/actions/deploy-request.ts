import { access, constants } from 'node:fs/promises';
import { readEnvironmentFile } from '../node/environment-file.js';
import type { Commands } from '../deploy/commands/commands.js';
import { deployRelease } from '../deploy/deploy.js';
import { deployVersion } from '../deploy/versions/deploy-version.js';
import type { PhaseRunner } from '../deploy/upgrade-node.js';
import type { DeployPackage } from '../model/deploy-input.js';
import type { DeployResult } from '../model/deploy.js';
import type { ManifestPackage } from '../model/manifest.js';
import { readManifest } from '../deploy/read-manifest.js';
import type { Erlang } from '../programs/erlang.js';
import { deferringCancel } from '../shared/cancel.js';
import { defined } from '../shared/optional.js';
import type { DeployInputs } from './deploy-inputs.js';

/** A deploy as data, so that another process, run by the node's user, can do it. */
export interface DeployRequest {
  readonly inputs: DeployInputs;
  /** Absolute paths of the packages, as far as they are at hand, and their manifest. */
  readonly upgradePath: string | undefined;
  readonly fullPath: string | undefined;
  /** Undefined: an installed version is asked for, without a package. */
  readonly manifestPath: string | undefined;
  /** An installed version, or `previous`. */
  readonly version?: string | undefined;
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
  commands,
}: {
  readonly request: DeployRequest;
  /** Of the build; without one, the installed release's own emulator does the work. */
  readonly erlang?: Erlang | undefined;
  readonly privateFolder: string;
  readonly phase?: PhaseRunner;
  /** For a process that is not the step's user's. */
  readonly commands?: Commands;
}): Promise<DeployResult> {
  const { inputs, upgradePath, fullPath, manifestPath, serviceEnvironment } = request;
  const manifest = manifestPath === undefined ? undefined : await readManifest(manifestPath);
  const { deployRoot, envFile, health, onFailure, onCrash, dryRun, keepReleases, allowRestart } = inputs;
  const options = {
    deployRoot,
    privateFolder,
    ...{ health, onFailure, onCrash, dryRun, keepReleases, allowRestart },
    ...{ commandTexts: inputs.commands, cwd: await checkFolder(deployRoot) },
    ...defined({ phase, erlang, commands }),
    serviceEnvironment:
      serviceEnvironment ?? (envFile === undefined ? {} : await readEnvironmentFile(envFile)),
  };
  const { version } = request;
  if (version !== undefined) {
    return deferringCancel((cancel) => deployVersion({ ...options, version, manifest, cancel }));
  }
  if (manifest === undefined) throw new Error('neither a package nor a version is deployed');
  const { full, upgrade } = manifest.packages;
  const packages = {
    upgradePackage: packageAt(upgradePath, upgrade),
    fullPackage: packageAt(fullPath, full),
  };
  return deferringCancel((cancel) => deployRelease({ ...options, ...packages, manifest, cancel }));
}

function packageAt(path: string | undefined, made: ManifestPackage | undefined): DeployPackage | undefined {
  return path === undefined || made === undefined
    ? undefined
    : { path, sha256: made.sha256, files: made.files };
}

/** The job's workspace; the installed root for a user who may not enter that. */
async function checkFolder(deployRoot: string): Promise<string> {
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  return access(workspace, constants.X_OK).then(
    () => workspace,
    () => deployRoot,
  );
}
