import { expect, test } from 'vitest';
import { compareReleases } from '../../src/model/release-difference.js';
import { application, builtRelease } from '../support/releases.js';

test('tells changed, added and removed applications, and modules by MD5', () => {
  const before = builtRelease('1.0.0', [
    application('kernel', '9.0', { code: 'k' }),
    application('a', '1', { a: 'old', gone: 'x', same: 's' }),
    application('dropped', '1', { d: 'd' }),
  ]);
  const after = builtRelease('1.1.0', [
    application('kernel', '9.0', { code: 'k' }),
    application('a', '2', { a: 'new', fresh: 'y', same: 's' }),
    application('arrived', '1', { n: 'n' }),
  ]);
  const difference = compareReleases(before, after);
  expect(difference.changed).toEqual([
    { name: 'a', from: '1', to: '2', modules: { added: ['fresh'], changed: ['a'], removed: ['gone'] } },
  ]);
  expect(difference.added.map(({ name, to }) => [name, to])).toEqual([['arrived', '1']]);
  expect(difference.removed.map(({ name, from }) => [name, from])).toEqual([['dropped', '1']]);
  expect(difference.unbumped).toEqual([]);
});

test('code that changed under one application version is unbumped, whichever way it changed', () => {
  for (const modules of [{ a: 'new' }, { a: 'old', b: 'b' }, {}]) {
    const difference = compareReleases(
      builtRelease('1.0.0', [application('a', '1', { a: 'old' })]),
      builtRelease('1.1.0', [application('a', '1', modules)]),
    );
    expect(difference.unbumped.map(({ name }) => name)).toEqual(['a']);
    expect(difference.changed).toEqual([]);
  }
});

test('module names that objects have anyway are modules like others', () => {
  const difference = compareReleases(
    builtRelease('1.0.0', [application('a', '1', { toString: 'x' })]),
    builtRelease('1.1.0', [application('a', '2', {})]),
  );
  expect(difference.changed[0]?.modules.removed).toEqual(['toString']);
  expect(difference.changed[0]?.modules.added).toEqual([]);
});
