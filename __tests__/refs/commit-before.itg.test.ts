import { afterAll, beforeAll, expect, test } from 'vitest';
import { Git } from '../../src/programs/git.js';
import { commitBefore, type ChangeHints } from '../../src/refs/commit-before.js';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, TestRepository } from '../support/repository.js';

// main: first – second – third; topic: first – change – more; merged: third + more
let repository: TestRepository;
const commits: Record<string, string> = {};
const folder = temporaryFolder();
beforeAll(() => {
  repository = TestRepository.create();
  const commit = (name: string): void => {
    repository.write({ [name]: name });
    commits[name] = repository.commit(name);
  };
  commit('first');
  repository.git('checkout', '--quiet', '-b', 'topic');
  commit('change');
  commit('more');
  repository.git('checkout', '--quiet', 'main');
  commit('second');
  commit('third');
  repository.git('checkout', '--quiet', '-b', 'merged');
  repository.git('merge', '--quiet', '--no-edit', 'topic');
  commits.merged = repository.git('rev-parse', 'HEAD');
});
afterAll(() => {
  repository.remove();
  rmSync(folder, { recursive: true, force: true });
});

const named = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : commits[name];

test.each<[string, string, { base?: string; head?: string }, string | undefined]>([
  [
    'a merge of a pull request: what it was merged into, however old the base in the event is',
    'merged',
    { base: 'first', head: 'more' },
    'third',
  ],
  ['the head of a pull request itself', 'more', { base: 'third', head: 'more' }, 'first'],
  ['a push: what the branch was before', 'third', { base: 'first' }, 'first'],
  ['a push that was forced: what both have', 'third', { base: 'more' }, 'first'],
  ['a push of a new branch: the commit before', 'third', { base: 'none' }, 'second'],
  ['no event: the commit before', 'more', {}, 'change'],
  ['a first commit', 'first', {}, undefined],
])('%s', async (name, head, { base, head: own }, expected) => {
  repository.git('checkout', '--quiet', '--detach', commits[head] as string);
  const git = await Git.open(repository.dir, join(folder, name.replaceAll(/\W/g, '_')));
  const hints = {
    ...(base === undefined ? {} : { base: named(base) ?? '0'.repeat(40) }),
    ...(own === undefined ? {} : { head: named(own) }),
  } as ChangeHints;
  expect(await commitBefore(git, hints)).toBe(named(expected));
});

test('the files of a change, without those that it removes', async () => {
  const git = await Git.open(repository.dir, join(folder, 'files'));
  expect(await git.changedFiles(commits.first as string, commits.more as string)).toEqual(['change', 'more']);
  expect(await git.changedFiles(commits.more as string, commits.first as string)).toEqual([]);
});

test('with a remote, no event: all that its default branch lacks', async () => {
  const clone = TestRepository.create(temporaryFolder());
  try {
    clone.git('fetch', '--quiet', repository.dir, 'main:refs/remotes/origin/main', 'topic:refs/heads/topic');
    clone.git('remote', 'add', 'origin', repository.dir);
    clone.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
    clone.git('checkout', '--quiet', 'topic');
    const git = await Git.open(clone.dir, join(folder, 'clone'));
    expect(await commitBefore(git, {})).toBe(commits.first);
  } finally {
    clone.remove();
  }
});
