import { expect, test } from 'vitest';
import { checkRestart, checkRuntime, checkVersionsRaised } from '../../src/phases/upgrade-kind.js';
import { RefusedError } from '../../src/shared/errors.js';
import { compareReleases } from '../../src/shared/release-difference.js';
import { application, builtRelease } from '../support/releases.js';

const core = (kernel: string): ReturnType<typeof application>[] => [
  application('kernel', kernel),
  application('stdlib', '6.2'),
  application('sasl', '4.2.2'),
];
const script = { version: '1.0.0', instructions: [], loads: [], removes: [], restartsEmulator: false };

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
  const error = thrown(() =>
    checkVersionsRaised(differences, (name) => ({ file: `src/${name}.app.src`, line: 7 })),
  );
  expect(error).toBeInstanceOf(RefusedError);
  expect((error as RefusedError).message).toBe(
    'Code changed but the application version did not: a 1.0 (m, n).',
  );
  expect((error as RefusedError).remedy).toContain('{vsn, "1.0"} in src/a.app.src (line 7)');
  expect((error as RefusedError).location).toEqual({ file: 'src/a.app.src', line: 7 });
});

function thrown(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
