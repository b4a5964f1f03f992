import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeployOptions } from '../../src/deploy/deploy.js';
import { NodeRefusedError } from '../../src/shared/errors.js';
import { sha256, type TestPackage } from '../support/helloworld-package.js';
import { captureOutput, Deploying, failureOf } from '../support/deploying.js';
import { InstalledRelease } from '../support/running-release.js';
import { smallDisk } from '../support/small-disk.js';

let deploying: Deploying;
let installed: InstalledRelease;
let before: Record<string, string>;
let output: () => string;

beforeAll(async () => {
  deploying = await Deploying.prepare();
  installed = await InstalledRelease.install(deploying.built.oldTarball);
  await installed.start();
  before = installed.files();
});

afterAll(async () => {
  await installed.remove();
  deploying.remove();
});

beforeEach(() => {
  output = captureOutput();
});

afterEach(() => {
  vi.restoreAllMocks();
});

const dryRun = (input?: TestPackage, options: Partial<DeployOptions> = {}) =>
  deploying.deploy(installed, input, { dryRun: true, ...options });

async function refused(work: Promise<unknown>): Promise<NodeRefusedError> {
  const error = await failureOf(work);
  expect(error).toBeInstanceOf(NodeRefusedError);
  expect(installed.files()).toEqual(before);
  return error as NodeRefusedError;
}

/** The good package, whose relup waits for other nodes. */
function syncing(nodes: string): TestPackage {
  const scripts = [{ version: '0.1.0', instructions: ['point_of_no_return', `{sync_nodes,all,${nodes}}`] }];
  const manifest = { ...deploying.good.manifest, relup: { up: scripts, down: scripts } };
  return { ...deploying.good, manifest };
}

describe('a dry run', () => {
  afterEach(() => {
    expect(existsSync(join(installed.root, '.relup-action'))).toBe(false);
    expect(installed.files()).toEqual(before);
  });

  it('says that the node can be upgraded, and changes nothing', async () => {
    const result = await dryRun();
    expect(result).toMatchObject({
      nodeState: 'untouched',
      deployedVersion: '0.1.0',
      record: { journal: [] },
    });
    expect(output()).toContain('The node can be upgraded from 0.1.0 to 0.2.0.');
  });

  it('tells every obstacle at once', async () => {
    const inTheWay = join(installed.root, 'lib/helloworld-0.2.0');
    mkdirSync(inTheWay);
    writeFileSync(join(inTheWay, 'ebin'), '');
    await installed.ask('sys suspend [helloworld_sup]');
    const toolchain = { otpRelease: '99', architecture: 'riscv64-unknown-linux-gnu' };
    const relup = { up: [], down: [] };
    const error = await failureOf(
      dryRun({ ...deploying.good, manifest: { ...deploying.good.manifest, toolchain, relup } }),
    );
    await installed.ask('sys resume [helloworld_sup]');
    rmSync(inTheWay, { recursive: true });
    expect(String(error)).toContain('The node cannot be upgraded, for 5 reasons: ');
    expect(String(error)).toContain('the package is for OTP 99');
    expect(String(error)).toContain('the package was built on riscv64-unknown-linux-gnu.');
    expect(String(error)).toContain('holds files with other content');
    expect(String(error)).toContain('The relup of 0.2.0 has no way back to 0.1.0');
    expect(String(error)).toContain('helloworld (helloworld is suspended)');
    expect((error as NodeRefusedError).remedy?.split('\n').length).toBe(5);
  });

  it.each([
    ["['there@elsewhere']", 'The upgrade waits for there@elsewhere to be upgraded at the same time'],
    ['{helloworld,not_there,[]}', 'The upgrade waits for nodes that are not known yet'],
  ])(
    'refuses an upgrade that would wait for other nodes for ever: sync_nodes %s',
    async (nodes, sentence) => {
      const error = await refused(dryRun(syncing(nodes)));
      expect(error.message).toContain(sentence);
    },
  );

  it('does not refuse one that waits for nobody', async () => {
    expect(await dryRun(syncing('{erlang,nodes,[]}'))).toMatchObject({ nodeState: 'untouched' });
  });
});

