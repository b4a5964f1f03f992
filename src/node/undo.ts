import { join } from 'node:path';
import { NodeRefusedError } from '../shared/errors.js';
import { configurationFiles } from './configuration.js';
import { recordFootprint, restoreFootprint, type Footprint } from './footprint.js';
import { isAlive } from './release-script.js';
import { packageName, packagePath, type UpgradeContext } from './upgrade-context.js';
import { settle } from './upgrade.js';

/** Records what the steps before the installation may add or change, so that they can be undone. */
export async function recordBefore(context: UpgradeContext): Promise<Footprint> {
  const { erlang, upgradePackage, manifest, deployRoot } = context;
  // names in the archive are UTF-8, whatever this runner's locale
  const members = await erlang.query<{ name: string }[]>('tarball', [upgradePackage.path], {
    flags: ['+fnu'],
  });
  const rel = `${packageName(context)}.rel`;
  return recordFootprint(
    deployRoot,
    [
      ...members.map(({ name }) => name.replace(/\/$/, '')),
      `releases/${rel}`,
      `releases/${manifest.version}/${rel}`,
    ],
    [packagePath(context), 'releases/RELEASES', ...configurationFiles(manifest.version)],
    join(context.privateFolder, 'before'),
  );
}

/**
 * Takes back everything up to the installation: the version is unregistered and exactly what was added is removed (H65).
 * `release_handler:remove_release/1` is not used, because it also removes every library that no other *registered*
 * release lists (H66).
 *
 * @param wasRegistered whether release_handler knew the version before.
 * @returns whether the node answers.
 * @throws {NodeRefusedError} naming what is left.
 */
export async function undoUnpack(
  context: UpgradeContext,
  footprint: Footprint,
  wasRegistered: boolean,
): Promise<boolean> {
  const { control, node, manifest, deployRoot } = context;
  const snapshot = await settle(context);
  // release_handler may still be at work on what was given up (H69); a node that is gone boots with the restored files
  if (snapshot === undefined && (await isAlive(node.pid))) {
    throw new NodeRefusedError(
      `The node (process id ${node.pid}) does not answer, so nothing was taken away from it.`,
    );
  }
  const isRegistered = snapshot?.releases?.some(({ version }) => version === manifest.version) ?? false;
  if (isRegistered && !wasRegistered) await control.call('set-removed', [manifest.version]);
  const left = await restoreFootprint(deployRoot, footprint);
  if (left.length > 0) {
    throw new NodeRefusedError(
      `${left.join(', ')} in ${deployRoot} could not be removed: something else lies there.`,
    );
  }
  return snapshot !== undefined;
}
