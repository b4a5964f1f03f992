import { describe, expect, it } from 'vitest';
import { judgeCandidates, listNamed } from '../../src/refs/candidates.js';
import type { Candidate } from '../../src/model/refs.js';
import { TagPattern } from '../../src/refs/tag-pattern.js';
import type { Tag } from '../../src/programs/git.js';

const pattern = new TagPattern(['v*', '[0-9]*']);

interface Scene {
  /** Tag names; `name@commit` to share a commit. Later ones were made later. */
  tags: string[];
  newTag?: string;
  newCommit?: string;
  /** Default: all tags. */
  ancestors?: string[];
  published?: string[];
}

function judge({ tags, newTag, newCommit = newTag ?? 'HEAD', ancestors, published }: Scene): Candidate[] {
  const all = tags.map((text, index): Tag => {
    const [name = '', commit = name] = text.split('@');
    return { name, commit, created: index, annotated: false };
  });
  const version = newTag === undefined ? undefined : pattern.version(newTag);
  return judgeCandidates(all, {
    newCommit,
    newTag: newTag === undefined || version === undefined ? undefined : { name: newTag, version },
    pattern,
    ancestors: new Set(ancestors ?? all.map(({ name }) => name)),
    ...(published === undefined ? {} : { published: new Set(published) }),
  });
}

const taken = (scene: Scene) => judge(scene).find((one) => one.taken)?.tag;
const why = (scene: Scene, tag: string) => judge(scene).find((one) => one.tag === tag)?.why;

