import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './support/bench.js';
import { interrupt, stateOf } from './support/interruption.js';
import { sample } from './support/options.js';
import { withNode } from './support/serving-node.js';

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.prepare('Deploys that were cancelled');
});

afterAll(() => bench.close());

const STEPS = [
  'begin',
  'put-package',
  'unpack',
  'configure',
  'install',
  'installed',
  'make-permanent',
  'start-script',
];
const CASES = STEPS.flatMap((step) => (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ step, signal })));

// What happens at which step is tested in node/deploy-resume.node.test.ts.
describe.concurrent('a deploy that is cancelled', () => {
  it.each(sample(CASES, 4))(
    'by $signal at the step $step says what it left, and is finished by running it again',
    ({ step, signal }) =>
      withNode(async (node) => {
        const end = await interrupt(bench.start(node), node.root, { step, after: 0 }, signal);
        const state = stateOf(end);
        expect(['untouched', 'installed-not-permanent', 'upgraded'], end.output).toContain(state);
        await bench.verdict.holds(node, state);
        bench.tally.add(`${signal} at ${step}`, [state, ...(await bench.finish(node))].join(', then '));
      }),
  );
});
