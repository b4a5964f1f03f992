import { NodeRefusedError } from '../../shared/errors.js';
import { syncTargets } from '../health/suspensions.js';
import type { NodeContext } from '../../node/node-context.js';

/**
 * Where the relup waits for other nodes (`sync_nodes`), release_handler does so without an end, past the point of no return, until
 * all of them have come as far. A deploy upgrades one node (H93).
 *
 * @throws {NodeRefusedError}
 */
export async function checkSyncNodes(context: NodeContext, runs: string): Promise<void> {
  const { nodes, unknown } = await syncTargets(context, runs);
  if (nodes.length === 0 && !unknown) return;
  const whom = nodes.length === 0 ? 'nodes that are not known yet' : nodes.join(', ');
  const appups = context.manifest.appups
    ?.filter(({ up, down }) => [...up, ...down].some(({ instructions }) => instructions.some(waits)))
    .map(({ application }) => application);
  const where =
    appups === undefined || appups.length === 0 ? 'the relup' : `the appup of ${appups.join(', ')}`;
  throw new NodeRefusedError(
    `The upgrade waits for ${whom} to be upgraded at the same time (sync_nodes in ${where}), and a deploy upgrades this node alone: release_handler would wait for ever.`,
    {
      remedy:
        'Take sync_nodes out of the appup, keep what the nodes send each other compatible for one release, and deploy to one node after the other (docs/clusters.md); or install the release by hand on all nodes at once.',
    },
  );
}

function waits(instruction: string): boolean {
  return instruction.startsWith('{sync_nodes');
}
