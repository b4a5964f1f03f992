// Restarts of a running node into another release, with something going wrong.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pidsOf } from '../../src/node/node-process.js';
import { smallDisk } from '../support/small-disk.js';
import { interrupt, reached, stateOf } from './support/interruption.js';
import { RUNS, sample } from './support/options.js';
import { endAll, Placed } from './support/placed.js';
import { killed, killPlans, powerCut, WITH_BEFORE } from './support/placed-kills.js';
import type { ServingNode } from './support/serving-node.js';

let placed: Placed;

beforeAll(async () => {
  placed = await Placed.prepare('restart');
});

afterAll(() => placed.close());

const STEPS = {
  good: ['switch', 'unpack', 'stop', 'start', 'started', 'before', 'begin', 'before-done', 'end'],
  sick: ['back', 'start-old'],
};

/** It is taken back to the old release, and goes forward when it is run again. */
async function goesOn(node: ServingNode, fault: string, state: string): Promise<void> {
  await placed.holds(node, state);
  placed.tally.add(fault, [state, ...(await placed.finish(node))].join(', then '));
}

/** One of the node's processes takes so long to end, in milliseconds. */
const slowToStop = (milliseconds: number): string => `
  Slow = fun() ->
    {ok, spawn_link(fun() -> process_flag(trap_exit, true), receive {'EXIT', _, shutdown} -> timer:sleep(${milliseconds}) end end)}
  end,
  {ok, _} = supervisor:start_child(webcounter_sup,
    #{id => slow, start => {erlang, apply, [Slow, []]}, shutdown => infinity, restart => temporary})`;

describe.concurrent('a restart', () => {
  it.each(killPlans(Math.ceil(RUNS / 3), STEPS))(
    '$index: that is killed at $step (not healthy: $sick), and run again',
    (plan) => killed(placed, plan),
  );

  it.each(['switch', ...sample(['unpack', 'stop', 'start', 'started'], 1)])(
    'whose machine loses its power at the step %s',
    (step) => powerCut(placed, step, 0),
  );

  it('of a node that does not stop in time goes back, and starts the old release when it has stopped', () =>
    placed.withNode(async (node) => {
      await node.installed.evaluate(slowToStop(15_000));
      const { state, output } = await placed.deploy(node, { stopSeconds: 2 });
      expect(state, output).toBe('rebooted-into-old');
      expect(output).toMatch(/was told to stop, and did not within 2 seconds/);
      await goesOn(node, 'the node does not stop in time', state);
    }));

  it('into a release that does not boot in time goes back', () =>
    placed.withNode(async (node) => {
      const waits = `[{kernel, [{sync_nodes_mandatory, ['nobody@localhost']}, {sync_nodes_timeout, 120000}]}].\n`;
      const options = { ...placed.withConfiguration(waits), health: { soak: 0, timeout: 8 } };
      const { state, output } = await placed.deploy(node, options);
      expect(state, output).toBe('rebooted-into-old');
      expect(output).toContain('had not started all its applications after 8 seconds');
      await goesOn(node, 'the new release does not boot in time', state);
    }));

  it('whose node is killed while its health is looked at goes back', () =>
    placed.withNode(async (node) => {
      const check = '[[ $RELUP_STAGE != health ]] || { kill -9 $RELUP_PID; false; }';
      const { state, output } = await placed.deploy(node, { health: { soak: 2, timeout: 20, check } });
      expect(state, output).toBe('rebooted-into-old');
      await goesOn(node, 'node killed during health', state);
    }));

  it('into a release that ends again and again, under a service manager, is told and taken back', () =>
    placed.withNode(async (node) => {
      const { installed } = node;
      await endAll(node);
      const loop = spawn('bash', ['-c', `while true; do '${installed.script}' foreground; sleep 0.2; done`], {
        env: { ...installed.environment },
        stdio: 'ignore',
      });
      try {
        await expect.poll(() => node.answeringPid().catch(() => 0), { timeout: 60_000 }).toBeGreaterThan(0);
        const bad = placed.withConfiguration('[{webcounter, [{acceptors, none}]}].\n');
        const { state, output } = await placed.deploy(node, bad);
        expect(state, output).toBe('rebooted-into-old');
        expect(output).toMatch(/ends and is started again and again|started again meanwhile/);
        await goesOn(node, 'a crash loop under a service manager', state);
      } finally {
        loop.kill('SIGKILL');
      }
    }));

  it('that is cancelled while `before` runs leaves the node as it was', () =>
    placed.withNode(async (node) => {
      const commandTexts = { before: 'sleep 90', after: '', start: '', stop: '' };
      const deploy = placed.start(node, { commandTexts });
      const end = await interrupt(deploy, node.root, { step: 'before', after: 500 }, 'SIGINT');
      expect(stateOf(end), end.output).toBe('untouched');
      expect(end.output).toContain('The deploy was cancelled (SIGINT).');
      expect(await pidsOf(node.root)).toEqual([node.pid]);
      await goesOn(node, 'SIGINT while before runs', 'untouched');
    }));
});

describe('a restart on a disk that gets full', () => {
  it.each([
    ['unpack', 'untouched'],
    ['before', 'restarted'],
  ])('at the step %s ends as %s, and has its files', async (step, expected) => {
    const disk = smallDisk('size=600m');
    try {
      await placed.withNode(
        async (node) => {
          disk.fill(placed.size + 24 * 2 ** 20);
          const deploy = placed.start(node, WITH_BEFORE);
          await reached(deploy, node.root, step);
          disk.fill(0, 'rest');
          const end = await deploy.ended;
          expect(stateOf(end), end.output).toBe(expected);
          if (expected === 'untouched') expect(end.output).toContain('There is no space left on the disk');
          rmSync(join(disk.dir, 'rest'));
          await placed.holds(node, expected);
          const states = expected === 'restarted' ? [] : await placed.finish(node);
          placed.tally.add(`full from the step ${step} on`, [expected, ...states].join(', then '));
        },
        { root: join(disk.dir, 'opt') },
      );
    } finally {
      disk.remove();
    }
  });
});