describe('a package that', () => {
  /** The good package with other members; its digest is right. */
  function repacked(change: (tree: string) => string[]): TestPackage {
    const dir = mkdtempSync(join(deploying.folder, 'repacked-'));
    const tree = join(dir, 'tree');
    mkdirSync(tree);
    const { upgradePackage } = deploying.good;
    execFileSync('tar', ['-xzf', upgradePackage.path, '-C', tree]);
    const path = join(dir, 'package.tar.gz');
    execFileSync('tar', ['-czPf', path, '-C', tree, ...change(tree)]);
    return {
      ...deploying.good,
      upgradePackage: { ...upgradePackage, path, sha256: sha256(readFileSync(path)) },
    };
  }

  it.each<[string, (tree: string) => string[], string]>([
    [
      'leads out of the root',
      (tree) => (writeFileSync(join(tree, '../evil'), ''), ['lib', 'releases', 'bin', '../evil']),
      'holds ../evil, whose path leads out of the folder',
    ],
    [
      'holds an absolute path',
      (tree) => ['lib', 'releases', 'bin', join(tree, 'bin/helloworld-0.2.0')],
      'whose path leads out of the folder',
    ],
    [
      'holds a device',
      (tree) => (execFileSync('mknod', [join(tree, 'lib/null'), 'c', '1', '3']), ['lib', 'releases', 'bin']),
      'holds lib/null, which is not a file, folder or symbolic link',
    ],
    [
      'holds a file that the manifest does not list',
      (tree) => (writeFileSync(join(tree, 'lib/more'), ''), ['lib', 'releases', 'bin']),
      'lib/more is not listed',
    ],
    [
      'lacks a file that the manifest lists',
      () => ['--exclude=helloworld.app', 'lib', 'releases', 'bin'],
      'is missing',
    ],
    [
      'has another layout',
      (tree) => (
        cpSync(join(tree, 'bin'), join(tree, 'etc'), { recursive: true }),
        ['lib', 'releases', 'bin', 'etc']
      ),
      'etc lies outside of it',
    ],
  ])('%s is refused before anything is done with it', async (_, change, message) => {
    const error = await refused(deploying.deploy(installed, repacked(change)));
    expect(error.message).toContain(message);
  });
});

describe('a node that', () => {
  it('has a supervisor that does not answer is not upgraded (H76)', async () => {
    await installed.ask('sys suspend [helloworld_sup]');
    const error = await refused(deploying.deploy(installed));
    await installed.ask('sys resume [helloworld_sup]');
    expect(error.message).toBe(
      'release_handler could not walk the supervision trees of helloworld (helloworld is suspended).',
    );
  });

  it('could not go back is upgraded only with on-failure: leave (H85)', async () => {
    const bad = { ...deploying.good, manifest: { ...deploying.good.manifest, relup: { up: [], down: [] } } };
    const error = await refused(deploying.deploy(installed, bad));
    expect(error.message).toContain('The relup of 0.2.0 has no way back to 0.1.0');
    await dryRun(bad, { onFailure: 'leave' });
  });
});

describe('a disk that', () => {
  async function onDisk(
    options: string,
    then: (mounted: InstalledRelease, fill: (left: number) => void) => Promise<void>,
  ) {
    const disk = smallDisk(options);
    const release = await InstalledRelease.install(deploying.built.oldTarball, { root: disk.dir });
    try {
      await release.start();
      await then(release, (left) => disk.fill(left));
    } finally {
      await release.remove();
      disk.remove();
    }
  }

  it('is full is told of before anything is done (H67)', async () => {
    await onDisk('size=200m', async (release, fill) => {
      fill(5_000_000);
      const files = release.files();
      const error = await failureOf(deploying.deploy(release));
      expect(String(error)).toMatch(/\/lib has 4 MiB free, but the upgrade needs \d+ MiB\./);
      expect(release.files()).toEqual(files);
    });
  });

  it('cannot be written to is told of before anything is done (H67)', async () => {
    await onDisk('size=200m', async (release) => {
      execFileSync('mount', ['-o', 'remount,ro', release.root]);
      const dry = await failureOf(deploying.deploy(release, undefined, { dryRun: true }));
      expect(String(dry)).toMatch(/The node's user \(id \d+\) cannot write to .*\/releases/);
      expect(String(await failureOf(deploying.deploy(release)))).toContain(
        `${release.root} cannot be written to: EROFS`,
      );
      execFileSync('mount', ['-o', 'remount,rw', release.root]);
    });
  });
});

describe('a version that was installed once', () => {
  it('is not replaced by a package of the same version with other files (H63)', async () => {
    await deploying.deploy(installed);
    const files = installed.files();
    const other = await deploying.pack((tree) =>
      writeFileSync(join(tree, 'releases/0.2.0/sys.config'), '[{helloworld, [{other, true}]}].\n'),
    );
    const error = await failureOf(deploying.deploy(installed, other));
    expect(String(error)).toContain(
      'The node has a release 0.2.0 already, but from another package: releases/0.2.0/sys.config differ.',
    );
    expect(installed.files()).toEqual(files);
  });
});
