import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeployProgram, journalOf } from '../../support/deploy-process.js';
import { captureOutput, Deploying } from '../../support/deploying.js';
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

async function killedAt(step: string): Promise<void> {
  const process = program.start(installed.root, full as never, {
    allowRestart: true,
    serviceEnvironment: installed.environment,
    commandTexts: commandTexts(),
  });
  expect((await process.signalAt(installed.root, step, 'SIGKILL')).signal).toBe('SIGKILL');
}

async function again(goal: string): Promise<void> {
  const placing = new Placing(deploying, full);
  const result = await placing.deploy(installed, { commandTexts: commandTexts() });
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
      await killedAt(step);
      await again('restarted');
    },
  );
});

describe('an installation that was killed', () => {
  it.each(['begin', 'unpack', 'start', 'started'])(
    'at the step %s is brought to its end by running it again',
    async (step) => {
      installed = await emptyRoot(deploying);
      await killedAt(step);
      await again('installed');
    },
  );
});
