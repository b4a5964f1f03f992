import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { NodeContext } from '../node/node-context.js';
import type { NodeControl } from '../node/control.js';
import { install, type InstallAnswer } from '../node/release-handler.js';
import type { RelupEffects, Sync } from '../model/relup.js';
import { ActionError } from '../shared/errors.js';
import type { Lane } from './lane.js';
import { StepError } from './step-error.js';

/** As long as one node may wait for another that is upgraded at the same time. */
const WAIT_SECONDS = 20;

/** Where the relup of an unpacked release waits for other nodes, up or down. */
async function syncsOf(lane: Lane, { control }: Pick<NodeContext, 'control'>): Promise<readonly Sync[]> {
  const { up, down } = await control.call<RelupEffects>('relup-effects', [
    relupOf(lane),
    lane.context.upFrom.version,
  ]);
  return [...up.syncs, ...down.syncs];
}

function relupOf({ root, context }: Lane): string {
  return join(root, 'releases', context.manifest.version, 'relup');
}

/**
 * Nodes that the relup lists (`sync_nodes`) are not on this machine: their names become those of the scratch nodes, as the name
 * in vm.args does. A node that is rehearsed alone waits for nobody then.
 *
 * @param together names of the nodes that are upgraded at the same time, without this one's
 */
export async function renameSyncs(lane: Lane, together: readonly string[]): Promise<void> {
  const { control, process } = lane.running;
  const syncs = await syncsOf(lane, { control });
  if (syncs.length === 0) return;
  await lane.context.options.erlang.query('sync-nodes', [relupOf(lane), process.nodeName, ...together]);
}

/** As {@link install}; a node that waits for others which do not come is not waited for. @throws {StepError} */
export async function installInSync(
  lane: Lane,
  context: NodeContext,
  version: string,
): Promise<InstallAnswer> {
  const syncs = await syncsOf(lane, context);
  if (syncs.length === 0) return install(context, version);
  const work = { done: false };
  const installed = install(context, version).finally(() => (work.done = true));
  const stuck = waitsInVain(context.control, work).then((inVain) => {
    if (inVain) throw waits(version, syncs);
    return installed;
  });
  return Promise.race([installed, stuck]);
}

async function waitsInVain(control: NodeControl, work: { readonly done: boolean }): Promise<boolean> {
  let seconds = 0;
  while (!work.done && seconds < WAIT_SECONDS) {
    await setTimeout(1000);
    const waits = await control.call<boolean>('sync-wait', [], 10).catch((error: unknown) => {
      if (!(error instanceof ActionError)) throw error;
      return false;
    });
    seconds = waits ? seconds + 1 : 0;
  }
  return !work.done;
}

function waits(version: string, syncs: readonly Sync[]): StepError {
  const calls = [...new Set(syncs.flatMap(({ call }) => call ?? []))];
  const whom = calls.length === 0 ? '' : ` that ${calls.join(', ')} gives`;
  return new StepError({
    id: 'rehearsal-sync-nodes',
    message: `While ${version} is installed, release_handler waits at sync_nodes for nodes${whom}, which do not come to the same instruction: it would wait for ever.`,
    remedy:
      'Set `rehearse-cluster: true`, so that two connected nodes are upgraded at the same time, and have the function give only nodes that are connected. Or take sync_nodes out of the appup, and keep what the nodes send each other compatible.',
  });
}
