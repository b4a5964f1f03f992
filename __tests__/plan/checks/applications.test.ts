import { expect, test } from 'vitest';
import { checkDuplicates, checkVersionOrder } from '../../../src/plan/checks/applications.js';
import { compareReleases } from '../../../src/model/release-difference.js';
import { application, builtRelease } from '../../support/releases.js';
import { places } from '../../support/steps.js';

test('a module in two applications of one release is named with both (H35)', () => {
  const release = builtRelease('1.1.0', [
    application('a', '1', { x: '1', y: '2' }),
    application('b', '1', { x: '1' }),
  ]);
  const moved = builtRelease('1.0.0', [application('a', '1', { y: '2' }), application('b', '1', { x: '1' })]);
  expect(
    checkDuplicates([release, moved], places).map(({ id, severity, message }) => [id, severity, message]),
  ).toEqual([['duplicate-module', 'error', 'Release 1.1.0 has the module x in a and in b.']]);
});

test('a version that goes down is a warning; one that goes up, or stays, is none', () => {
  const before = builtRelease('1.0.0', [
    application('a', '1.10.0'),
    application('b', '1.9'),
    application('c', '1'),
  ]);
  const after = builtRelease('1.1.0', [
    application('a', '1.9.0'),
    application('b', '1.10'),
    application('c', '1'),
  ]);
  const findings = checkVersionOrder([compareReleases(before, after)], places);
  expect(findings.map(({ id, severity, message }) => [id, severity, message])).toEqual([
    [
      'application-version-down',
      'warning',
      'The version of application a goes down, from 1.10.0 in release 1.0.0 to 1.9.0.',
    ],
  ]);
});
