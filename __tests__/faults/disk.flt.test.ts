import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallDisk, type SmallDisk } from '../support/small-disk.js';
import { Bench } from './support/bench.js';
import { reached, stateOf } from './support/interruption.js';
import { withNode, type ServingNode } from './support/serving-node.js';

let bench: Bench;
let disk: SmallDisk;

beforeAll(async () => {
  bench = await Bench.prepare('Disks in trouble');
});

afterAll(() => bench.close());

/** The installed root is on a disk of its own. */
async function onSmallDisk(options: string, work: (node: ServingNode) => Promise<void>): Promise<void> {
  disk = smallDisk(options);
  try {
    await withNode(work, { root: join(disk.dir, 'opt') });
  } finally {
    disk.remove();
  }
}

async function refused(node: ServingNode, fault: string, words: RegExp): Promise<void> {
  const { state, output } = await bench.deploy(node);
  expect(state, output).toBe('none');
  expect(output).toMatch(words);
  expect(node.installed.files()).toEqual(node.before);
  bench.tally.add(fault, 'refused');
}

describe('the disk of the installed release', () => {
  it.each(['put-package', 'unpack', 'configure'])(
    'that gets full at the step %s: what is left is told, and the step succeeds when there is room again',
    (step) =>
      onSmallDisk('size=400m', async (node) => {
        // little more than what is asked for before, so that the rest is gone in no time
        disk.fill(20 * 2 ** 20);
        const deploy = bench.start(node);
        await reached(deploy, node.root, step);
        disk.fill(0, 'rest');
        const end = await deploy.ended;
        const state = stateOf(end);
        expect(end.output).not.toMatch(/ENOSPC|copyfile/);
        // on a slow machine it had what it needed before
        expect(['untouched', 'installed-not-permanent', 'upgraded'], end.output).toContain(state);
        rmSync(join(disk.dir, 'rest'));
        await bench.verdict.holds(node, state);
        bench.tally.add(
          `full from the step ${step} on`,
          [state, ...(await bench.finish(node))].join(', then '),
        );
      }),
  );

  it('that gets full at the installation: there is room for the rest, which was taken before', () =>
    onSmallDisk('size=400m', async (node) => {
      disk.fill(20 * 2 ** 20);
      const deploy = bench.start(node);
      await reached(deploy, node.root, 'installed');
      disk.fill(0, 'rest');
      const end = await deploy.ended;
      expect(stateOf(end), end.output).toBe('upgraded');
      rmSync(join(disk.dir, 'rest'));
      await bench.served(node);
      await bench.verdict.holds(node, 'upgraded');
      bench.tally.add('full from the installation on', 'upgraded');
    }));

  it('that is full, or can only be read, is told before anything is changed', () =>
    onSmallDisk('size=400m', async (node) => {
      disk.fill(10_000);
      await refused(node, 'full before', /free, but the upgrade needs|no space left/i);
      rmSync(join(disk.dir, 'filler'));
      execFileSync('mount', ['-o', 'remount,ro', disk.dir]);
      await refused(node, 'mounted read-only', /read-only|cannot write|cannot be written/i);
      execFileSync('mount', ['-o', 'remount,rw', disk.dir]);
      await bench.finish(node);
    }));
});

it('a file with other content in the way is told, and stays', () =>
  withNode(async (node) => {
    const file = join(node.root, 'releases/1.1.0');
    writeFileSync(file, 'not a folder');
    chmodSync(file, 0o600);
    const { state, output } = await bench.deploy(node);
    expect(state, output).toBe('none');
    expect(output).toContain('releases/1.1.0');
    rmSync(file);
    expect(node.installed.files()).toEqual(node.before);
    bench.tally.add(
      'a file where a folder belongs',
      ['refused', ...(await bench.finish(node))].join(', then '),
    );
  }));
