import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DeployProgram, journalOf } from '../support/deploy-process.js';
import { captureOutput, Deploying, failureOf } from '../support/deploying.js';
import { InstalledRelease } from '../support/running-release.js';

let deploying: Deploying;
let program: DeployProgram;
let installed: InstalledRelease;
/** Beside the installed root. */
let outside: string;

beforeAll(async () => {
  deploying = await Deploying.prepare();
  program = await DeployProgram.make(deploying.folder);
});

afterAll(() => deploying.remove());

beforeEach(async () => {
  captureOutput();
  installed = await InstalledRelease.install(deploying.built.oldTarball);
  outside = join(installed.folder, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'precious'), 'of somebody else');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await installed.remove();
});

/** The journal of a deploy that was killed, with paths of somebody's choice. */
function forge(change: (footprint: { absent: unknown[]; saved: unknown[] }) => void): void {
  const [begin, ...others] = journalOf(installed.root);
  if (begin?.step !== 'begin') throw new Error('No journal.');
  change(begin.attempt.footprint as never);
  const lines = [begin, ...others].map((entry) => `${JSON.stringify(entry)}\n`);
  writeFileSync(join(installed.root, '.relup-action/journal.jsonl'), lines.join(''));
}

async function killed(): Promise<void> {
  await program.start(installed.root, deploying.good).signalAt(installed.root, 'configure', 'SIGKILL');
}

describe('records of deploys that somebody forged', () => {
  beforeEach(() => installed.start());

  it.each([
    ['removed', (footprint: { absent: unknown[] }) => footprint.absent.push('lib/trap/precious')],
    [
      'overwritten',
      (footprint: { saved: unknown[] }) => {
        writeFileSync(join(installed.root, '.relup-action/before/forged'), 'forged');
        const file = { path: 'lib/trap/precious', copy: '.relup-action/before/forged' };
        footprint.saved.push({ ...file, uid: 0, gid: 0, mode: 0o4755 });
      },
    ],
  ])('have nothing outside of deploy-root %s', async (_, change) => {
    await killed();
    symlinkSync(outside, join(installed.root, 'lib/trap'));
    forge(change);
    const error = await failureOf(deploying.deploy(installed));
    expect(String(error)).toContain(
      'lib/trap/precious is reached through a link that leads out of deploy-root',
    );
    expect(error).toMatchObject({ nodeState: 'unpacked' });
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('of somebody else');
    // what the message tells to do helps
    rmSync(join(installed.root, 'lib/trap'));
    mkdirSync(join(installed.root, 'lib/trap'));
    expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
  });

  it('that are links or pipes are neither followed nor waited for', async () => {
    const records = join(installed.root, '.relup-action');
    symlinkSync(outside, records);
    await expect(deploying.deploy(installed)).rejects.toThrow("is not a folder of the node's user");
    rmSync(records);
    mkdirSync(records, { mode: 0o700 });
    for (const [name, words] of [
      ['journal.jsonl', 'is damaged'],
      ['lock', 'is not a lock file'],
    ] as const) {
      const file = join(records, name);
      symlinkSync(join(outside, 'precious'), file);
      await expect(deploying.deploy(installed)).rejects.toThrow(words);
      rmSync(file);
      execFileSync('mkfifo', [file]);
      await expect(deploying.deploy(installed)).rejects.toThrow(words);
      await expect(deploying.deploy(installed, undefined, { dryRun: true })).rejects.toThrow(
        name === 'lock' ? words : 'is damaged',
      );
      rmSync(file);
    }
    // what only deploys write is made anew
    symlinkSync(join(outside, 'precious'), join(records, 'room'));
    symlinkSync(outside, join(records, 'before'));
    expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('of somebody else');
  });
});

/** Moves a part of the installed root elsewhere, and leaves a link. */
function moveOut(name: string): void {
  renameSync(join(installed.root, name), join(outside, name));
  symlinkSync(join(outside, name), join(installed.root, name));
}

describe('an installed root with parts that lie elsewhere', () => {
  it('is upgraded, and what was begun is taken back there, when its owner linked them', async () => {
    // a script that is a link takes where that leads for its root
    for (const name of ['releases', 'lib', 'bin']) moveOut(name);
    mkdirSync(join(outside, 'log'));
    symlinkSync(join(outside, 'log'), join(installed.root, 'log'));
    await installed.start();
    await killed();
    expect(existsSync(join(outside, 'lib/helloworld-0.2.0'))).toBe(true);
    expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
    expect(readFileSync(join(outside, 'bin/helloworld'), 'utf8')).toContain('REL_VSN="0.2.0"');
  });

  it('is left as it is when only some parts do, as release_handler unpacks nothing through links', async () => {
    for (const name of ['releases', 'lib']) moveOut(name);
    await installed.start();
    const before = readdirSync(join(outside, 'releases')).sort();
    const error = await failureOf(deploying.deploy(installed));
    expect(error).toMatchObject({ nodeState: 'untouched' });
    expect(String(error)).toContain(
      `${join(installed.root, 'releases')} is a link that leads out of deploy-root, and release_handler unpacks nothing through it.`,
    );
    expect(readdirSync(join(outside, 'releases')).sort()).toEqual(before);
  });

  it('is not when another user did, who is not root', async () => {
    moveOut('releases');
    await installed.start();
    lchownSync(join(installed.root, 'releases'), 12345, 12345);
    await expect(deploying.deploy(installed)).rejects.toThrow('leads out of deploy-root');
    expect(existsSync(join(outside, 'releases/helloworld-0.2.0.tar.gz'))).toBe(false);
  });

  it('is upgraded through a link to it, also one that leads elsewhere afterwards', async () => {
    const current = join(installed.folder, 'current');
    symlinkSync(installed.root, current);
    await installed.start();
    const result = await deploying.deploy(installed, undefined, { deployRoot: current });
    expect(result.nodeState).toBe('upgraded');
    rmSync(current);
    symlinkSync(outside, current);
    await expect(deploying.deploy(installed, undefined, { deployRoot: current })).rejects.toThrow(
      'is not an installed release',
    );
    expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
  });
});
