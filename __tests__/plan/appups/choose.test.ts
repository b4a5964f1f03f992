import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ReadAppup } from '../../../src/plan/appups/sources.js';
import { appupPlace } from '../../../src/plan/appups/places.js';
import { whyInvalid } from '../../../src/plan/appups/needs.js';
import { temporaryFolder } from '../../support/repository.js';

const request = { application: 'a', version: '2', upFrom: ['1', '1.5'] };
const folder = temporaryFolder();
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(changes: object = {}): ReadAppup {
  const entries = ['1', '1.5'].map((upFrom) => ({ upFrom, pattern: `"${upFrom}"`, instructions: [] }));
  return {
    origin: 'hand-written',
    kind: 'source',
    file: '/p/src/a.appup.src',
    version: '2',
    written: '/w/a.0.appup',
    up: entries,
    down: entries,
    ...changes,
  };
}

test('valid is what names the new version and has an entry for every up-from version, up and down', () => {
  expect(whyInvalid(read(), request)).toBeUndefined();
});

test('a stale appup is told from a valid one (H23)', () => {
  expect(whyInvalid(read({ version: '1.5' }), request)).toBe('it is for version 1.5, not 2');
});

test('each direction is looked at on its own (H33)', () => {
  const up = [{ upFrom: '1', pattern: null, instructions: [] }];
  expect(whyInvalid(read({ up }), request)).toBe('it lacks an entry to upgrade from 1');
  expect(whyInvalid(read({ down: up }), request)).toBe('it lacks an entry to downgrade to 1');
  expect(whyInvalid(read({ up, down: up }), request)).toBe(
    'it lacks an entry to upgrade from 1 and an entry to downgrade to 1',
  );
});

test('a text that is no appup says why', () => {
  const broken: ReadAppup = { origin: 'shipped', kind: 'appup', file: '/f', problem: 'line 3: syntax error' };
  expect(whyInvalid(broken, request)).toBe('line 3: syntax error');
});

test('an appup belongs beside the sources, or in appups/ for a dependency', () => {
  mkdirSync(join(folder, 'apps/own/src'), { recursive: true });
  writeFileSync(join(folder, 'apps/own/src/own.app.src'), '');
  const own = appupPlace('own', folder, 'sub');
  expect(own).toEqual({ file: 'apps/own/src/own.appup.src', annotate: 'sub/apps/own/src/own.app.src' });
  writeFileSync(join(folder, own.file), '');
  expect(appupPlace('own', folder, 'sub').annotate).toBe('sub/apps/own/src/own.appup.src');
  expect(appupPlace('dep', folder, '')).toEqual({ file: 'appups/dep.appup.src', annotate: 'rebar.config' });
});
