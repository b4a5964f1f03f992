import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { controlNode } from '../../src/node/control.js';
import { removedFolders, surplusReleases } from '../../src/deploy/old-releases.js';
import type { HandlerRelease } from '../../src/model/node.js';
import { stopNode } from '../../src/node/release-script.js';
import { captureOutput, Deploying } from '../support/deploying.js';
import { InstalledRelease } from '../support/running-release.js';
import { upgradedSnapshot, webManifest } from '../support/snapshot.js';

const release = (version: string, status: HandlerRelease['status']): HandlerRelease => ({
  name: 'web',
  version,
  applications: [`web-${version}`, 'kernel-10'],
  status,
});

describe('old releases', () => {
  const releases = [
    release('2', 'permanent'),
    release('1', 'old'),
    release('3', 'unpacked'),
    release('0', 'old'),
  ];

  it.each([
    [1, ['0', '1']],
    [2, ['0']],
    [3, []],
    [9, []],
  ])('of which %i are kept go, the oldest first', (keep, gone) => {
    const surplus = surplusReleases(upgradedSnapshot({ releases }), keep);
    expect(surplus.map(({ version }) => version)).toEqual(gone);
  });

  it('take with them what no other release lists', () => {
    const snapshot = upgradedSnapshot({ releases });
    expect(removedFolders(webManifest(), snapshot, '1')).toEqual(['releases/1', 'lib/web-1']);
  });

  it('stay when the running one does not list all it needs (H66)', () => {
    const [running, ...others] = releases as [HandlerRelease];
    const snapshot = upgradedSnapshot({ releases: [{ ...running, applications: ['web-2'] }, ...others] });
    expect(() => removedFolders(webManifest(), snapshot, '1')).toThrow('lacks kernel-10');
  });
});

describe('keep-releases', () => {
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

  it('removes what is too old, and the node still boots', async () => {
    const node = await installed.start();
    const result = await deploying.deploy(installed, undefined, { keepReleases: 1 });
    expect(result.record.findings).toEqual([]);
    expect(result.after.releases.map(({ version }) => version)).toEqual(['0.2.0']);
    expect(readdirSync(join(installed.root, 'lib')).filter((name) => name.startsWith('helloworld'))).toEqual([
      'helloworld-0.2.0',
    ]);
    expect(existsSync(join(installed.root, 'releases/0.1.0'))).toBe(false);
    expect(existsSync(join(installed.root, 'bin/helloworld-0.1.0'))).toBe(false);
    expect(readFileSync(join(installed.root, 'releases/RELEASES'), 'utf8')).not.toContain('0.1.0');
    await stopNode(
      controlNode({ erlang: deploying.erlang, node, privateFolder: join(deploying.folder, 'stop') }),
      node,
    );
    await installed.start();
    expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
  });

  it('keeps what the node works in, and says so; the upgrade does not depend on where that is', async () => {
    await installed.start();
    // paths in RELEASES are relative, but not to this (H72)
    await installed.ask(`file set_cwd ["${join(installed.root, 'lib/helloworld-0.1.0')}"]`);
    const result = await deploying.deploy(installed, undefined, { keepReleases: 1 });
    expect(result.nodeState).toBe('upgraded');
    expect(result.record.findings).toMatchObject([{ id: 'old-release-kept' }]);
    expect(existsSync(join(installed.root, 'lib/helloworld-0.1.0'))).toBe(true);
  });
});
