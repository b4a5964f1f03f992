// Nodes in surroundings that few tests have: odd names of folders and machines, other locales, records that are gone.
import { spawn } from 'node:child_process';
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { findNode } from '../../src/node/node-process.js';
import { removeRuns, type ActionRun } from '../support/action.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/repository.js';
import { InstalledRelease, removeLastFiles, type InstallOptions } from '../support/running-release.js';
import { deployStep } from './support/deploy-step.js';
import { OLD, Packages } from './support/packages.js';
import { Tally } from './support/tally.js';

const packages = Packages.shared();
const tally = new Tally('Nodes in odd surroundings');
let installed: InstalledRelease;

afterEach(() => installed.remove());
afterAll(() => {
  tally.print();
  removeRuns();
});

async function install(options: InstallOptions = {}): Promise<void> {
  installed = await InstalledRelease.install(packages.full(OLD), { release: 'webcounter', ...options });
}

const deploy = (inputs = {}, env: Record<string, string | undefined> = {}): Promise<ActionRun> =>
  deployStep(packages, { 'deploy-root': installed.root, ...inputs }, env);

/** Starts the script in namespaces of its own, after a preparation there. */
function startApart(namespace: readonly string[], prepare: string): void {
  const script = `${prepare} && exec "$0" foreground`;
  const env = { ...installed.environment, PATH: process.env['PATH'] };
  const options = { env, cwd: installed.root, stdio: 'ignore' } as const;
  installed.started(
    spawn('unshare', [...namespace, 'sh', '-c', script, installed.script], options).pid as number,
  );
}

/** Repeats a dry run until the node is up, and gives what it said. */
async function dryRun(words: RegExp): Promise<ActionRun> {
  return vi.waitFor(
    async () => {
      const run = await deploy({ 'dry-run': 'true' });
      expect(run.log).toMatch(words);
      return run;
    },
    { timeout: 60_000, interval: 500 },
  );
}

async function upgraded(inputs = {}, env: Record<string, string | undefined> = {}): Promise<void> {
  const { pid } = await findNode(installed.root);
  const run = await deploy(inputs, env);
  expect(run.outputs['node-state'], run.log).toBe('upgraded');
  expect((await findNode(installed.root)).pid).toBe(pid);
}

async function upgrade(
  fault: string,
  inputs = {},
  env: Record<string, string | undefined> = {},
): Promise<void> {
  await vi.waitFor(() => installed.ask('webcounter_listener port'), { timeout: 60_000, interval: 200 });
  await upgraded(inputs, env);
  tally.add(fault, 'upgraded');
}

describe('a deploy-root', () => {
  it.each([
    ['with spaces, parentheses and other scripts in its name', 'my app (größe, 日本)', {}],
    ['outside of ASCII, of a node without a locale', 'größe 日本', { LANG: 'C', LC_ALL: 'C' }],
  ])('%s is upgraded', async (fault, name, environment) => {
    const folder = temporaryFolder('relup odd ');
    await install({ root: join(folder, name), environment });
    installed.startInForeground();
    await upgrade(`deploy-root ${fault}`).finally(() => installed.remove());
    removeLastFiles(folder);
  });

  it('whose start script is a link to another folder is upgraded, and has its own afterwards', async () => {
    await install();
    await installed.start();
    const elsewhere = join(installed.folder, 'script');
    renameSync(installed.script, elsewhere);
    symlinkSync(elsewhere, installed.script);
    await upgrade('bin/<name> is a link');
  });

  it('that the node itself may only read is told before anything is changed', async () => {
    await install();
    const root = `'${installed.root}'`;
    // its file system is mounted in this namespace alone
    const apart = `mount --make-private "$(stat -c %m ${root})"`;
    startApart(
      ['--mount', '--propagation', 'unchanged'],
      `${apart} && mount --bind ${root} ${root} && mount -o remount,bind,ro ${root}`,
    );
    const before = installed.files();
    await dryRun(/The node's user .* cannot write to/);
    const run = await deploy();
    expect(run.outputs['node-state']).toBe('untouched');
    expect(installed.files()).toEqual(before);
    tally.add('read-only for the node alone, as by systemd', 'refused');
  });
});

it('a deploy with umask 077, without HOME and locale goes well', async () => {
  await install();
  await installed.start();
  const before = process.umask(0o077);
  try {
    await upgrade('umask 077, no HOME, LANG=C', {}, { HOME: undefined, LANG: 'C', LC_ALL: 'C' });
  } finally {
    process.umask(before);
  }
  const open = Object.entries(installed.files()).filter(([, text]) => !/^\d?[67][45][45] /.test(text));
  expect(open).toEqual([]);
});

it('a node whose machine was renamed since it was started is told of in words that fit', async () => {
  await install({ name: '-sname NAME' });
  startApart(['--uts'], 'hostname renamed-since');
  const run = await dryRun(/refuses the connection/);
  expect(failure(run).message).toMatch(
    /the cookie found for it is not the one it uses, or the machine's host name was not yet \S+ when it was started\./,
  );
  tally.add('the machine was renamed', 'refused');
});

it('a node with 200,000 processes is upgraded', async () => {
  await install({ flags: '+P 1000000\n' });
  await installed.start();
  await installed.evaluate(
    'register(many, spawn(fun() -> [spawn_link(fun() -> receive stop -> ok end end) || _ <- lists:seq(1, 200000)], receive stop -> ok end end))',
  );
  await upgrade('200,000 processes');
});

it('records of release_handler that are gone are written again, or what writes them is told', async () => {
  await install();
  await installed.start();
  const records = join(installed.root, 'releases/RELEASES');
  rmSync(records);
  await upgrade('RELEASES is gone before');
  rmSync(records);
  const run = await deploy();
  expect(failure(run).message).toContain('releases/RELEASES is missing or damaged.');
  const [, call = ''] = /have it written: (release_handler:.*\))\. Then/.exec(run.log) ?? [];
  expect(await installed.evaluate(call)).toBe('{ok, ok}');
  await upgraded();
  tally.add('RELEASES is gone after it was made permanent', 'installed-not-permanent, then upgraded');
});
