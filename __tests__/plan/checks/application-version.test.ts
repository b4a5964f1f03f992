import { expect, test } from 'vitest';
import { compareApplicationVersions } from '../../../src/plan/checks/application-version.js';

test.each([
  ['1.9', '1.10'],
  ['1.0', '1.0.1'],
  ['1.0-rc1', '1.0'],
  ['1.0-rc1', '1.0-rc2'],
  ['1.0-alpha', '1.0-beta'],
  ['9', '10.0.0'],
  ['1.0.0', '1.0.0+build.2'],
  ['2026.9', '2026.11'],
  ['1.99999999999999999999', '1.100000000000000000000'],
])('%s is lower than %s', (low, high) => {
  expect(compareApplicationVersions(low, high)).toBeLessThan(0);
  expect(compareApplicationVersions(high, low)).toBeGreaterThan(0);
});

test('equal numbers are equal, however they are written', () => {
  expect(compareApplicationVersions('1.02', '1.2')).toBe(0);
  expect(compareApplicationVersions('1.2', '1.2')).toBe(0);
});
