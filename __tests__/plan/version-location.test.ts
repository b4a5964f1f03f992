import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { versionLocation } from '../../src/plan/version-location.js';
import { temporaryFolder } from '../support/repository.js';

const dir = temporaryFolder();
afterAll(() => rmSync(dir, { recursive: true, force: true }));
mkdirSync(join(dir, 'apps/own/src'), { recursive: true });
writeFileSync(
  join(dir, 'apps/own/src/own.app.src'),
  '%% {vsn, "0"} is not it\n{application, own,\n [{description, "x"},\n  {vsn,\n   "1"}]}.\n',
);
writeFileSync(join(dir, 'rebar.config'), '{deps, [\n %% {dep, old},\n {other, "1"},\n {dep, "2"}]}.\n');

test('an application of the project: the line of vsn in its .app.src', () => {
  expect(versionLocation(dir, 'sub', 'own')).toEqual({ file: 'sub/apps/own/src/own.app.src', line: 4 });
});

test('a dependency: its line in rebar.config; one that is not named there has none', () => {
  expect(versionLocation(dir, '', 'dep')).toEqual({ file: 'rebar.config', line: 4 });
  expect(versionLocation(dir, '', 'transitive')).toEqual({ file: 'rebar.config' });
  expect(versionLocation(join(dir, 'nowhere'), '', 'dep')).toEqual({ file: 'rebar.config' });
});
