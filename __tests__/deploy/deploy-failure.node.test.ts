import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DeployOptions } from '../../src/deploy/deploy.js';
import { DeployError } from '../../src/deploy/deploy-error.js';
import type { TestPackage } from '../support/helloworld-package.js';
import { captureOutput, Deploying, editRelup, failureOf } from '../support/deploying.js';
import { InstalledRelease } from '../support/running-release.js';

let deploying: Deploying;
let installed: InstalledRelease;

beforeAll(async () => {
  deploying = await Deploying.prepare();
});

afterAll(() => deploying.remove());

beforeEach(() => {
  captureOutput();
});

afterEach(() => {
  vi.restoreAllMocks();
});

const greeting = () => installed.ask('helloworld helloworld');
const deploy = (...args: [TestPackage?, Partial<DeployOptions>?]) => deploying.deploy(installed, ...args);

it('a conversion may take longer than the 5 seconds that release_handler has for it by itself', async () => {
  const slow = await Deploying.prepare((project) => {
    const source = join(project, 'src/helloworld.erl');
    const text = readFileSync(source, 'utf8');
    writeFileSync(source, text.replace('    {ok, Calls}.', '    timer:sleep(6000),\n    {ok, Calls}.'));
  });
  installed = await InstalledRelease.install(slow.built.oldTarball);
  try {
    await installed.start();
    expect((await slow.deploy(installed)).nodeState).toBe('upgraded');
  } finally {
    await installed.remove();
    slow.remove();
  }
});

describe('an installation that goes wrong', () => {
  beforeEach(async () => {
    installed = await InstalledRelease.install(deploying.built.oldTarball);
    await installed.start();
  });

  afterEach(() => installed.remove());

  async function stateAfter(
    edit: (relup: string) => string,
    options: Partial<DeployOptions> = {},
  ): Promise<DeployError> {
    const bad = await deploying.pack(editRelup(edit));
    const error = await failureOf(deploy(bad, options));
    expect(error).toBeInstanceOf(DeployError);
    return error as DeployError;
  }

  it.each([
    // succeeds when the installation is checked, and fails when it is done
    [
      'is refused at last',
      '{apply,{ets,new,[relup_test,[named_table]]}},point_of_no_return',
      'environment-changed',
    ],
    ['crashes half-way', 'point_of_no_return,{apply,{erlang,error,[boom]}}', 'rebooted-into-old'],
  ])(
    'because it %s leaves the old release running, its files as they were',
    async (_, instructions, state) => {
      const before = installed.files();
      const error = await stateAfter((relup) => relup.replaceAll('point_of_no_return', instructions));
      expect(error.nodeState).toBe(state);
      expect(error.message).toContain('Its files are as they were.');
      expect(installed.files()).toEqual(before);
      expect(await greeting()).toBe('"Helo, world!"');
      await deploy();
      expect(await greeting()).toBe('"Hello, world!"');
    },
  );

  it('because a conversion takes too long: process and limit are named', async () => {
    const late = '{timeout,{sys,change_code,[helloworld,helloworld,"0.1.0",[]]}}';
    const error = await stateAfter((relup) =>
      relup.replace('point_of_no_return', `point_of_no_return,{apply,{erlang,exit,[${late}]}}`),
    );
    expect(error.nodeState).toBe('rebooted-into-old');
    expect(error.message).toMatch(
      /^The conversion of the process helloworld by helloworld:code_change took longer than the 120 seconds/,
    );
    expect(error.message).not.toContain('refuses');
  });

  it('answered with success although the new code was not loaded: not made permanent', async () => {
    const error = await stateAfter(
      (relup) => relup.replace(/\[\{"0\.1\.0",\[\],\n.*?\}\]\}\],/s, '[{"0.1.0",[],[]}],'),
      { onFailure: 'leave' },
    );
    expect(error.nodeState).toBe('installed-not-permanent');
    expect(error.message).toContain("modules that are not the package's: helloworld");
    expect(readFileSync(join(installed.root, 'releases/start_erl.data'), 'utf8')).toMatch(/ 0\.1\.0$/);
  });

  it('ended the node: not known, and the next start boots the old release', async () => {
    const error = await stateAfter((relup) =>
      relup.replaceAll('point_of_no_return', 'point_of_no_return,{apply,{erlang,halt,[]}}'),
    );
    expect(error.nodeState).toBe('unknown');
    expect(error.message).toMatch(
      /^The node \(process id \d+\) ended within \d+ seconds? after the installation began, and nobody started another one\.$/,
    );
    expect(error.remedy).toContain('it boots 0.1.0');
    await installed.start();
    expect(await greeting()).toBe('"Helo, world!"');
  });
});
