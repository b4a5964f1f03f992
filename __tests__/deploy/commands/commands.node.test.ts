import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { captureOutput, Deploying, failureOf } from '../../support/deploying.js';
import { journalOf } from '../../support/deploy-process.js';
import { packFull } from '../../support/full-package.js';
import { Placing } from '../../support/placing.js';
import { InstalledRelease } from '../../support/running-release.js';

let deploying: Deploying;
let placing: Placing;
let installed: InstalledRelease;
let output: () => string;
let manager: ChildProcess | undefined;

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
  manager?.kill('SIGKILL');
  manager = undefined;
  await installed.remove();
});

const none = { before: '', after: '', start: '', stop: '' };
const greeting = () => installed.ask('helloworld helloworld');
const noted = () => readFileSync(join(installed.folder, 'noted'), 'utf8').trim().split('\n');
const note = () =>
  `echo "$RELUP_STAGE $RELUP_UP_FROM $RELUP_VERSION \${RELUP_NODE_STATE:-again-\${RELUP_AGAIN:-}}" >> '${join(installed.folder, 'noted')}'\n`;

it('runs before and after once each; an after that fails is run again, and nothing else', async () => {
  const node = await installed.start();
  const flag = join(installed.folder, 'flag');
  const commandTexts = { ...none, before: note(), after: `${note()}test -e '${flag}'` };
  const error = await failureOf(placing.deploy(installed, { commandTexts }));
  expect(error).toMatchObject({ nodeState: 'restarted' });
  expect(String(error)).toContain('The `after` command failed with exit status 1.');
  expect(String(error)).toContain('The deploy itself has come to its end: 0.2.0 runs.');
  expect(noted()).toEqual(['before 0.1.0 0.2.0 again-false', 'after 0.1.0 0.2.0 restarted']);
  expect(journalOf(installed.root).map(({ step }) => step)).toEqual([
    ...['begin', 'unpack', 'before', 'before-done', 'switch', 'stop', 'start', 'started', 'after'],
  ]);
  writeFileSync(flag, '');
  const again = await placing.deploy(installed, { commandTexts });
  expect(again.nodeState).toBe('restarted');
  expect(noted().slice(2)).toEqual(['after 0.1.0 0.2.0 restarted']);
  expect(journalOf(installed.root).at(-1)).toMatchObject({ step: 'end', nodeState: 'restarted' });
  expect(existsSync(`/proc/${node.pid}`)).toBe(false);
});

it('takes back what was unpacked when before fails, and tells after, in a hot upgrade, too', async () => {
  const before = installed.files();
  const node = await installed.start();
  const commandTexts = { ...none, before: `${note()}exit 3`, after: note() };
  const hot = await failureOf(deploying.deploy(installed, undefined, { commandTexts }));
  expect(hot).toMatchObject({ nodeState: 'untouched' });
  expect(String(hot)).toContain('The `before` command failed with exit status 3.');
  const restart = await failureOf(placing.deploy(installed, { commandTexts }));
  expect(restart).toMatchObject({ nodeState: 'untouched' });
  expect(noted()).toEqual([
    ...['before 0.1.0 0.2.0 again-false', 'after 0.1.0 0.2.0 untouched'],
    ...['before 0.1.0 0.2.0 again-false', 'after 0.1.0 0.2.0 untouched'],
  ]);
  expect(existsSync(`/proc/${node.pid}`)).toBe(true);
  expect(installed.files()).toEqual(before);
});

it('stops and starts by the commands that are given', async () => {
  await installed.start();
  const { environment, script } = installed;
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'\n`);
  const commandTexts = {
    ...none,
    stop: `${note()}${variables.join('')}'${script}' stop`,
    start: `${note()}${variables.join('')}'${script}' daemon`,
  };
  expect((await placing.deploy(installed, { commandTexts })).nodeState).toBe('restarted');
  expect(noted().map((line) => line.split(' ')[0])).toEqual(['stop', 'start']);
  expect(await greeting()).toBe('"Hello, world!"');
});

it('lets a service manager start it again, and goes back under it', async () => {
  const loop = `while true; do '${installed.script}' foreground; sleep 0.2; done`;
  manager = spawn('bash', ['-c', loop], {
    env: { ...installed.environment },
    cwd: installed.root,
    stdio: 'ignore',
    detached: true,
  });
  while ((await installed.ask('erlang is_alive').catch(() => '')) !== 'true') await setTimeout(200);
  const check = '[[ $RELUP_STAGE != health ]]';
  const sick = await failureOf(placing.deploy(installed, { health: { soak: 0, timeout: 8, check } }));
  expect(sick).toMatchObject({ nodeState: 'rebooted-into-old' });
  expect(await greeting()).toBe('"Helo, world!"');
  expect((await placing.deploy(installed)).nodeState).toBe('restarted');
  expect(output()).toContain('Somebody else started it: the service manager');
  expect(await greeting()).toBe('"Hello, world!"');
});
