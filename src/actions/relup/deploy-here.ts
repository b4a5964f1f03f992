import type { Erlang } from '../../programs/erlang.js';
import type { Facts } from '../../report/facts.js';
import { NodeRefusedError } from '../../shared/errors.js';
import type { Workspace } from '../../shared/workspace.js';
import type { DeployInputs } from '../deploy-inputs.js';
import { deployNode } from '../deploy-node.js';

/**
 * Upgrades the node that runs from `deployRoot`, with the package and the manifest that were just made.
 *
 * @throws {NodeRefusedError} when there is nothing that a running node could be upgraded with
 */
export async function deployHere(
  inputs: DeployInputs,
  facts: Facts,
  erlang: Erlang,
  workspace: Workspace,
): Promise<void> {
  const { packages, manifest: manifestPath, upgradeKind } = facts;
  if (packages?.upgrade === undefined || manifestPath === undefined || upgradeKind !== 'hot') {
    facts.nodeState = 'untouched';
    throw new NodeRefusedError(`The node was left as it is: the upgrade kind is ${upgradeKind}, not hot.`, {
      remedy: 'Deploy only where there is a release to upgrade from and no emulator restart is needed.',
    });
  }
  await deployNode({ inputs, packagePath: packages.upgrade.path, manifestPath }, facts, workspace, erlang);
}
