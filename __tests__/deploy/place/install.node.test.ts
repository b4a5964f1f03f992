import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { captureOutput, Deploying, failureOf } from '../../support/deploying.js';
import { journalOf } from '../../support/deploy-process.js';
import { packFull } from '../../support/full-package.js';
import { emptyRoot, Placing } from '../../support/placing.js';
import type { InstalledRelease } from '../../support/running-release.js';

let deploying: Deploying;
let placing: Placing;
let installed: InstalledRelease;
let output: () => string;

beforeAll(async () => {
  deploying = await Deploying.prepare();
  placing = new Placing(
    deploying,
    await packFull(deploying.erlang, deploying.built, { upgradeKind: 'none' }),
  );
});
afterAll(() => deploying.remove());
beforeEach(async () => {
  output = captureOutput();
  installed = await emptyRoot(deploying);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await installed.remove();
});

const greeting = () => installed.ask('helloworld helloworld');

it('installs the full package into an empty root, and starts it for good', async () => {
  const dry = await placing.deploy(installed, { dryRun: true, allowRestart: false });
  expect(dry).toMatchObject({ nodeState: 'untouched', dryRun: true, deployedVersion: '' });
  expect(readdirSync(installed.root)).toEqual([]);

  const result = await placing.deploy(installed, { allowRestart: false });
  expect(result).toMatchObject({ nodeState: 'installed', deployedVersion: '0.2.0' });
  expect(result.way).toBe('Way: install helloworld 0.2.0, because nothing is installed there.');
  expect(await greeting()).toBe('"Hello, world!"');
  expect(readFileSync(join(installed.root, 'releases/start_erl.data'), 'utf8')).toMatch(/ 0\.2\.0$/);
  expect(statSync(join(installed.root, 'bin/helloworld')).mode & 0o777).toBe(0o755);
  expect(journalOf(installed.root).map(({ step }) => step)).toEqual([
    ...['begin', 'unpack', 'start', 'started', 'end'],
  ]);
  expect(readdirSync(join(installed.root, '.relup-action')).sort()).toEqual(['journal.jsonl', 'manifests']);
  const deployed = readFileSync(join(installed.root, 'deployed.json'), 'utf8');
  expect(JSON.parse(deployed)).toMatchObject({ name: 'helloworld', version: '0.2.0' });

  const environ = readFileSync(`/proc/${result.after?.osPid ?? ''}/environ`, 'utf8');
  expect(environ).not.toMatch(/RUNNER_TRACKING_ID|GITHUB_|VITEST/);
});

it('leaves nothing of a release that does not start, and says why', async () => {
  const bad = await packFull(deploying.erlang, deploying.built, {
    change: (tree) => writeFileSync(join(tree, 'releases/0.2.0/sys.config'), '[{kernel, [{oops}]].\n'),
  });
  const error = await failureOf(placing.deploy(installed, { health: { soak: 0, timeout: 20 } }, bad));
  expect(error).toMatchObject({ nodeState: 'untouched' });
  expect(String(error)).toContain('0.2.0 does not run as it should: ');
  expect(String(error)).toContain('No node runs, as before.');
  expect(readdirSync(installed.root)).toEqual(['.relup-action']);
  expect((await placing.deploy(installed)).nodeState).toBe('installed');
});

it('takes back a release that is not healthy', async () => {
  const error = await failureOf(
    placing.deploy(installed, { health: { soak: 0, timeout: 6, check: 'echo no; false' } }),
  );
  expect(error).toMatchObject({ nodeState: 'untouched' });
  expect(readdirSync(installed.root)).toEqual(['.relup-action']);
  expect(output()).toContain('The node has stopped.');
});

it('makes the root where there is none, and refuses a package that is not the manifest’s', async () => {
  rmSync(installed.root, { recursive: true });
  const { fullPackage, manifest } = placing.full;
  const files = fullPackage.files.map((file) =>
    file.path === 'bin/nodetool' ? { ...file, sha256: '0'.repeat(64) } : file,
  );
  const error = await failureOf(
    placing.deploy(installed, {}, { fullPackage: { ...fullPackage, files }, manifest }),
  );
  expect(String(error)).toContain(
    'is not the release that its manifest describes: bin/nodetool has other content.',
  );
  expect(error).toMatchObject({ nodeState: 'untouched' });
  expect(existsSync(join(installed.root, 'bin'))).toBe(false);
  expect((await placing.deploy(installed)).nodeState).toBe('installed');
});
