import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { processesWith } from '../support/processes.js';
import { Bench } from './support/bench.js';
import { reached, stateOf } from './support/interruption.js';
import { sample } from './support/options.js';
import { withNode } from './support/serving-node.js';

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.prepare('Control processes in trouble');
});

afterAll(() => bench.close());

const STEPS = [
  'start',
  'put-package',
  'unpack',
  'configure',
  'install',
  'installed',
  'make-permanent',
] as const;

/** What a deploy may say that lost its control process there; what it may not is nothing. */
function expected(step: string): readonly string[] {
  // who unpacks may be at it or done with it when its answer is lost
  return step === 'put-package' || step === 'unpack' ? ['untouched', 'upgraded'] : ['upgraded'];
}

describe.concurrent('the control process', () => {
  const cases = (['SIGSTOP', 'SIGKILL'] as const).flatMap((signal) =>
    sample(STEPS, 3).map((step) => ({ signal, step })),
  );

  it.each(cases)(
    'that gets a $signal at the step $step: the deploy goes on, or ends in words',
    ({ signal, step }) =>
      withNode(async (node) => {
        const deploy = bench.start(node);
        if (step !== 'start') await reached(deploy, node.root, step);
        const pids = await vi.waitFor(() => {
          const found = processesWith('HOME', deploy.controlHome);
          if (found.length === 0 && !deploy.over) throw new Error('It has not started.');
          return found;
        }, 60_000);
        for (const pid of pids) process.kill(pid, signal);
        const end = await deploy.ended;
        const state = stateOf(end);
        expect(expected(step), end.output).toContain(state);
        await bench.verdict.holds(node, state);
        await vi.waitFor(() => expect(processesWith('HOME', deploy.controlHome)).toEqual([]), 30_000);
        const states = state === 'upgraded' ? [] : await bench.finish(node);
        if (state === 'upgraded') await bench.served(node);
        bench.tally.add(`control process ${signal} at ${step}`, [state, ...states].join(', then '));
      }),
  );

  it('that is killed whenever it is there never makes a healthy node go back', () =>
    withNode(async (node) => {
      const deploy = bench.start(node);
      await reached(deploy, node.root, 'installed');
      const killer = setInterval(() => {
        for (const pid of processesWith('HOME', deploy.controlHome)) process.kill(pid, 'SIGKILL');
      }, 20);
      const end = await deploy.ended.finally(() => clearInterval(killer));
      expect(stateOf(end), end.output).toBe('installed-not-permanent');
      expect(end.output).toContain('The control process, which asks the node, was ended by SIGKILL');
      bench.tally.add(
        'control process killed again and again',
        ['installed-not-permanent', ...(await bench.finish(node))].join(', then '),
      );
    }));
});
