// Links that lead out of deploy-root, on a node whose user is no other than the one that deploys, and is not root.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
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
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { bundle, removeRuns, runAction, type ActionRun } from '../support/action.js';
import { journalOf } from '../support/deploy-process.js';
import { failure } from '../support/failures.js';
import { installFor, startAs } from '../support/owned-release.js';
import type { InstalledRelease } from '../support/running-release.js';
import { TestUser } from '../support/test-user.js';
import { note } from './support/figures.js';
import { NEW, OLD, Packages } from './support/packages.js';
import { Tally } from './support/tally.js';

const packages = Packages.shared();
const tally = new Tally('Links out of deploy-root, for a user who is not root');
let owner: TestUser;
let installed: InstalledRelease;
/** Beside the installed root. */
let outside: string;

beforeAll(() => {
  owner = TestUser.create('node');
  cpSync(bundle, join(owner.home, 'dist'), { recursive: true });
  cpSync(process.execPath, join(owner.home, 'node'));
  cpSync(join(packages.folder, NEW), join(owner.home, 'packages'), { recursive: true });
  mkdirSync(join(owner.home, 'temp'));
  give('-R', owner.home);
});
beforeEach(async () => {
  installed = await installFor(owner, packages.full(OLD), { release: 'webcounter' });
  outside = join(installed.folder, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'precious'), 'of somebody else');
  give('-R', outside);
});
afterEach(() => installed.remove());
afterAll(() => {
  tally.print();
  owner.remove();
  removeRuns();
});

function give(...args: string[]): void {
  execFileSync('chown', ['-h', `${owner.uid}:${owner.gid}`, ...args]);
}

function link(target: string, path: string): void {
  symlinkSync(target, path);
  lchownSync(path, owner.uid, owner.gid);
}

/** As the node's user. @param killAt ends it when that is printed */
async function deploy(killAt?: string): Promise<ActionRun> {
  const run = await runAction(
    {
      workspace: owner.home,
      temp: join(owner.home, 'temp'),
      as: { ...owner, bundle: join(owner.home, 'dist'), node: join(owner.home, 'node') },
      inputs: { package: 'packages', 'deploy-root': installed.root, soak: '1s' },
      env: { HOME: owner.home },
      onOutput: (text, kill) => {
        if (killAt !== undefined && text.includes(killAt)) kill('SIGKILL');
      },
    },
    'deploy',
  );
  note({ deploy: run.outputs['node-state'] ?? 'killed' });
  return run;
}

async function upgrade(): Promise<void> {
  const run = await deploy();
  expect(run.exitCode, run.log).toBe(0);
  expect(run.outputs['node-state']).toBe('upgraded');
}

it('a forged journal that is led out by a link has nothing there removed', async () => {
  await startAs(owner, installed);
  await deploy('Unpacked');
  link(outside, join(installed.root, 'lib/trap'));
  const [begin, ...others] = journalOf(installed.root);
  if (begin?.step !== 'begin') throw new Error('No journal.');
  (begin.attempt.footprint.absent as string[]).push('lib/trap/precious');
  const lines = [begin, ...others].map((entry) => `${JSON.stringify(entry)}\n`);
  writeFileSync(join(installed.root, '.relup-action/journal.jsonl'), lines.join(''));
  const run = await deploy();
  expect(run.exitCode).toBe(1);
  expect(failure(run).message).toContain(
    'lib/trap/precious is reached through a link that leads out of deploy-root',
  );
  expect(run.outputs['node-state']).toBe('unpacked');
  expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('of somebody else');
  // what the message tells to do helps
  rmSync(join(installed.root, 'lib/trap'));
  mkdirSync(join(installed.root, 'lib/trap'));
  give(join(installed.root, 'lib/trap'));
  await upgrade();
  tally.add('a journal that is led out by a link', 'unpacked, nothing outside is touched, then upgraded');
});

function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

/** Moves a part of the installed root elsewhere, and leaves a link. */
function moveOut(name: string): void {
  renameSync(join(installed.root, name), join(outside, name));
  link(join(outside, name), join(installed.root, name));
}

it.each(['lib', 'releases', 'releases, lib'])(
  '%s elsewhere, through a link: the upgrade goes right, or is refused in a sentence',
  async (names) => {
    for (const name of names.split(', ')) moveOut(name);
    await startAs(owner, installed);
    const before = contents(outside);
    const run = await deploy();
    if (run.exitCode !== 0) {
      expect(failure(run).message).toMatch(
        /\/(lib|releases) is a link that leads out of deploy-root, and release_handler unpacks nothing through it\./,
      );
      expect(run.outputs['node-state']).toBe('untouched');
      expect(contents(outside)).toEqual(before);
    }
    tally.add(`${names} elsewhere, through a link`, run.outputs['node-state'] ?? 'none');
  },
);
