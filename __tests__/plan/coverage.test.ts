import { expect, test } from 'vitest';
import type { ChosenAppup } from '../../src/model/appup.js';
import { checkCoverage } from '../../src/plan/coverage.js';
import type { Relup, RelupScript } from '../../src/model/relup.js';
import { RefusedError } from '../../src/shared/errors.js';
import { compareReleases } from '../../src/model/release-difference.js';
import { application, builtRelease } from '../support/releases.js';

const before = builtRelease('1.0.0', [application('a', '1', { m: 'old', gone: 'g', same: 's' })]);
const after = builtRelease('1.1.0', [application('a', '2', { m: 'new', fresh: 'f', same: 's' })]);
const differences = [compareReleases(before, after)];
const appups: ChosenAppup[] = [
  { application: 'a', version: '2', origin: 'hand-written', file: 'src/a.appup.src', up: [], down: [] },
];

function script(loads: string[], removes: string[], restartsEmulator = false): RelupScript {
  return { version: '1.0.0', instructions: [], loads, removes, starts: [], restartsEmulator };
}

function check(up: RelupScript, down: RelupScript, what: Partial<Relup> = {}, chosen = appups) {
  return checkCoverage({
    relup: {
      file: 'relup',
      up: [up],
      down: [down],
      warnings: [],
      startPhases: [],
      startTypes: [],
      dependents: {},
      configReaders: [],
      exposed: [],
      ...what,
    },
    differences,
    appups: chosen,
    projectPath: 'sub',
  });
}

const completeUp = script(['m', 'fresh'], ['gone']);
const completeDown = script(['m', 'gone'], ['fresh']);

test('a relup that loads and removes everything that differs passes', () => {
  expect(check(completeUp, completeDown)).toEqual([]);
});

test('modules left out are named, each direction on its own (H21, H33)', () => {
  const caught = (up: RelupScript, down: RelupScript) => {
    try {
      check(up, down);
    } catch (error) {
      return error as RefusedError;
    }
    return undefined;
  };
  const empty = caught(script([], []), completeDown);
  expect(empty).toBeInstanceOf(RefusedError);
  expect(empty?.message).toBe('The relup does not load all code that differs (a, up from 1.0.0: m, fresh).');
  expect(empty?.location).toEqual({ file: 'sub/src/a.appup.src' });
  expect(caught(completeUp, script(['m'], ['fresh']))?.message).toContain('(a, down to 1.0.0: gone)');
});

test('what a library brings is copied, and added to there', () => {
  const [own] = appups;
  if (own === undefined) throw new Error('there is one');
  const shipped: ChosenAppup = { ...own, origin: 'shipped', file: '_build/prod/lib/a/src/a.appup.src' };
  const copy =
    ' That of a is its own (_build/prod/lib/a/src/a.appup.src): copy it to appups/a.appup.src, which takes its place, and add it there.';
  const caught = () => check(script([], []), completeDown, {}, [shipped]);
  expect(caught).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining(copy) as string, location: undefined }),
  );
  const [left] = check(script(['m', 'fresh'], []), completeDown, {}, [shipped]);
  expect(left?.remedy).toBe(`Add {delete_module, gone} to its appup.${copy}`);
});

test('a removed module that stays loaded is a warning', () => {
  const findings = check(script(['m', 'fresh'], []), completeDown);
  expect(findings.map(({ id, severity, message }) => [id, severity, message])).toEqual([
    [
      'module-not-removed',
      'warning',
      'The relup does not remove modules of a that the release no longer has (up from 1.0.0: gone), so they stay loaded.',
    ],
  ]);
});

test('a restarted emulator needs no instruction', () => {
  expect(check(script([], [], true), script([], [], true))).toEqual([]);
});

test('an added application must be loaded, and a module that moved to it is not left over', () => {
  const moved = [
    compareReleases(
      builtRelease('1.0.0', [application('a', '1', { m: 'm', x: 'x' })]),
      builtRelease('1.1.0', [application('a', '2', { m: 'm' }), application('b', '1', { x: 'x' })]),
    ),
  ];
  const relup = (up: RelupScript): Relup => ({
    file: 'relup',
    up: [up],
    down: [script(['x'], [])],
    warnings: [],
    startPhases: [],
    startTypes: [],
    dependents: {},
    configReaders: [],
    exposed: [],
  });
  expect(
    checkCoverage({ relup: relup(script(['x'], [])), differences: moved, appups, projectPath: '' }),
  ).toEqual([]);
  expect(() =>
    checkCoverage({ relup: relup(script([], ['x'])), differences: moved, appups, projectPath: '' }),
  ).toThrow('(b, up from 1.0.0: x)');
});
