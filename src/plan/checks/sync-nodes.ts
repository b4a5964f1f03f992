import type { Finding } from '../../model/finding.js';
import { instructionPlace, type Places } from './module-places.js';
import type { Step } from './facts.js';
import { stepName } from './steps.js';

/** A `sync_nodes` makes nodes wait for each other without an end: that must be meant (H93). Pure. */
export function checkSyncNodes(steps: readonly Step[], places: Places): Finding[] {
  return steps.flatMap((step) =>
    (['up', 'down'] as const).flatMap((direction) =>
      step[direction]
        .filter(({ what }) => what === 'sync')
        .map((instruction): Finding => ({
          id: 'appup-sync-nodes',
          severity: 'warning',
          application: step.change.name,
          message: `The appup of ${step.change.name}, ${stepName(step, direction)}: at ${instruction.text} a node waits, without an end, until every other node that it names has come as far.`,
          remedy:
            'All of them must be upgraded at the same time, by hand: a deploy upgrades one node, and refuses this. `rehearse-cluster: true` rehearses it on two nodes. Without sync_nodes, nodes are upgraded one after the other (docs/clusters.md).',
          location: instructionPlace(places, step, instruction),
        })),
    ),
  );
}
