import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeployProgram, journalOf } from '../../support/deploy-process.js';
import { captureOutput, Deploying, failureOf } from '../../support/deploying.js';
import { packFull, type FullPackage } from '../../support/full-package.js';
import { emptyRoot, Placing } from '../../support/placing.js';
import { InstalledRelease } from '../../support/running-release.js';

let deploying: Deploying;
let program: DeployProgram;
let full: FullPackage;
let installed: InstalledRelease;

beforeAll(async () => {
  deploying = await Deploying.prepare();
  program = await DeployProgram.make(deploying.folder);
  full = await packFull(deploying.erlang, deploying.built);
});
afterAll(() => deploying.remove());
beforeEach(() => void captureOutput());
afterEach(async () => {
  vi.restoreAllMocks();
  await installed.remove();
});

const commandTexts = () => ({
  ...{ after: '', start: '', stop: '' },
  before: `echo "$RELUP_AGAIN" >> '${join(installed.folder, 'noted')}'; sleep 1`,
});

async function killedAt(step: string, allowRestart: boolean): Promise<void> {
  const process = program.start(installed.root, full as never, {
    allowRestart,
    serviceEnvironment: installed.environment,
    commandTexts: commandTexts(),
  });
  expect((await process.signalAt(installed.root, step, 'SIGKILL')).signal).toBe('SIGKILL');
}

async function again(goal: string): Promise<void> {
  const placing = new Placing(deploying, full);
  const options = { commandTexts: commandTexts(), allowRestart: goal === 'restarted' };
  const result = await placing.deploy(installed, options);
  expect(result.nodeState).toBe(goal);
  expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
  expect(journalOf(installed.root).at(-1)).toMatchObject({ step: 'end', nodeState: goal });
  expect(readdirSync(join(installed.root, '.relup-action'))).not.toContain('unpacked');
}

describe('a restart that was killed', () => {
  it.each(['begin', 'unpack', 'before', 'before-done', 'switch', 'stop', 'start', 'started'])(
    'at the step %s is brought to its end by running it again',
    async (step) => {
      installed = await InstalledRelease.install(deploying.built.oldTarball);
      await installed.start();
      await killedAt(step, true);
      await again('restarted');
    },
  );
});

describe('an installation that was killed', () => {
  it.each(['begin', 'unpack', 'start', 'started'])(
    'at the step %s is brought to its end by running it again',
    async (step) => {
      installed = await emptyRoot(deploying);
      await killedAt(step, false);
      await again('installed');
    },
  );
});

describe('a restart into a release that is not healthy', () => {
  const health = { soak: 0, timeout: 5, check: '[[ $RELUP_STAGE != health ]]' };

  it.each(['back', 'start-old'])(
    'that was killed at the step %s on its way back goes on with that',
    async (step) => {
      installed = await InstalledRelease.install(deploying.built.oldTarball);
      const before = installed.files();
      await installed.start();
      const options = { allowRestart: true, serviceEnvironment: installed.environment, health };
      const killed = await program
        .start(installed.root, full as never, options)
        .signalAt(installed.root, step, 'SIGKILL');
      expect(killed.signal).toBe('SIGKILL');
      const error = await failureOf(new Placing(deploying, full).deploy(installed, { health }));
      expect(error).toMatchObject({ nodeState: 'rebooted-into-old' });
      expect(await installed.ask('helloworld helloworld')).toBe('"Helo, world!"');
      expect(installed.files()).toEqual(before);
      expect(journalOf(installed.root).at(-1)).toMatchObject({ step: 'end', nodeState: 'rebooted-into-old' });
    },
  );

  it('whose node is killed meanwhile goes back, too', async () => {
    installed = await InstalledRelease.install(deploying.built.oldTarball);
    await installed.start();
    const kill = { soak: 0, timeout: 30, check: '[[ $RELUP_STAGE != health ]] || kill -9 $RELUP_PID' };
    const error = await failureOf(new Placing(deploying, full).deploy(installed, { health: kill }));
    expect(error).toMatchObject({ nodeState: 'rebooted-into-old' });
    expect(await installed.ask('helloworld helloworld')).toBe('"Helo, world!"');
  });
});
