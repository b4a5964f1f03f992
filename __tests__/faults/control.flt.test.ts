import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ProcessOptions } from '../support/deploy-process.js';
import { processesWith, signalAll } from '../support/processes.js';
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
  'start-script',
  'downgrade',
  'undo',
] as const;

const GOES_BACK: ProcessOptions = { health: { check: '[[ $RELUP_STAGE != health ]]', soak: 0, timeout: 2 } };

/** What a deploy may say that lost its control process there; what it may not is nothing. */
function expected(step: string): readonly string[] {
  if (isWayBack(step)) return ['downgraded'];
  // who unpacks or installs may not have begun, be at it or done with it when its answer is lost
  return ['put-package', 'unpack', 'install'].includes(step) ? ['untouched', 'upgraded'] : ['upgraded'];
}

function isWayBack(step: string): boolean {
  return step === 'downgrade' || step === 'undo';
}

describe.concurrent('the control process', () => {
  const cases = (['SIGSTOP', 'SIGKILL'] as const).flatMap((signal) =>
    sample(STEPS, 3).map((step) => ({ signal, step })),
  );

  it.each(cases)(
    'that gets a $signal at the step $step: the deploy goes on, or ends in words',
    ({ signal, step }) =>
      withNode(async (node) => {
        const deploy = bench.start(node, undefined, isWayBack(step) ? GOES_BACK : {});
        if (step !== 'start') {
          await reached(deploy, node.root, step);
          // as a rule before it asks for what the entry tells
          deploy.signal('SIGSTOP');
        }
        const pids = await vi.waitFor(() => {
          const found = processesWith('HOME', deploy.controlHome);
          if (found.length === 0 && !deploy.over) throw new Error('It has not started.');
          return found;
        }, 60_000);
        signalAll(pids, signal);
        deploy.signal('SIGCONT');
        const end = await deploy.ended;
        const state = stateOf(end);
        expect(expected(step), end.output).toContain(state);
        expect(end.output).not.toContain('finding suspensions-not-traced');
        // what could not be taken back is told, and the next run does it
        if (!end.output.includes('could not be taken back')) await bench.verdict.holds(node, state);
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
      const kill = (): void => signalAll(processesWith('HOME', deploy.controlHome), 'SIGKILL');
      const killer = setInterval(kill, 20);
      const end = await deploy.ended.finally(() => clearInterval(killer));
      expect(stateOf(end), end.output).toBe('installed-not-permanent');
      expect(end.output).toContain('The control process, which asks the node, was ended by SIGKILL');
      bench.tally.add(
        'control process killed again and again',
        ['installed-not-permanent', ...(await bench.finish(node))].join(', then '),
      );
    }));
});
