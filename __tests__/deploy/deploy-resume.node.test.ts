import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DeployProgram, journalOf } from '../support/deploy-process.js';
import { captureOutput, Deploying, failureOf } from '../support/deploying.js';
import { InstalledRelease } from '../support/running-release.js';

let deploying: Deploying;
let program: DeployProgram;
let installed: InstalledRelease;
let output: () => string;

beforeAll(async () => {
  deploying = await Deploying.prepare();
  program = await DeployProgram.make(deploying.folder);
});

afterAll(() => deploying.remove());

beforeEach(async () => {
  output = captureOutput();
  installed = await InstalledRelease.install(deploying.built.oldTarball);
  await installed.start();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await installed.remove();
});

const greeting = () => installed.ask('helloworld helloworld');

describe('a deploy that was killed', () => {
  it.each([
    'begin',
    'put-package',
    'unpack',
    'configure',
    'install',
    'installed',
    'make-permanent',
    'start-script',
  ])('at the step %s is brought to its end by running it again', async (step) => {
    const killed = await program
      .start(installed.root, deploying.good)
      .signalAt(installed.root, step, 'SIGKILL');
    expect(killed.signal).toBe('SIGKILL');
    expect(await greeting()).toMatch(/^"Hel/);
    const result = await deploying.deploy(installed);
    expect(result.nodeState).toBe('upgraded');
    expect(output()).toContain('was not finished; the last step of its journal is');
    expect(await greeting()).toBe('"Hello, world!"');
    expect(journalOf(installed.root).at(-1)).toMatchObject({ step: 'end', nodeState: 'upgraded' });
    const deployed = readFileSync(join(installed.root, 'deployed.json'), 'utf8');
    expect(JSON.parse(deployed)).toMatchObject({ name: 'helloworld', version: '0.2.0' });
    const script = readFileSync(join(installed.root, 'bin/helloworld'), 'utf8');
    expect(script).toContain('REL_VSN="0.2.0"');
  });
});

describe('another package, after a deploy that was killed', () => {
  const other = () =>
    deploying.pack((tree) =>
      writeFileSync(join(tree, 'releases/0.2.0/sys.config'), '[{helloworld, [{other, true}]}].\n'),
    );

  it('before the installation is deployed; what was begun is taken back first', async () => {
    await program.start(installed.root, deploying.good).signalAt(installed.root, 'configure', 'SIGKILL');
    expect((await deploying.deploy(installed, await other())).nodeState).toBe('upgraded');
    expect(await installed.ask('application get_all_env [helloworld]')).toBe('[{other, true}]');
  });

  it('after the installation is refused, and so is a dry run, until the earlier one came to its end', async () => {
    await program.start(installed.root, deploying.good).signalAt(installed.root, 'installed', 'SIGKILL');
    const error = await failureOf(deploying.deploy(installed, await other()));
    expect(error).toMatchObject({ nodeState: 'installed-not-permanent' });
    expect(String(error)).toContain(
      'An earlier deploy of 0.2.0 was not finished, so 0.2.0 cannot be deployed yet',
    );
    const dry = await failureOf(deploying.deploy(installed, undefined, { dryRun: true }));
    expect(String(dry)).toContain('An earlier deploy of 0.2.0 to this node was not finished.');
    expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
  });
});

describe('a deploy that was cancelled', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s while it unpacks leaves the node as it was',
    async (signal) => {
      const before = installed.files();
      const { exitCode, output: said } = await program
        .start(installed.root, deploying.good)
        .signalAt(installed.root, 'unpack', signal);
      expect(said).toContain(`ended: untouched: DeployError: The deploy was cancelled (${signal}).`);
      expect(exitCode).toBe(1);
      expect(installed.files()).toEqual(before);
      expect(journalOf(installed.root).at(-1)).toMatchObject({ step: 'end', nodeState: 'untouched' });
      expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
    },
  );

  it('while it installs ends the installation, and goes on from there when it is run again', async () => {
    const { output: said } = await program
      .start(installed.root, deploying.good)
      .signalAt(installed.root, 'install', 'SIGTERM');
    expect(said).toContain(
      'ended: installed-not-permanent: DeployError: The deploy was cancelled (SIGTERM).',
    );
    expect(await greeting()).toBe('"Hello, world!"');
    const { nodeState, before } = await deploying.deploy(installed);
    expect(nodeState).toBe('upgraded');
    expect(before.releases.map(({ version, status }) => `${version} ${status}`)).toEqual([
      '0.2.0 current',
      '0.1.0 permanent',
    ]);
  });

  it('twice ends at once, and is brought to its end by running it again', async () => {
    const deploy = program.start(installed.root, deploying.good);
    const ended = deploy.signalAt(installed.root, 'unpack', 'SIGINT');
    while (!journalOf(installed.root).some(({ step }) => step === 'undo')) await setTimeout(1);
    deploy.signal('SIGTERM');
    expect((await ended).signal).toBe('SIGTERM');
    expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
  });
});
