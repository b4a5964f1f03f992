import { DeployError, deployRelease } from '../../phases/deploy.js';
import { readManifest } from '../../phases/manifest.js';
import type { Erlang } from '../../programs/erlang.js';
import type { Facts } from '../../report/facts.js';
import { deferringCancel } from '../../shared/cancel.js';
import { NodeRefusedError } from '../../shared/errors.js';
import type { Workspace } from '../../shared/workspace.js';

/**
 * Upgrades the node that runs from `deployRoot`, with the package and the manifest that were just made.
 *
 * @throws {NodeRefusedError} when there is nothing that a running node could be upgraded with
 */
export async function deployHere(
  deployRoot: string,
  facts: Facts,
  erlang: Erlang,
  workspace: Workspace,
): Promise<void> {
  const upgradePackage = facts.packages?.upgrade;
  if (upgradePackage === undefined || facts.manifest === undefined || facts.upgradeKind !== 'hot') {
    facts.nodeState = 'untouched';
    throw new NodeRefusedError(
      `The node was left as it is: the upgrade kind is ${facts.upgradeKind}, not hot.`,
      {
        remedy: 'Deploy only where there is a release to upgrade from and no emulator restart is needed.',
      },
    );
  }
  try {
    const options = {
      erlang,
      deployRoot,
      upgradePackage,
      manifest: await readManifest(facts.manifest),
      privateFolder: await workspace.folder('deploy'),
    };
    facts.deployed = await deferringCancel((cancel) => deployRelease({ ...options, cancel }));
    facts.nodeState = facts.deployed.nodeState;
  } catch (error) {
    facts.nodeState = error instanceof DeployError ? error.nodeState : 'untouched';
    throw error;
  }
}
