import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './support/bench.js';
import { reached } from './support/interruption.js';
import { Random, RUNS } from './support/options.js';
import { OLD } from './support/packages.js';
import { losePower } from './support/power-cut.js';
import { withNode } from './support/serving-node.js';

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.prepare('Power cuts');
});

afterAll(() => bench.close());

const STEPS = [
  'unpack',
  'make-permanent',
  'put-package',
  'make-permanent',
  'unpack',
  'configure',
  'install',
  'start-script',
];
const CASES = Array.from({ length: Math.max(3, Math.ceil(RUNS / 5)) }, (_, index) => ({
  index,
  step: STEPS[index % STEPS.length] as string,
}));

describe.concurrent('a power cut, after which the node was started again', () => {
  it.each(CASES)('$index: at the step $step', ({ index, step }) =>
    withNode(async (node) => {
      const random = new Random(`power ${index}`);
      const deploy = bench.start(node);
      await reached(deploy, node.root, step);
      await new Promise((done) => setTimeout(done, random.below(30)));
      deploy.signal('SIGKILL');
      await node.kill();
      await deploy.ended;
      const lost = losePower(node, random);
      await node.boot();
      const booted = await node.code();
      const both = await Promise.all([OLD, '1.1.0'].map((version) => bench.verdict.expectedCode(version)));
      expect(both).toContainEqual(booted);
      try {
        bench.tally.add(`at ${step}`, (await bench.finish(node)).join(', then '));
      } catch (error) {
        throw new Error(`It had lost ${lost.join('; ')}.`, { cause: error });
      }
    }),
  );
});

it('a record that was lost after the release was made permanent is written again', () =>
  withNode(async (node) => {
    await bench.finish(node);
    truncateSync(join(node.root, 'releases/start_erl.data'), 3);
    const { state, output } = await bench.deploy(node);
    expect(state, output).toBe('upgraded');
    await bench.verdict.holds(node, 'upgraded');
    bench.tally.add('start_erl.data cut off afterwards', 'upgraded');
  }));
