import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  checkRestart,
  checkRuntime,
  checkVersionsRaised,
  type VersionPlaces,
} from '../../src/plan/upgrade-kind.js';
import { RefusedError } from '../../src/shared/errors.js';
import { compareReleases } from '../../src/model/release-difference.js';
import { application, builtRelease } from '../support/releases.js';
import { projectRoot, TestRepository } from '../support/repository.js';

const core = (kernel: string): ReturnType<typeof application>[] => [
  application('kernel', kernel),
  application('stdlib', '6.2'),
  application('sasl', '4.2.2'),
];
const script = {
  version: '1.0.0',
  instructions: [],
  loads: [],
  removes: [],
  starts: [],
  restartsEmulator: false,
};

test('equal runtimes need no restart', () => {
  expect(
    checkRuntime(builtRelease('1.1.0', core('10.2')), [builtRelease('1.0.0', core('10.2'))], false),
  ).toEqual([]);
});

test('another ERTS or kernel is refused, naming what differs (H11)', () => {
  const release = builtRelease('1.1.0', core('10.2.1'), { erts: '15.2.8' });
  const check = (allow: boolean) => checkRuntime(release, [builtRelease('1.0.0', core('10.2'))], allow);
  expect(() => check(false)).toThrow(/from 1\.0\.0: erts 15\.2\.7 → 15\.2\.8, kernel 10\.2 → 10\.2\.1/);
  expect(check(true)).toEqual(['from 1.0.0: erts 15.2.7 → 15.2.8, kernel 10.2 → 10.2.1']);
});

test('a restart instruction in either direction is refused unless allowed (H38)', () => {
  const relup = {
    file: 'relup',
    up: [script],
    down: [{ ...script, restartsEmulator: true }],
    warnings: [],
    startPhases: [],
    startTypes: [],
    dependents: {},
    configReaders: [],
    exposed: [],
  };
  expect(() => checkRestart(relup, false)).toThrow(/restarts the emulator \(down to 1\.0\.0\)/);
  expect(checkRestart(relup, true)).toBe('restart');
  expect(checkRestart({ ...relup, down: [script] }, false)).toBe('hot');
});

test('code changed under one version names application, modules and file (H14)', () => {
  const differences = [
    compareReleases(
      builtRelease('1.0.0', [application('a', '1.0', { m: 'old' })]),
      builtRelease('1.1.0', [application('a', '1.0', { m: 'new', n: 'n' })]),
    ),
  ];
  const places: VersionPlaces = {
    topDir: projectRoot,
    locate: (name) => ({ file: `src/${name}.app.src` }),
    isOwn: () => true,
  };
  const error = thrown(() => checkVersionsRaised(differences, places));
  expect(error).toBeInstanceOf(RefusedError);
  expect((error as RefusedError).message).toBe(
    'Code changed but the application version did not: a 1.0 (m, n).',
  );
  expect((error as RefusedError).remedy).toContain('{vsn, "1.0"} in src/a.app.src;');
  expect((error as RefusedError).location).toEqual({ file: 'src/a.app.src' });
  const ofDependency = { ...places, locate: () => ({ file: 'rebar.config' }) };
  expect((thrown(() => checkVersionsRaised(differences, ofDependency)) as RefusedError).remedy).toBe(
    'Have rebar.config name a revision of the dependency a whose a.app.src no longer says "1.0", in a fork if need be; release_handler loads only applications whose version changed.',
  );
  // an application of OTP is not the user's to raise
  expect(thrown(() => checkVersionsRaised(differences, { ...places, isOwn: () => false }))).toBeUndefined();
});

test('all versions that were not raised are named at once, with a patch that git applies', () => {
  const repository = TestRepository.create();
  const source = (vsn: string) => `{application, x,\n [\n  {vsn, "${vsn}"},\n  {modules, []}]}.\n`;
  repository
    .write({ 'apps/a/src/a.app.src': source('1.0'), 'apps/b/src/b.app.src': source('2.9') })
    .commit('1');
  const release = (version: string, md5: string) =>
    builtRelease(version, [application('a', '1.0', { m: md5 }), application('b', '2.9', { n: md5 })]);
  const error = thrown(() =>
    checkVersionsRaised([compareReleases(release('1.0.0', 'old'), release('1.1.0', 'new'))], {
      topDir: repository.dir,
      locate: (name) => ({ file: `apps/${name}/src/${name}.app.src`, line: 3 }),
      isOwn: () => true,
    }),
  ) as RefusedError;
  expect(error.message).toBe('Code changed but the application version did not: a 1.0 (m); b 2.9 (n).');
  const patch = /git apply:\n([\s\S]*)$/.exec(error.remedy ?? '')?.[1] ?? '';
  execFileSync('git', ['apply'], { cwd: repository.dir, input: patch });
  expect(repository.git('diff', '--unified=0')).toMatch(/\+ {2}\{vsn, "1\.1"\}[\s\S]*\+ {2}\{vsn, "2\.10"\}/);
  repository.remove();
});

function thrown(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
