import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { captureOutput, Deploying, failureOf, useTemplate } from '../../support/deploying.js';
import { journalOf } from '../../support/deploy-process.js';
import { packFull } from '../../support/full-package.js';
import { Placing } from '../../support/placing.js';
import { InstalledRelease } from '../../support/running-release.js';

let deploying: Deploying;
let placing: Placing;
let installed: InstalledRelease;
let output: () => string;

beforeAll(async () => {
  deploying = await Deploying.prepare();
  placing = new Placing(deploying, await packFull(deploying.erlang, deploying.built));
});
afterAll(() => deploying.remove());
beforeEach(async () => {
  output = captureOutput();
  installed = await InstalledRelease.install(deploying.built.oldTarball);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await installed.remove();
});

const greeting = () => installed.ask('helloworld helloworld');
const steps = () => journalOf(installed.root).map(({ step }) => step);

it('restarts a node that runs into the new release, and release_handler finds it as after make_permanent', async () => {
  const node = await installed.start();
  const refused = await failureOf(placing.deploy(installed, { allowRestart: false }));
  expect(String(refused)).toContain('is not a hot upgrade: its upgrade kind is restart.');
  const dry = await placing.deploy(installed, { dryRun: true });
  expect(dry.way).toBe('Way: restart into helloworld 0.2.0, because its upgrade kind is restart.');
  expect(dry.deployedVersion).toBe('0.1.0');
  expect(readdirSync(join(installed.root, 'releases')).sort()).toEqual([
    '0.1.0',
    'RELEASES',
    'helloworld.rel',
    'start_erl.data',
  ]);

  const result = await placing.deploy(installed);
  expect(result).toMatchObject({ nodeState: 'restarted', deployedVersion: '0.2.0' });
  expect(await greeting()).toBe('"Hello, world!"');
  expect(result.before?.osPid).toBe(String(node.pid));
  expect(result.after?.osPid).not.toBe(String(node.pid));
  expect(result.after?.releases.map(({ version, status }) => `${version} ${status}`)).toEqual([
    '0.2.0 permanent',
    '0.1.0 old',
  ]);
  expect(steps()).toEqual(['begin', 'unpack', 'switch', 'stop', 'start', 'started', 'end']);
  expect(readFileSync(join(installed.root, 'bin/helloworld'), 'utf8')).toContain('REL_VSN="0.2.0"');
  expect(readdirSync(join(installed.root, '.relup-action')).sort()).toEqual(['journal.jsonl', 'manifests']);

  const again = await placing.deploy(installed);
  expect(again.nodeState).toBe('upgraded');
  expect(again.after?.osPid).toBe(result.after?.osPid);
});

it('starts what is installed when no node runs, and refuses that without leave', async () => {
  const refused = await failureOf(placing.deploy(installed, { allowRestart: false }));
  expect(String(refused)).toContain('No node runs from');
  const { nodeState, way } = await placing.deploy(installed);
  expect(nodeState).toBe('restarted');
  expect(way).toContain('because no node runs from what is installed.');
  expect(await greeting()).toBe('"Hello, world!"');
});

it('goes back when the new release is not healthy, and every file is as it was', async () => {
  const before = installed.files();
  await installed.start();
  const check = 'echo "stage $RELUP_STAGE runs $RELUP_RUNNING"; [[ $RELUP_STAGE != health ]]';
  const error = await failureOf(placing.deploy(installed, { health: { soak: 0, timeout: 6, check } }));
  expect(error).toMatchObject({ nodeState: 'rebooted-into-old' });
  expect(String(error)).toContain('The node was started anew with 0.1.0, which runs again.');
  expect(output()).toContain('stage after-downgrade runs 0.1.0');
  expect(await greeting()).toBe('"Helo, world!"');
  expect(installed.files()).toEqual(before);
  expect(steps().slice(-3)).toEqual(['back', 'start-old', 'end']);
  expect((await placing.deploy(installed)).nodeState).toBe('restarted');
});

it('goes back from a release that does not boot; with on-failure: leave it stays', async () => {
  await installed.start();
  const bad = await packFull(deploying.erlang, deploying.built, {
    change: (tree) => writeFileSync(join(tree, 'releases/0.2.0/sys.config'), '[{kernel, [{oops}]].\n'),
  });
  const options = { health: { soak: 0, timeout: 30 } };
  const error = await failureOf(placing.deploy(installed, options, bad));
  expect(error).toMatchObject({ nodeState: 'rebooted-into-old' });
  expect(await greeting()).toBe('"Helo, world!"');
  const left = await failureOf(placing.deploy(installed, { ...options, onFailure: 'leave' }, bad));
  expect(left).toMatchObject({ nodeState: 'restarted' });
  expect(steps().at(-1)).toBe('start');
});

it('fills in templates from the environment of the node that it stopped', async () => {
  installed = await InstalledRelease.install(deploying.built.oldTarball, {
    environment: { DB_HOST: 'db.example' },
  });
  await installed.start();
  const { VMARGS_PATH = '', PIPE_DIR = '', RUNNER_LOG_DIR = '' } = installed.environment;
  const template = await packFull(deploying.erlang, deploying.built, { change: useTemplate });
  const serviceEnvironment = { VMARGS_PATH, PIPE_DIR, RUNNER_LOG_DIR };
  expect((await placing.deploy(installed, { serviceEnvironment }, template)).nodeState).toBe('restarted');
  expect(await installed.ask('application get_all_env [helloworld]')).toBe(
    '[{host, "db.example"}, {version, "0.2.0"}]',
  );
});

it('refuses files with other content in the way, whatever may be restarted', async () => {
  await installed.start();
  const other = await packFull(deploying.erlang, deploying.built, {
    change: (tree) => {
      rmSync(join(tree, 'lib/helloworld-0.2.0/ebin/helloworld.app'));
      writeFileSync(join(tree, 'lib/helloworld-0.2.0/ebin/helloworld.app'), '% other\n');
    },
  });
  await placing.deploy(installed);
  const error = await failureOf(
    placing.deploy(installed, {}, { ...other, manifest: { ...other.manifest, version: '0.2.0' } }),
  );
  expect(String(error)).toContain('The node has a release 0.2.0 already, but from another package');
});
