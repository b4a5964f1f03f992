import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { manifestOf, type ManifestInput } from '../../src/model/manifest.js';
import { writeManifest } from '../../src/package/write-manifest.js';
import { readManifest } from '../../src/deploy/read-manifest.js';
import { application, builtRelease } from '../support/releases.js';
import { temporaryFolder } from '../support/repository.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const input: ManifestInput = {
  release: builtRelease('1.1.0', [application('hello', '1.1.0', { hello: 'b'.repeat(32) })]),
  ref: 'v1.1.0',
  commit: 'c'.repeat(40),
  projectPath: '',
  toolchain: {
    otpRelease: '27',
    otpVersion: '27.3.4.1',
    erts: '15.2.7',
    architecture: 'x86_64-pc-linux-gnu',
    rebar3: '3.24.0',
    libc: 'glibc 2.41',
  },
  upgradeKind: 'hot',
  verdict: 'unproven',
  keeps: {},
  selfMade: [],
  upFrom: [
    builtRelease('1.0.0', [application('hello', '1.0.0', { hello: 'a'.repeat(32) })]),
    builtRelease('0.9.0', [], { source: { kind: 'tarball', path: '/private/place/hello-0.9.0.tar.gz' } }),
  ],
  appups: [],
  full: {
    path: '/private/place/hello-1.1.0.tar.gz',
    sha256: 'f'.repeat(64),
    size: 7,
    files: [],
  },
  findings: [],
};

test('names commits where there are any, and no folder of the machine', async () => {
  const manifest = manifestOf(input);
  expect(manifest.upFrom.map(({ version, source, commit }) => [version, source, commit])).toEqual([
    ['1.0.0', 'ref', '0'.repeat(40)],
    ['0.9.0', 'tarball', undefined],
  ]);
  expect(manifest.packages).toEqual({
    full: { file: 'hello-1.1.0.tar.gz', sha256: 'f'.repeat(64), size: 7, files: [] },
  });
  expect(manifest.relup).toBeNull();
  const path = await writeManifest(folder, manifest);
  expect(path).toBe(join(folder, 'hello-1.1.0.manifest.json'));
  expect(JSON.stringify(await readManifest(path))).not.toContain('/private');
  expect(await readManifest(path)).toEqual(manifest);
});

test('a damaged manifest, and one of another version of the action, are told apart', async () => {
  const path = join(folder, 'bad.json');
  writeFileSync(path, '{"manifestVersion": 1');
  await expect(readManifest(path)).rejects.toThrow(`The manifest ${path} cannot be read.`);
  writeFileSync(path, '{"manifestVersion": 2}');
  await expect(readManifest(path)).rejects.toThrow(/written by another version of relup-action/);
  await expect(readManifest(join(folder, 'none'))).rejects.toThrow(/cannot be read/);
  writeFileSync(path, 'null');
  await expect(readManifest(path)).rejects.toThrow(/written by another version of relup-action/);
});

test('a manifest is what was written, to the letter, or nothing (H104)', async () => {
  const path = await writeManifest(folder, manifestOf(input));
  const text = readFileSync(path, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ checksum: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  const changes = [
    text.replace('"hello"', '"hallo"'),
    text.replace('{\n', '{  \n'),
    text.trimEnd(),
    text.replace(/"checksum": "[^"]*"/, `"checksum": "${'0'.repeat(64)}"`),
    text.replace(/,\n "checksum": "[^"]*"/, ''),
  ];
  for (const changed of changes) {
    expect(changed).not.toBe(text);
    writeFileSync(path, changed);
    await expect(readManifest(path)).rejects.toThrow(
      `The manifest ${path} was changed or damaged after it was written.`,
    );
  }
});
