import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { DeployResult } from '../../../src/model/deploy.js';
import { deployVersion, type VersionOptions } from '../../../src/deploy/versions/deploy-version.js';
import { captureOutput, Deploying, failureOf } from '../../support/deploying.js';
import { journalOf } from '../../support/deploy-process.js';
import { InstalledRelease } from '../../support/running-release.js';

let deploying: Deploying;
let installed: InstalledRelease;

beforeAll(async () => {
  deploying = await Deploying.prepare();
});
afterAll(() => deploying.remove());
beforeEach(async () => {
  captureOutput();
  installed = await InstalledRelease.install(deploying.built.oldTarball);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await installed.remove();
});

const greeting = () => installed.ask('helloworld helloworld');

function take(version: string, options: Partial<VersionOptions> = {}): Promise<DeployResult> {
  return deployVersion({
    deployRoot: installed.root,
    privateFolder: mkdtempSync(join(deploying.folder, 'private-')),
    serviceEnvironment: installed.environment,
    health: { soak: 0, timeout: 60 },
    version,
    ...options,
  });
}

it('goes back hot by the relup of what runs, and forth again by a restart where that is allowed', async () => {
  const node = await installed.start();
  const { manifest } = deploying.good;
  const scripts = [{ version: '0.1.0', instructions: [] }];
  const known = { ...manifest, relup: { up: scripts, down: scripts } };
  await deploying.deploy(installed, { ...deploying.good, manifest: known });
  expect(await greeting()).toBe('"Hello, world!"');

  const other = await take('previous', { manifest: { ...known, version: '0.3.0' } });
  expect(other).toMatchObject({ nodeState: 'untouched', deployedVersion: '0.2.0' });
  const back = await take('previous', { manifest: known });
  expect(back).toMatchObject({ nodeState: 'downgraded', deployedVersion: '0.1.0' });
  expect(back.after?.osPid).toBe(String(node.pid));
  expect(await greeting()).toBe('"Helo, world!"');
  expect(journalOf(installed.root).at(-1)).toMatchObject({ step: 'end', nodeState: 'downgraded' });
  expect((await take('previous')).nodeState).toBe('untouched');

  const refused = await failureOf(take('0.2.0'));
  expect(String(refused)).toContain('There is no hot way from 0.1.0 to 0.2.0');
  expect(String(await failureOf(take('9.9.9')))).toContain('The release 9.9.9 is not installed in');
  const forth = await take('0.2.0', { allowRestart: true });
  expect(forth).toMatchObject({ nodeState: 'downgraded', deployedVersion: '0.2.0' });
  expect(forth.after?.osPid).not.toBe(String(node.pid));
  expect(await greeting()).toBe('"Hello, world!"');
});
