import { randomInt } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manifestOf, type Manifest } from '../../src/model/manifest.js';
import { writeManifest } from '../../src/package/write-manifest.js';
import { findPackage } from '../../src/deploy/package-source.js';
import { ActionError } from '../../src/shared/errors.js';
import { sha256 } from '../../src/shared/sha256.js';
import { application, builtRelease } from '../support/releases.js';
import { temporaryFolder } from '../support/repository.js';

const PACKAGE = 'hello-1.1.0.upgrade.tar.gz';
const MANIFEST = 'hello-1.1.0.manifest.json';

let base: string;
let folder: string;
beforeAll(() => {
  base = temporaryFolder();
});
beforeEach(async () => {
  folder = join(base, 'packages');
  rmSync(folder, { recursive: true, force: true });
  cpSync(await written(), folder, { recursive: true });
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Packages (any bytes do) and their manifest; `change` makes it another one, which is written as ours is. */
async function written(change: (manifest: Manifest) => object = (manifest) => manifest): Promise<string> {
  const dir = join(base, 'written');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir);
  const one = (kind: 'full' | 'upgrade', file: string) => {
    const text = `${kind} ${'x'.repeat(3000)}`;
    writeFileSync(join(dir, file), text);
    return {
      kind,
      path: join(dir, file),
      size: text.length,
      sha256: sha256(text),
      files: [{ path: 'lib/a', size: 1, sha256: '' }],
    };
  };
  const manifest = manifestOf({
    release: builtRelease('1.1.0', [application('hello', '1.1.0', { hello: 'b'.repeat(32) })]),
    keeps: {},
    selfMade: [],
    ref: 'v1.1.0',
    commit: 'c'.repeat(40),
    projectPath: '',
    toolchain: {
      otpRelease: '27',
      otpVersion: '27.3',
      erts: '15.2',
      architecture: 'x86_64',
      rebar3: '3.24.0',
      libc: 'glibc 2.41',
    },
    upgradeKind: 'hot',
    verdict: 'hot',
    upFrom: [builtRelease('1.0.0', [application('hello', '1.0.0', { hello: 'a'.repeat(32) })])],
    appups: [],
    full: one('full', 'hello-1.1.0.tar.gz') as never,
    upgrade: one('upgrade', PACKAGE) as never,
    findings: [],
  });
  // Its own name may lead elsewhere: it is put under a plain one.
  const inside = join(dir, 'x/y/z');
  mkdirSync(inside, { recursive: true });
  renameSync(await writeManifest(inside, change(manifest) as Manifest), join(dir, MANIFEST));
  rmSync(join(dir, 'x'), { recursive: true });
  return dir;
}

async function refusal(path = folder): Promise<string> {
  const error: unknown = await findPackage(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ActionError);
  expect((error as ActionError).remedy).toBeTruthy();
  return (error as ActionError).message;
}

it('finds the packages by folder and by name, with or without the full one', async () => {
  const found = { upgradePath: join(folder, PACKAGE), manifestPath: join(folder, MANIFEST) };
  const fullPath = join(folder, 'hello-1.1.0.tar.gz');
  expect(await findPackage(folder)).toMatchObject({
    ...{ ...found, fullPath },
    manifest: { name: 'hello', version: '1.1.0' },
  });
  rmSync(join(folder, 'hello-1.1.0.tar.gz'));
  expect(await findPackage(join(folder, PACKAGE))).toMatchObject({ ...found, fullPath: undefined });
});

describe('refuses', () => {
  it('what is not there', async () => {
    expect(await refusal(join(base, 'none'))).toContain('The input `package` is');
    expect(await refusal(join(folder, MANIFEST))).toContain('does not end in .tar.gz');
    rmSync(join(folder, PACKAGE));
    expect(await refusal()).toBe(
      `The package ${join(folder, PACKAGE)}, which the manifest names, is missing.`,
    );
    rmSync(join(folder, MANIFEST));
    expect(await refusal()).toBe(`${folder} holds no manifest (<name>-<version>.manifest.json).`);
  });

  it('a choice of two', async () => {
    cpSync(join(folder, MANIFEST), join(folder, 'hello-1.2.0.manifest.json'));
    expect(await refusal()).toBe(
      `${folder} holds several manifests: ${MANIFEST}, hello-1.2.0.manifest.json.`,
    );
  });

  it('a truncated package, and one of another size', async () => {
    const good = readFileSync(join(folder, PACKAGE));
    for (const bad of [good.subarray(0, -1), Buffer.concat([good, good]), Buffer.alloc(0)]) {
      writeFileSync(join(folder, PACKAGE), bad);
      expect(await refusal()).toMatch(/was changed or damaged: it is not the one of the manifest\.$/);
    }
  });

  it('a full package that is another one', async () => {
    writeFileSync(join(folder, 'hello-1.1.0.tar.gz'), 'other');
    expect(await refusal()).toMatch(/hello-1\.1\.0\.tar\.gz was changed or damaged/);
  });

  it.each([PACKAGE, MANIFEST])('any flipped bit in %s', async (file) => {
    const path = join(folder, file);
    const good = readFileSync(path);
    for (let count = 0; count < 500; count += 1) {
      const bad = Buffer.from(good);
      const position = randomInt(bad.length);
      const bit = 1 << randomInt(8);
      bad[position] = (bad[position] as number) ^ bit;
      writeFileSync(path, bad);
      const message = await refusal();
      expect(message, `bit ${bit} of byte ${position}`).toMatch(
        /was changed or damaged|cannot be read|written by another version/,
      );
    }
  });

  it.each<[string, (manifest: Manifest) => object]>([
    ['a name', (manifest) => ({ ...manifest, name: '../hello' })],
    ['a version', (manifest) => ({ ...manifest, version: '..' })],
    [
      'a package',
      ({ packages, ...rest }) => ({
        ...rest,
        packages: { ...packages, upgrade: { ...packages.upgrade, file: '../x' } },
      }),
    ],
    [
      'a file',
      ({ packages, ...rest }) => ({
        ...rest,
        packages: {
          ...packages,
          full: { ...packages.full, files: [{ path: 'lib/../../x', size: 1, sha256: '' }] },
        },
      }),
    ],
  ])('an undamaged manifest in which %s leads elsewhere', async (_what, change) => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(await written(change), folder, { recursive: true });
    expect(await refusal()).toMatch(/names files or versions that lead out of their folder\.$/);
  });
});

it('finds what nodes must be restarted for, or what is only to be installed: whether that may be is asked at the node', async () => {
  rmSync(folder, { recursive: true, force: true });
  const made = await written(({ packages: { full }, ...rest }) => ({
    ...rest,
    upgradeKind: 'none',
    verdict: 'none',
    packages: { full },
  }));
  cpSync(made, folder, { recursive: true });
  const fullPath = join(folder, 'hello-1.1.0.tar.gz');
  expect(await findPackage(fullPath)).toMatchObject({ upgradePath: undefined, fullPath });
  rmSync(fullPath);
  expect(await refusal()).toContain('which the manifest names, is missing.');
});