describe('judgeCandidates', () => {
  it.each<[string, Scene, string | undefined]>([
    [
      'the highest ancestor that was published',
      {
        ...{ tags: ['v1.0.0', 'v1.0.1', 'v1.1.0', 'v1.2.0'], newTag: 'v1.2.0' },
        ...{ published: ['v1.0.0', 'v1.0.1', 'v1.2.0'], ancestors: ['v1.0.0', 'v1.1.0'] },
      },
      'v1.0.0',
    ],
    [
      'none when none was published',
      { tags: ['v1.0.0', 'v1.1.0'], newTag: 'v1.1.0', published: [] },
      undefined,
    ],
    ['the next lower version', { tags: ['v1.0.0', 'v1.1.0', 'v1.2.0'], newTag: 'v1.2.0' }, 'v1.1.0'],
    ['1.10 after 1.9', { tags: ['v1.9.0', 'v1.10.0', 'v1.11.0'], newTag: 'v1.11.0' }, 'v1.10.0'],
    [
      'no tag on the new commit',
      { tags: ['v1.0.0', 'v1.1.0@new', 'v1.2.0@new', '1.2@new'], newTag: 'v1.2.0', newCommit: 'new' },
      'v1.0.0',
    ],
    [
      'no pre-release for a final one',
      { tags: ['v1.0.0', 'v1.1.0-rc.1', 'v1.1.0'], newTag: 'v1.1.0' },
      'v1.0.0',
    ],
    [
      'a pre-release for a pre-release',
      { tags: ['v1.0.0', 'v1.1.0-rc.1', 'v1.1.0-rc.2', 'v1.1.0'], newTag: 'v1.1.0-rc.2' },
      'v1.1.0-rc.1',
    ],
    ['a final one for a pre-release', { tags: ['v1.0.0', 'v1.1.0-rc.1'], newTag: 'v1.1.0-rc.1' }, 'v1.0.0'],
    ['a back-port below its own', { tags: ['v1.2.8', 'v2.0.0', 'v1.2.9'], newTag: 'v1.2.9' }, 'v1.2.8'],
    [
      'not the back-port for the next main release',
      { tags: ['v1.2.8', 'v2.0.0', 'v1.2.9', 'v2.1.0'], newTag: 'v2.1.0', ancestors: ['v1.2.8', 'v2.0.0'] },
      'v2.0.0',
    ],
    [
      'an ancestor rather than a higher version elsewhere',
      { tags: ['v1.0.0', 'v1.0.1', 'v1.1.0'], newTag: 'v1.1.0', ancestors: ['v1.0.0', 'v1.1.0'] },
      'v1.0.0',
    ],
    [
      'another tag when there is no ancestor',
      { tags: ['v1.0.0', 'v1.1.0'], newTag: 'v1.1.0', ancestors: [] },
      'v1.0.0',
    ],
    ['the highest for an untagged commit', { tags: ['v1.0.0', 'v2.0.0', 'v3.0.0-rc.1', 'docs-1'] }, 'v2.0.0'],
    ['nothing on the untagged commit itself', { tags: ['v1.0.0@HEAD', 'v0.1.0'] }, 'v0.1.0'],
    ['nothing for the first release', { tags: ['v1.0.0', 'docs-1', 'nightly'], newTag: 'v1.0.0' }, undefined],
    ['nothing when all others are higher', { tags: ['v1.0.0', 'v2.0.0'], newTag: 'v1.0.0' }, undefined],
    ['the later of two equal versions', { tags: ['v1.0.0', '1.0.0', 'v1.1.0'], newTag: 'v1.1.0' }, '1.0.0'],
    ['the lower build', { tags: ['1.0.0+1', '1.0.0+2'], newTag: '1.0.0+2' }, '1.0.0+1'],
  ])('takes %s', (_, scene, expected) => {
    expect(taken(scene)).toBe(expected);
  });

  it('says of every tag why', () => {
    const scene: Scene = {
      tags: [
        'v0.9.0',
        'v1.0.0',
        '1.0.0',
        'v1.0.1',
        'v1.1.0-rc.1',
        'v1.1.0',
        '1.1.0',
        'v1.1.0-final@v1.1.0',
        'v2.0.0',
        'nightly',
        'v2',
        'docs-1',
      ],
      newTag: 'v1.1.0',
      ancestors: ['v0.9.0', '1.0.0'],
    };
    expect(judge(scene).map(({ tag, why }) => `${tag}: ${why}`)).toEqual([
      'v2.0.0: higher than v1.1.0',
      '1.1.0: the same version as v1.1.0',
      'v1.1.0: the new release itself',
      'v1.1.0-rc.1: a pre-release, and v1.1.0 is not',
      'v1.1.0-final: on the new commit itself',
      'v1.0.1: not an ancestor of the new commit, as 1.0.0 is',
      '1.0.0: the highest earlier release version among the ancestors of the new commit',
      'v1.0.0: the same version as 1.0.0',
      'v0.9.0: lower than 1.0.0',
      'docs-1: does not match tag-pattern (v*, [0-9]*)',
      'nightly: does not match tag-pattern (v*, [0-9]*)',
      'v2: not a release version',
    ]);
    expect(judge(scene).filter((one) => one.version === undefined)).toHaveLength(3);
    expect(why({ tags: ['v1.0.0'], ancestors: [] }, 'v1.0.0')).toBe(
      'the highest earlier release version; no earlier release is an ancestor of the new commit',
    );
    expect(why({ tags: ['v1.0.0-rc.1'] }, 'v1.0.0-rc.1')).toBe('a pre-release, and the new commit is not');
  });

  it('does not look at dates, except between equal versions', () => {
    const made = (name: string, created: number): Tag => ({ name, commit: name, created, annotated: true });
    const candidates = judgeCandidates([made('v1.1.0', 0), made('v1.0.0', 99)], {
      newCommit: 'new',
      newTag: undefined,
      pattern,
      ancestors: new Set(),
    });
    expect(candidates.find((one) => one.taken)?.tag).toBe('v1.1.0');
  });
});

describe('listNamed', () => {
  it('marks the tags that the user named', () => {
    const tags = ['v1.0.0', 'docs'].map((name): Tag => ({
      name,
      commit: name,
      created: 0,
      annotated: false,
    }));
    expect(listNamed(tags, new Set(['v1.0.0']), pattern)).toEqual([
      { tag: 'v1.0.0', commit: 'v1.0.0', version: '1.0.0', taken: true, why: 'named in upgrade-from' },
      { tag: 'docs', commit: 'docs', taken: false, why: 'not named in upgrade-from' },
    ]);
  });
});
