import type { Package } from '../../src/model/package.js';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackages } from '../../src/package/package.js';
import { temporaryFolder } from '../support/repository.js';
import { buildHelloworld, type Helloworld } from './helloworld.js';
import { Installation } from './installation.js';
import { sharedErlang } from '../support/shared-erlang.js';

let dir: string;
let world: Helloworld;
let packages: Record<'full' | 'upgrade', Package>;

beforeAll(async () => {
  dir = temporaryFolder();
  world = await buildHelloworld(dir, await sharedErlang(dir));
  const { release, upFrom } = world;
  const folder = join(dir, 'out');
  const made = await makePackages({
    tree: release.root,
    release,
    upFrom: [upFrom],
    makeUpgrade: true,
    folder,
    mtime: 1_700_000_000,
  });
  packages = made as Record<'full' | 'upgrade', Package>;
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs a test on a running 0.1.0 that was asked once and has the package in its releases folder. */
async function onRunning010(kind: 'full' | 'upgrade', test: (node: Installation) => void | Promise<void>) {
  const node = await Installation.start(join(dir, `root-${kind}`), world.upFrom.tarball, '0.1.0');
  try {
    expect(node.call('helloworld:helloworld')).toBe('"Helo, world!"');
    node.receive(packages[kind].path, '0.2.0');
    await test(node);
  } finally {
    await node.remove();
  }
}

function expectUpgraded(node: Installation): void {
  expect(node.call('helloworld:helloworld')).toBe('"Hello, world!"');
  expect(node.call('helloworld:calls')).toBe('2');
}

describe.each(['full', 'upgrade'] as const)('the %s package', (kind) => {
  it("installs with relx's script, and the new release boots from it", async () => {
    await onRunning010(kind, async (node) => {
      expect(node.script('upgrade', '0.2.0')).toContain('Made release permanent: "0.2.0"');
      expectUpgraded(node);
      expect(node.read('bin/helloworld')).toBe(node.read('bin/helloworld-0.2.0'));
      await node.halt();
      await node.boot('0.2.0');
      expect(node.call('helloworld:helloworld')).toBe('"Hello, world!"');
      expect(node.call('helloworld:calls')).toBe('1');
    });
  });

  it("installs with plain release_handler under the package's own name, and leaves its records alone", async () => {
    await onRunning010(kind, (node) => {
      const records = node.read('releases/start_erl.data');
      expect(node.call('release_handler:unpack_release', '"helloworld-0.2.0"')).toBe('{ok,"0.2.0"}');
      expect(node.read('releases/start_erl.data')).toBe(records);
      expect(node.call('release_handler:which_releases', 'permanent')).toMatch(/^\[\{"helloworld","0.1.0",/);
      expect(node.call('release_handler:install_release', '"0.2.0"')).toMatch(/^\{ok,"0.1.0",/);
      expectUpgraded(node);
      expect(node.call('release_handler:make_permanent', '"0.2.0"')).toBe('ok');
      expect(node.read('releases/start_erl.data')).toBe(records.replace('0.1.0', '0.2.0'));
      expect(node.call('release_handler:which_releases', 'old')).toMatch(/^\[\{"helloworld","0.1.0",/);
    });
  });
});
