import { join } from 'node:path';
import { ActionError, errorMessage } from '../shared/errors.js';
import { configurationFiles } from './configuration.js';
import { recordFootprint, restoreFootprint, type Footprint } from './footprint.js';
import { isAlive } from './release-script.js';
import { packageName, packagePath, type UpgradeContext } from './upgrade-context.js';
import { settle } from './upgrade.js';

/** Records what the steps before the installation may add or change, so that they can be undone. */
export async function recordBefore(context: UpgradeContext): Promise<Footprint> {
  const { erlang, upgradePackage, manifest, deployRoot } = context;
  const members = await erlang.query<{ name: string }[]>('tarball', [upgradePackage.path]);
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

/** What became of taking back. */
export interface TakenBack {
  /** Whether the files and release_handler's records are as they were recorded. */
  readonly restored: boolean;
  readonly nodeAnswers: boolean;
  /** The same, as a sentence for people. */
  readonly sentence: string;
}

/**
 * Takes back what was unpacked: the version is unregistered and exactly what was added is removed (H65).
 * `release_handler:remove_release/1` is not used, because it also removes every library that no other *registered*
 * release lists (H66).
 *
 * @param wasRegistered whether release_handler knew the version before.
 */
export async function takeBack(
  context: UpgradeContext,
  footprint: Footprint,
  wasRegistered: boolean,
): Promise<TakenBack> {
  const snapshot = await settle(context);
  const nodeAnswers = snapshot !== undefined;
  try {
    // release_handler may still be at work on what was given up (H69); a node that is gone boots with the restored files
    if (!nodeAnswers && (await isAlive(context.node.pid))) throw new ActionError('the node does not answer');
    const { version } = context.manifest;
    const isRegistered = snapshot?.releases?.some((release) => release.version === version) ?? false;
    if (isRegistered && !wasRegistered) await context.control.call('set-removed', [version]);
    const left = await restoreFootprint(context.deployRoot, footprint);
    if (left.length > 0) throw new ActionError(`something else lies in ${left.join(', ')}`);
    const node = nodeAnswers ? '' : 'The node is gone. ';
    return { restored: true, nodeAnswers, sentence: `${node}Its files are as they were.` };
  } catch (error) {
    const why = errorMessage(error).replace(/\.$/, '');
    return { restored: false, nodeAnswers, sentence: `What was unpacked could not be taken back: ${why}.` };
  }
}
