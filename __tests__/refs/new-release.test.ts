import { describe, expect, it } from 'vitest';
import { newReleaseTag } from '../../src/refs/new-release.js';
import { TagPattern } from '../../src/refs/tag-pattern.js';

const pattern = new TagPattern(['v*', '[0-9]*']);

describe('newReleaseTag', () => {
  it.each<[string, string[], string | undefined, string | undefined]>([
    ['the only tag', ['v1.0.0'], undefined, 'v1.0.0'],
    ['the highest version', ['v1.9.0', 'v1.10.0', 'v1.2.0'], undefined, 'v1.10.0'],
    ['the final version', ['v1.0.0-rc.2', 'v1.0.0'], undefined, 'v1.0.0'],
    ['the pushed tag, though another is higher', ['v1.0.0-rc.2', 'v1.0.0'], 'v1.0.0-rc.2', 'v1.0.0-rc.2'],
    ['a release tag rather than a pushed one that is none', ['nightly', 'v1.0.0'], 'nightly', 'v1.0.0'],
    ['nothing that was pushed for another commit', ['v1.0.0'], 'v2.0.0', 'v1.0.0'],
    ['always the same of two names', ['v1.0.0', '1.0.0'], undefined, '1.0.0'],
    ['none without a release tag', ['nightly', 'v2'], 'v2', undefined],
  ])('takes %s', (_, names, pushed, expected) => {
    expect(newReleaseTag(names, pushed, pattern)?.name).toBe(expected);
  });
});
