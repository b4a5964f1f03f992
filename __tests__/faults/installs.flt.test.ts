// Installations into an empty root, with something going wrong.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallDisk } from '../support/small-disk.js';
import { interrupt, reached, stateOf } from './support/interruption.js';
import { RUNS, sample } from './support/options.js';
import { Placed } from './support/placed.js';
import { killed, killPlans, powerCut, SICK } from './support/placed-kills.js';

let placed: Placed;

beforeAll(async () => {
  placed = await Placed.prepare('install');
});

afterAll(() => placed.close());

const STEPS = {
  good: ['start', 'unpack', 'started', 'before', 'begin', 'before-done', 'end'],
  sick: ['back', 'started', 'start'],
};

describe.concurrent('an installation', () => {
  it.each(killPlans(Math.ceil(RUNS / 3), STEPS))(
    '$index: that is killed at $step (not healthy: $sick), and run again',
    (plan) => killed(placed, plan),
  );

  it.each(sample(['unpack', 'before', 'start', 'started'], 2))(
    'whose machine loses its power at the step %s',
    (step) => powerCut(placed, step, 0),
  );

  it('whose node is killed while its health is looked at is taken back', () =>
    placed.withNode(async (node) => {
      const check = '[[ $RELUP_STAGE != health ]] || { kill -9 $RELUP_PID; false; }';
      const { state, output } = await placed.deploy(node, { health: { soak: 2, timeout: 20, check } });
      expect(state, output).toBe('untouched');
      await placed.holds(node, state);
      placed.tally.add('node killed during health', [state, ...(await placed.finish(node))].join(', then '));
    }));

  it('of a release that is never healthy is taken back', () =>
    placed.withNode(async (node) => {
      const { state, output } = await placed.deploy(node, SICK);
      expect(state, output).toBe('untouched');
      await placed.holds(node, state);
      placed.tally.add('never healthy', [state, ...(await placed.finish(node))].join(', then '));
    }));

  it('that is cancelled while `before` runs is taken back, and told to be cancelled', () =>
    placed.withNode(async (node) => {
      const commandTexts = { before: 'sleep 90', after: '', start: '', stop: '' };
      const deploy = placed.start(node, { commandTexts });
      const end = await interrupt(deploy, node.root, { step: 'before', after: 500 }, 'SIGINT');
      expect(stateOf(end), end.output).toBe('untouched');
      expect(end.output).toContain('The deploy was cancelled (SIGINT).');
      await placed.holds(node, 'untouched');
      placed.tally.add(
        'SIGINT while before runs',
        ['untouched', ...(await placed.finish(node))].join(', then '),
      );
    }));
});

it('on a disk that gets full while it is unpacked is taken back, and succeeds when there is room', async () => {
  const disk = smallDisk('size=400m');
  try {
    await placed.withNode(
      async (node) => {
        disk.fill(placed.size + 24 * 2 ** 20);
        const deploy = placed.start(node);
        await reached(deploy, node.root, 'unpack');
        disk.fill(0, 'rest');
        const end = await deploy.ended;
        expect(stateOf(end), end.output).toBe('untouched');
        expect(end.output).toContain('There is no space left on the disk');
        rmSync(join(disk.dir, 'rest'));
        await placed.holds(node, 'untouched');
        placed.tally.add(
          'full while unpacking',
          ['untouched', ...(await placed.finish(node))].join(', then '),
        );
      },
      { root: join(disk.dir, 'opt') },
    );
  } finally {
    disk.remove();
  }
});
