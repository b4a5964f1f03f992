import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPackage } from '../../src/deploy/package-source.js';
import { ActionError } from '../../src/shared/errors.js';
import type { TestPackage } from '../support/helloworld-package.js';
import { temporaryFolder } from '../support/repository.js';
import { Bench } from './support/bench.js';
import { Random } from './support/options.js';
import { NEW, Packages } from './support/packages.js';
import { withNode, type ServingNode } from './support/serving-node.js';

let bench: Bench;
const packages = Packages.shared();
const folder = temporaryFolder();

beforeAll(async () => {
  bench = await Bench.prepare('Damaged and wrong packages');
});

afterAll(() => {
  bench.close();
  rmSync(folder, { recursive: true, force: true });
});

const FILES = { package: packages.upgrade(NEW), manifest: packages.manifest(NEW) };

/** Package and manifest in a folder of their own, one of them changed; whether that is refused. */
async function isRefused(name: keyof typeof FILES, change: (content: Buffer) => Buffer): Promise<boolean> {
  const dir = join(folder, 'artifact');
  mkdirSync(dir, { recursive: true });
  for (const file of Object.values(FILES)) copyFileSync(file, join(dir, basename(file)));
  const file = FILES[name];
  writeFileSync(join(dir, basename(file)), change(readFileSync(file)));
  try {
    await findPackage(dir);
    return false;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return true;
  }
}

describe('before anything on the node is changed', () => {
  it('an unchanged package is accepted', async () => {
    expect(await isRefused('package', (content) => content)).toBe(false);
  });

  it.each(['package', 'manifest'] as const)('500 flipped bits in the %s are refused, each', async (name) => {
    const random = new Random(`bits of the ${name}`);
    for (let count = 0; count < 500; count += 1) {
      const place = random.below(8 * readFileSync(FILES[name]).length);
      const flip = (content: Buffer): Buffer => {
        content.writeUInt8(content.readUInt8(place >> 3) ^ (1 << (place & 7)), place >> 3);
        return content;
      };
      expect(await isRefused(name, flip), `bit ${place}`).toBe(true);
      bench.tally.add(`one bit of the ${name} flipped`, 'refused');
    }
  });

  it.each(['package', 'manifest'] as const)('a truncated %s is refused', async (name) => {
    const random = new Random(`end of the ${name}`);
    const { length } = readFileSync(FILES[name]);
    for (const end of [0, 1, length - 1, ...Array.from({ length: 20 }, () => random.below(length))]) {
      expect(await isRefused(name, (content) => content.subarray(0, end)), `at ${end}`).toBe(true);
      bench.tally.add(`${name} truncated`, 'refused');
    }
  });
});

/** Deploys, and checks that the node stays as it is. */
async function refused(node: ServingNode, fault: string, input: TestPackage, words: RegExp): Promise<void> {
  const before = node.installed.files();
  const code = await node.code();
  const { state, output } = await bench.deploy(node, input);
  expect(state, output).toBe('none');
  expect(output).toMatch(words);
  expect(node.installed.files()).toEqual(before);
  expect(await node.code()).toEqual(code);
  bench.tally.add(fault, 'refused');
}

it('a package that is not for this node is refused, and the right one is deployed afterwards', () =>
  withNode(async (node) => {
    const good = await packages.good();
    const { manifest, upgradePackage } = good;
    const { toolchain } = manifest;
    const damaged = join(folder, 'damaged.tar.gz');
    writeFileSync(damaged, readFileSync(upgradePackage.path).subarray(0, -1));
    const wrong: [string, Partial<TestPackage['manifest']>, RegExp][] = [
      ['another release', { name: 'other' }, /other/],
      [
        'another architecture',
        { toolchain: { ...toolchain, architecture: 'pdp11-unknown-linux-gnu' } },
        /built on pdp11/,
      ],
      ['another OTP', { erts: '99.0', toolchain: { ...toolchain, otpRelease: '99' } }, /for OTP 99/],
      [
        'not an up-from version',
        { upFrom: manifest.upFrom.map((release) => ({ ...release, version: '0.9.0' })) },
        /upgrades from 0\.9\.0 only/,
      ],
    ];
    for (const [fault, changes, words] of wrong) {
      await refused(node, fault, { ...good, manifest: { ...manifest, ...changes } }, words);
    }
    const truncated = { ...upgradePackage, path: damaged };
    await refused(node, 'package truncated', { ...good, upgradePackage: truncated }, /SHA-256 differs/);
    expect(node.installed.files()).toEqual(node.before);
    expect(await bench.finish(node)).toEqual(['upgraded']);
  }));

it('another package of a version that was installed already is refused', () =>
  withNode(async (node) => {
    await bench.finish(node);
    const { manifest, upgradePackage } = await packages.good();
    const applications = manifest.applications.map((application) =>
      application.name === 'webcounter'
        ? { ...application, modules: { ...application.modules, webcounter_pages: '0'.repeat(32) } }
        : application,
    );
    const otherCode = { upgradePackage, manifest: { ...manifest, applications } };
    await refused(node, 'same version, other code', otherCode, /webcounter_pages/);
    const otherFile = await packages.changed('releases/1.1.0/sys.config', (text) => `%% changed\n${text}`);
    await refused(node, 'same version, another file', otherFile, /sys\.config/);
  }));
