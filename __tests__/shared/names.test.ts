import { expect, test } from 'vitest';
import {
  isApplicationName,
  isPathComponent,
  isReleaseName,
  isVersion,
  tagNamesVersion,
} from '../../src/shared/names.js';

test.each(['app', 'my_app', 'my-app', 'App2', 'a@b'])('%s can be a release', (name) => {
  expect(isReleaseName(name)).toBe(true);
  expect(isApplicationName(name)).toBe(true);
});

test.each(['', '1a', '.a', '-a', 'a.b', 'a b', 'a/b', '..', 'a;b', 'ä', 'a\n'])('%j cannot', (name) => {
  expect(isReleaseName(name)).toBe(false);
});

test.each(['1.0.0', '1.0.0-rc.1+5', '2024.01', '1.0~rc1', 'v1', '1_0'])('%s can be a version', (version) => {
  expect(isVersion(version)).toBe(true);
});

test.each(['', '.', '..', '1/0', '1 0', '-1', '1;0', '1.0\n', '１'])('%j cannot be one', (version) => {
  expect(isVersion(version)).toBe(false);
});

test('a path component names something in its folder', () => {
  expect(['a', '...', ' ', 'a b', '-', '~'].every(isPathComponent)).toBe(true);
  expect(['', '.', '..', '/', 'a/b', 'a\0'].some(isPathComponent)).toBe(false);
});

test.each([
  ['1.2.3', true],
  ['v1.2.3', true],
  ['hello-1.2.3', true],
  ['hello-v1.2.3', true],
  ['release/1.2.3', true],
  ['11.2.3', false],
  ['0.1.2.3', false],
  ['v1.2.3-rc.1', false],
  ['v1.2.4', false],
])('tag %s names release version 1.2.3: %s (H6)', (tag, expected) => {
  expect(tagNamesVersion(tag, '1.2.3')).toBe(expected);
});
