import type { Erlang } from '../../programs/erlang.js';
import type { Facts } from '../../report/facts.js';
import { checkDeployable } from '../../phases/deployable.js';
import type { Workspace } from '../../shared/workspace.js';
import type { DeployInputs } from '../deploy-inputs.js';
import { deployNode } from '../deploy-node.js';

/**
 * Upgrades the node that runs from `deployRoot`, with the package and the manifest that were just made.
 *
 * @throws {NodeRefusedError} when there is nothing that a running node may be upgraded with
 */
export async function deployHere(
  inputs: DeployInputs,
  facts: Facts,
  erlang: Erlang,
  workspace: Workspace,
): Promise<void> {
  const { packages, manifest: manifestPath, release, upgradeKind = 'none', verdict = upgradeKind } = facts;
  facts.nodeState = 'untouched';
  if (release === undefined || manifestPath === undefined) throw new Error('there are no packages');
  checkDeployable({ name: release.name, version: release.version, upgradeKind, verdict });
  if (packages?.upgrade === undefined) throw new Error('there is no upgrade package');
  await deployNode({ inputs, packagePath: packages.upgrade.path, manifestPath }, facts, workspace, erlang);
}
