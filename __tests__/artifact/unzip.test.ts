import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unzipPackages } from '../../src/artifact/unzip.js';
import { temporaryFolder } from '../support/repository.js';
import { storedZip } from '../support/zip.js';

let dir: string;
let folder: string;
beforeEach(() => {
  dir = temporaryFolder();
  folder = join(dir, 'inside');
  mkdirSync(folder);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function unzip(entries: readonly (readonly [string, string])[], maxBytes?: number): Promise<void> {
  const zip = join(dir, 'a.zip');
  writeFileSync(zip, storedZip(entries));
  return unzipPackages(zip, folder, maxBytes);
}

it('takes plain files', async () => {
  await unzip([
    ['app-1.0.0.upgrade.tar.gz', 'package'],
    ['appups/app.appup.src', 'for people'],
    ['app-1.0.0.manifest.json', '{}'],
  ]);
  expect(readdirSync(folder)).toEqual(['app-1.0.0.manifest.json', 'app-1.0.0.upgrade.tar.gz']);
  expect(readFileSync(join(folder, 'app-1.0.0.upgrade.tar.gz'), 'utf8')).toBe('package');
});

describe('refuses', () => {
  it.each([
    '../outside',
    '/tmp/outside',
    'a/b',
    'appups/../b',
    'appups/a/b',
    'a\\..\\..\\outside',
    '..',
    '.',
    'folder/',
    '-option',
    '.hidden',
    'a\nb',
    'é',
  ])('a member called %j', async (name) => {
    await expect(
      unzip([
        ['good', 'x'],
        [name, 'y'],
      ]),
    ).rejects.toThrow(/The artifact's zip is not one of relup-action's: it holds /);
    expect(readdirSync(dir).sort()).toEqual(['a.zip', 'inside']);
    expect(readdirSync(folder).filter((one) => one !== 'good')).toEqual([]);
  });

  it('two members of the same name', async () => {
    await expect(
      unzip([
        ['one', 'x'],
        ['one', 'y'],
      ]),
    ).rejects.toThrow(/EEXIST/);
  });

  it('too many members, and too much in them', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => [`file${index}`, 'x'] as const);
    await expect(unzip(many)).rejects.toThrow(/more than 1000 files/);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    await expect(
      unzip(
        [
          ['a', 'x'.repeat(600)],
          ['b', 'x'.repeat(600)],
        ],
        1000,
      ),
    ).rejects.toThrow(/more bytes than a release should/);
  });

  it('what is no zip', async () => {
    const zip = join(dir, 'a.zip');
    writeFileSync(zip, 'this is no zip at all, but text');
    await expect(unzipPackages(zip, folder)).rejects.toThrow(/cannot be opened/);
    await expect(unzipPackages(join(dir, 'none'), folder)).rejects.toThrow(/cannot be opened \(ENOENT/);
  });
});
