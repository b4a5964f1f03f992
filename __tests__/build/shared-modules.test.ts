import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeShared } from '../../src/build/shared-modules.js';
import type { BuildContext } from '../../src/build/version.js';
import { temporaryFolder } from '../support/repository.js';

let dir: string;
let from: string;
let to: string;
beforeEach(() => {
  dir = temporaryFolder();
  [from, to] = [join(dir, 'from'), join(dir, 'to')];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(folder: string, ...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
}

const SHARED = ['apps/a/src/same.erl', 'apps/b/src/other.erl', 'apps/b/src/tests.erl'].map((path) => ({
  ...{ path, kind: 'regular' as const, object: 'x', size: 1 },
}));
const context = { profile: 'prod,small', projectPath: 'server' } as BuildContext;
const take = (): Promise<void> => takeShared(context, SHARED, { ref: '1.0.0', from, to });
const libraries = 'server/_build/prod+small/lib';

beforeEach(() => {
  const compiled = ['a/ebin/same.beam', 'a/ebin/changed.beam', 'a/ebin/a.app', 'b/ebin/other.beam'];
  write(from, ...compiled.map((path) => join(libraries, path)));
  write(from, 'server/_build/default/lib/dep/ebin/same.beam', 'server/_build/default/lib/dep/include/d.hrl');
  symlinkSync('../../default/lib/dep', join(from, libraries, 'dep'));
  write(to, ...SHARED.map(({ path }) => path));
  utimesSync(join(to, 'apps/a/src/same.erl'), 1_000_000, 1_000_000);
});

test('beams of the shared modules are taken, as old as their sources, and nothing else', async () => {
  await take();
  expect(readdirSync(join(to, libraries)).sort()).toEqual(['a', 'b']);
  expect(readdirSync(join(to, libraries, 'a/ebin'))).toEqual(['same.beam']);
  expect(readdirSync(join(to, libraries, 'b/ebin'))).toEqual(['other.beam']);
  const beam = statSync(join(to, libraries, 'a/ebin/same.beam'));
  expect(beam.mtimeMs).toBe(1_000_000_000);
  expect(beam.nlink).toBe(1);
});

test('nothing is taken where a header of a dependency brings a transform that is not known', async () => {
  const header = join(from, 'server/_build/default/lib/dep/include/d.hrl');
  writeFileSync(header, '-compile({parse_transform, dep_transform}).\n');
  await take();
  expect(readdirSync(to)).toEqual(['apps']);
  writeFileSync(header, '-compile({parse_transform, lager_transform}).\n');
  await take();
  expect(readdirSync(to)).toEqual(['apps', 'server']);
});
