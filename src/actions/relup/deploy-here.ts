import type { Erlang } from '../../programs/erlang.js';
import { checkDeployable } from '../../deploy/deployable.js';
import type { DeployInputs } from '../deploy-inputs.js';
import { DEPLOY, deployNode } from '../deploy-node.js';
import type { Run } from '../run.js';

/**
 * Upgrades the node that runs from `deployRoot`, with the package and the manifest that were just made.
 *
 * @throws {NodeRefusedError} when there is nothing that a running node may be upgraded with
 */
export async function deployHere(inputs: DeployInputs, run: Run, erlang: Erlang): Promise<void> {
  const {
    packages,
    manifest: manifestPath,
    release,
    upgradeKind = 'none',
    verdict = upgradeKind,
  } = run.record;
  run.note(DEPLOY, { nodeState: 'untouched' });
  if (release === undefined || manifestPath === undefined) throw new Error('there are no packages');
  checkDeployable({ name: release.name, version: release.version, upgradeKind, verdict });
  if (packages?.upgrade === undefined) throw new Error('there is no upgrade package');
  await deployNode({ inputs, packagePath: packages.upgrade.path, manifestPath }, run, erlang);
}
