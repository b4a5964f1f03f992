import type { RehearsedStep, StepName } from '../../model/rehearsal.js';
import type { Bar, Lane } from '../document/blocks.js';

/** Steps that have a node of their own. */
const OWN_NODE: readonly StepName[] = ['cold boot', 'full package'];

/** Steps of two nodes that are connected. */
const CONNECTED: readonly StepName[] = ['cluster', 'cluster upgrade'];

/** When each step ran, node by node. */
export function timelineOf(steps: readonly RehearsedStep[]): Lane[] {
  const main = steps.filter(({ name }) => !OWN_NODE.includes(name) && !CONNECTED.includes(name));
  const lanes = [
    { name: 'node 1', bars: main.map(bar) },
    ...steps
      .filter(({ name }) => OWN_NODE.includes(name))
      .map((step, index) => ({ name: `node ${index + 2}`, bars: [bar(step)] })),
    {
      name: 'two connected nodes',
      bars: steps.filter(({ name }) => CONNECTED.includes(name)).map(bar),
    },
  ];
  return lanes.filter(({ bars }) => bars.length > 0);
}

function bar({ name, start, seconds: time, checks }: RehearsedStep): Bar {
  const results = Object.values(checks);
  const result = (['failed', 'warning'] as const).find((one) => results.includes(one)) ?? 'ok';
  return { name, start, seconds: time, result };
}
