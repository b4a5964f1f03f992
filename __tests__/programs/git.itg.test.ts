import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Git, isRefLike } from '../../src/programs/git.js';
import { ActionError, CommandFailedError } from '../../src/shared/errors.js';
import { actionsCheckout, gitIn, giveAway } from '../support/checkout.js';
import { fileHashes } from '../support/file-hashes.js';
import { temporaryFolder, TestRepository } from '../support/repository.js';

let folder: string;
let origin: TestRepository;
let opened: number;

beforeEach(() => {
  folder = temporaryFolder();
  opened = 0;
  origin = TestRepository.create(join(folder, 'origin'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function open(dir: string): Promise<Git> {
  return Git.open(dir, join(folder, `scratch-${opened++}`));
}

/** Releases v1.0.0, v1.1.0 (annotated), … on main, one commit each. */
function releases(count: number): void {
  for (let index = 0; index < count; index++) {
    origin.write({ 'file.txt': `${index}\n`, 'src/a.erl': `%% ${index}\n` }).commit(`v1.${index}.0`);
    origin.tag(`v1.${index}.0`, { annotated: index % 2 === 1 });
  }
}

describe('reading a repository', () => {
  it('finds the top folder, commit and branch from a folder inside', async () => {
    releases(1);
    const git = await open(join(origin.dir, 'src'));
    expect(git.topLevel).toBe(origin.dir);
    expect(git.head).toBe(origin.git('rev-parse', 'HEAD'));
    expect(git.branch).toBe('main');
    expect(await git.isShallow()).toBe(false);
    expect(await git.remote()).toBeUndefined();
    origin.git('checkout', '--quiet', '--detach');
    expect((await open(origin.dir)).branch).toBeUndefined();
  });

  // A new repository's HEAD names git's default branch; the same name in the user's clone must not matter (H123).
  it.each([
    ['master', undefined],
    ['main', undefined],
    ['main', 'main'],
    ['trunk', 'trunk'],
    ['master', 'trunk'],
    ['HEAD/trunk', 'HEAD/trunk'],
  ])('opens a clone whose branch is %s where git makes %s', async (branch, defaultBranch) => {
    releases(2);
    origin.git('branch', '--move', branch);
    const config = join(folder, 'gitconfig');
    writeFileSync(config, defaultBranch === undefined ? '' : `[init]\n\tdefaultBranch = ${defaultBranch}\n`);
    vi.stubEnv('GIT_CONFIG_GLOBAL', config);
    const attached = await open(origin.dir);
    expect([attached.branch, await attached.resolve(branch)]).toEqual([branch, attached.head]);
    origin.git('checkout', '--quiet', '--detach', 'v1.0.0');
    const detached = await open(origin.dir);
    expect([detached.branch, detached.head]).toEqual([undefined, origin.git('rev-parse', 'v1.0.0')]);
    expect(await detached.resolve('HEAD')).toBe(detached.head);
    expect(await detached.resolve(branch)).toBe(attached.head);
  });

  it('works from a linked worktree', async () => {
    releases(2);
    origin.git('worktree', 'add', '--quiet', '--detach', join(folder, 'linked'), 'v1.0.0');
    const git = await open(join(folder, 'linked'));
    expect(git.head).toBe(origin.git('rev-parse', 'v1.0.0'));
    expect((await git.tags()).map(({ name }) => name)).toEqual(['v1.0.0', 'v1.1.0']);
  });

  it('resolves tags of any kind, branches, remote branches and commits to commits', async () => {
    releases(2);
    origin.git('tag', '-a', '-m', 'nested', 'nested', 'v1.1.0');
    const head = origin.git('rev-parse', 'HEAD');
    gitIn(folder, 'clone', '--quiet', origin.dir, 'clone');
    const git = await open(join(folder, 'clone'));
    for (const ref of [
      'v1.1.0',
      'nested',
      'main',
      'origin/main',
      'HEAD',
      'refs/tags/v1.1.0',
      head,
      head.slice(0, 8),
    ]) {
      expect(await git.resolve(ref), ref).toBe(head);
    }
    expect(await git.resolve('HEAD~1')).toBe(gitIn(join(folder, 'clone'), 'rev-parse', 'v1.0.0'));
    gitIn(join(folder, 'clone'), 'checkout', '--quiet', '--detach');
    gitIn(join(folder, 'clone'), 'branch', '--quiet', '-D', 'main');
    expect(await (await open(join(folder, 'clone'))).resolve('main')).toBe(head);
    for (const ref of [
      'nope',
      'HEAD:file.txt',
      '--all',
      `${'0'.repeat(39)}1`,
      '',
      'a b',
      'v1.0.0..v1.1.0',
      '@{u}',
    ]) {
      expect(await git.resolve(ref), ref).toBeUndefined();
    }
  });

  it('lists tags with their commits, kinds and dates, and leaves out those that lead to no commit', async () => {
    origin.write({ a: '1' }).commit('one', '2020-01-02T00:00:00Z');
    origin.tag('light');
    vi.stubEnv('GIT_COMMITTER_DATE', '2021-01-02T00:00:00Z');
    origin.tag('annotated', { annotated: true });
    origin.git('tag', '-a', '-m', 'nested', 'nested', 'annotated');
    origin.git('tag', 'blob', origin.git('rev-parse', 'HEAD:a'));
    const commit = origin.git('rev-parse', 'HEAD');
    expect(await (await open(origin.dir)).tags()).toEqual([
      { name: 'annotated', commit, created: Date.UTC(2021, 0, 2) / 1000, annotated: true },
      { name: 'light', commit, created: Date.UTC(2020, 0, 2) / 1000, annotated: false },
      { name: 'nested', commit, created: Date.UTC(2021, 0, 2) / 1000, annotated: true },
    ]);
  });

  it('tells which tags are ancestors, what a commit holds and when it was made', async () => {
    releases(2);
    origin.git('checkout', '--quiet', '--orphan', 'other');
    const commit = origin.write({ 'file.txt': 'other\n' }).commit('other', '2022-03-04T05:06:07Z');
    origin.tag('v9.0.0');
    const git = await open(origin.dir);
    expect([...(await git.tagsMergedInto(commit))]).toEqual(['v9.0.0']);
    expect([...(await git.tagsMergedInto((await git.resolve('main')) ?? ''))]).toEqual(['v1.0.0', 'v1.1.0']);
    expect(await git.commitTime(commit)).toBe(Date.UTC(2022, 2, 4, 5, 6, 7) / 1000);
    expect(await git.refNames()).toEqual(['main', 'other', 'v1.0.0', 'v1.1.0', 'v9.0.0']);
  });

  it('lists modified tracked files, and nothing else', async () => {
    releases(1);
    origin.write({ 'old name.txt': 'the same text on\nseveral lines\n' }).commit('more');
    const git = await open(origin.dir);
    origin.write({ 'untracked.txt': '' });
    expect(await git.at(join(origin.dir, 'src')).modifiedFiles()).toEqual([]);
    origin.git('mv', 'old name.txt', 'ñew name.txt');
    origin.write({ 'src/a.erl': 'changed' });
    expect(await git.at(origin.dir).modifiedFiles()).toEqual(['old name.txt', 'src/a.erl', 'ñew name.txt']);
  });

  it('finds _checkouts that git does not track, ignored or not', async () => {
    releases(1);
    origin.write({ '.gitignore': '_checkouts\n', 'tracked/_checkouts/dep/rebar.config': '' });
    origin.git('add', '--force', 'tracked');
    origin.commit('tracked checkouts');
    mkdirSync(join(origin.dir, 'ignored/_checkouts'), { recursive: true });
    const git = await open(origin.dir);
    expect(await git.at(origin.dir).hasUntrackedCheckouts()).toBe(false);
    expect(await git.at(join(origin.dir, 'tracked')).hasUntrackedCheckouts()).toBe(false);
    expect(await git.at(join(origin.dir, 'ignored')).hasUntrackedCheckouts()).toBe(false);
    symlinkSync('../../tracked', join(origin.dir, 'ignored/_checkouts/dep'));
    expect(await git.at(join(origin.dir, 'ignored')).hasUntrackedCheckouts()).toBe(true);
  });

  it('says when there is no repository or no commit', async () => {
    const plain = join(folder, 'plain');
    mkdirSync(plain);
    await expect(open(plain)).rejects.toThrow(`${plain} is not inside a git repository.`);
    await expect(open(join(folder, 'missing'))).rejects.toThrow(ActionError);
    await expect(open(origin.dir)).rejects.toThrow('has no commit checked out');
  });

  it('treats an error of git as an error, not as "no tags"', async () => {
    releases(1);
    const git = await open(origin.dir);
    rmSync(join(folder, 'scratch-0/repository.git/HEAD'));
    await expect(git.tags()).rejects.toThrow(CommandFailedError);
    await expect(git.tags()).rejects.toThrow(/^git for-each-ref failed: not a git repository/);
  });
});

it.each<[string, boolean]>([
  ['v1.0.0', true],
  ['v1.0.0;id', true],
  ['v1.0.0$(id)', true],
  ['größe/ü', true],
  ['main~2', true],
  ['v1^{}', true],
  ['', false],
  ['--upload-pack=x', false],
  ['-x', false],
  ['^main', false],
  ['a b', false],
  ['a\nb', false],
  ['a\0b', false],
  [':/text', false],
  ['main:file', false],
  ['a..b', false],
  ['main@{1}', false],
  ['v*', false],
])('%j can be a ref: %s', (ref, expected) => {
  expect(isRefLike(ref)).toBe(expected);
});

describe('a repository of another user', () => {
  it('is read all the same, and left alone', async () => {
    releases(2);
    giveAway(origin.dir);
    const refused = () => gitIn(origin.dir, 'tag', '--list');
    expect(refused).toThrow('dubious ownership');
    const before = fileHashes(origin.dir);
    const git = await open(join(origin.dir, 'src'));
    expect((await git.tags()).map(({ name }) => name)).toEqual(['v1.0.0', 'v1.1.0']);
    expect(await git.at(join(origin.dir, 'src')).modifiedFiles()).toEqual([]);
    expect(refused).toThrow('dubious ownership');
    vi.unstubAllEnvs();
    await git.addWorktree(join(folder, 'wt'), git.head);
    // Without our settings, as rebar3 does for {vsn, git}.
    expect(gitIn(join(folder, 'wt'), 'describe', '--tags')).toBe('v1.1.0');
    expect(fileHashes(origin.dir)).toEqual(before);
  });

  it('is read with the global settings of the user in force', async () => {
    releases(1);
    writeFileSync(join(folder, 'gitconfig'), '[status]\n\trenames = false\n[core]\n\thooksPath = /hooks\n');
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'gitconfig'));
    const git = await open(origin.dir);
    origin.git('mv', 'file.txt', 'moved.txt');
    // With renames = false git reports an added and a deleted file; either way both names are there.
    expect(await git.at(origin.dir).modifiedFiles()).toEqual(['file.txt', 'moved.txt']);
    const settings = readFileSync(join(folder, 'scratch-0/gitconfig'), 'utf8');
    expect(settings).toContain(join(folder, 'gitconfig'));
    expect(statSync(join(folder, 'scratch-0/gitconfig')).mode & 0o777).toBe(0o600);
  });
});

describe('fetching', () => {
  it('completes a shallow checkout without tags, and leaves its .git as it was', async () => {
    releases(4);
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/remotes/origin/main', 'main');
    const before = fileHashes(dir);
    const git = await open(dir);
    expect(await git.isShallow()).toBe(true);
    expect(await git.tags()).toEqual([]);
    expect(await git.fetchHistory()).toEqual([]);
    expect(await git.isShallow()).toBe(false);
    expect([...(await git.tagsMergedInto(git.head))]).toHaveLength(4);
    await git.addWorktree(join(folder, 'wt'), (await git.resolve('v1.1.0')) ?? '');
    expect(readFileSync(join(folder, 'wt/file.txt'), 'utf8')).toBe('1\n');
    expect(gitIn(join(folder, 'wt'), 'describe')).toBe('v1.1.0');
    expect(fileHashes(dir)).toEqual(before);
    expect(gitIn(dir, 'log', '--format=%s')).toBe('v1.3.0');
    gitIn(dir, 'fsck');
  });

  it('replaces clobbered tags, and reports moved ones', async () => {
    releases(3);
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/tags/v1.1.0');
    gitIn(dir, 'tag', 'moved', 'HEAD');
    gitIn(dir, 'tag', 'only-here', 'HEAD');
    origin.tag('moved', { at: 'v1.0.0', annotated: true });
    expect(() => gitIn(dir, 'fetch', '--tags')).toThrow('would clobber');
    const git = await open(dir);
    expect((await git.tags()).find(({ name }) => name === 'v1.1.0')?.annotated).toBe(false);
    expect(await git.fetchHistory()).toEqual([
      { name: 'moved', here: git.head, there: origin.git('rev-parse', 'v1.0.0') },
    ]);
    const tags = await git.tags();
    expect(tags.find(({ name }) => name === 'v1.1.0')).toMatchObject({ annotated: true, commit: git.head });
    expect(tags.map(({ name }) => name)).toContain('only-here');
  });

  it('fetches a commit by name, and tells when the remote has none', async () => {
    releases(2);
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/heads/main');
    const git = await open(dir);
    const commit = origin.git('rev-parse', 'v1.0.0');
    expect(await git.resolve(commit)).toBeUndefined();
    expect(await git.fetchCommit(commit)).toBe(true);
    expect(await git.resolve(commit)).toBe(commit);
    expect(await git.fetchCommit(`${'0'.repeat(39)}1`)).toBe(false);
    expect(await git.fetchCommit('main')).toBe(false);
  });

  it('fails when the remote cannot be reached', async () => {
    releases(1);
    origin.git('remote', 'add', 'upstream', './gone');
    const git = await open(origin.dir);
    expect(await git.remote()).toEqual({ name: 'upstream', url: join(origin.dir, 'gone') });
    await expect(git.fetchHistory()).rejects.toThrow(/^git fetch failed: /);
  });

  it('fetches what a partial clone left out', async () => {
    releases(3);
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const dir = join(folder, 'clone');
    gitIn(folder, 'clone', '--quiet', '--filter=blob:none', `file://${origin.dir}`, dir);
    const git = await open(dir);
    await git.addWorktree(join(folder, 'wt'), (await git.resolve('v1.0.0')) ?? '');
    expect(readFileSync(join(folder, 'wt/file.txt'), 'utf8')).toBe('0\n');
  });
});

describe('worktrees', () => {
  it('holds each version on its own, with the settings of the repository', async () => {
    releases(2);
    origin.git('config', 'core.autocrlf', 'true');
    mkdirSync(join(folder, 'hooks'));
    const hook = `#!/bin/sh\ntouch ${join(folder, 'hook-ran')}\n`;
    writeFileSync(join(folder, 'hooks/post-checkout'), hook, { mode: 0o755 });
    writeFileSync(join(folder, 'gitconfig'), `[core]\n\thooksPath = ${folder}/hooks\n`);
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'gitconfig'));
    origin.git('config', 'core.hooksPath', join(folder, 'hooks'));
    const before = fileHashes(origin.dir);
    const git = await open(origin.dir);
    const dirs = [join(folder, 'wt/a'), join(folder, 'wt/b')];
    await Promise.all(
      ['v1.0.0', 'v1.1.0'].map(async (tag, index) => {
        await git.addWorktree(dirs[index] ?? '', (await git.resolve(tag)) ?? '');
      }),
    );
    expect(dirs.map((dir) => readFileSync(join(dir, 'file.txt'), 'utf8'))).toEqual(['0\r\n', '1\r\n']);
    expect(existsSync(join(folder, 'hook-ran'))).toBe(false);
    writeFileSync(join(folder, 'wt/a/file.txt'), 'changed');
    expect(await git.at(join(folder, 'wt/a')).modifiedFiles()).toEqual(['file.txt']);
    expect(await git.at(join(folder, 'wt/b')).modifiedFiles()).toEqual([]);
    expect(fileHashes(origin.dir)).toEqual(before);
  });

  it('goes on after a worktree that could not be made', async () => {
    releases(1);
    const git = await open(origin.dir);
    await expect(git.addWorktree(join(folder, 'wt'), '0'.repeat(40))).rejects.toThrow(
      /^git worktree failed: /,
    );
    await git.addWorktree(join(folder, 'wt'), git.head);
  });

  it('holds the access token, also from a file that only the checkout includes, and keeps it private', async () => {
    releases(1);
    const header = 'http.https://example.invalid/.extraheader';
    writeFileSync(join(folder, 'credentials'), '');
    gitIn(folder, 'config', '--file', 'credentials', header, 'AUTHORIZATION: basic c2VjcmV0');
    origin.git('config', `includeIf.gitdir:${origin.dir}/.git.path`, join(folder, 'credentials'));
    const git = await open(origin.dir);
    await git.addWorktree(join(folder, 'wt'), git.head);
    expect(gitIn(join(folder, 'wt'), 'config', '--get-all', header)).toBe('AUTHORIZATION: basic c2VjcmV0');
    expect(statSync(join(folder, 'scratch-0')).mode & 0o777).toBe(0o700);
  });
});

describe('submodules', () => {
  /** A submodule that can be reached only with the settings of the user's own checkout of it. */
  function repositoryWithSubmodule(): string {
    writeFileSync(join(folder, 'gitconfig'), '[protocol "file"]\n\tallow = always\n');
    vi.stubEnv('GIT_CONFIG_GLOBAL', join(folder, 'gitconfig'));
    const inner = TestRepository.create(join(folder, 'inner'));
    inner.write({ 'inner.txt': 'inner' }).commit('inner');
    const library = TestRepository.create(join(folder, 'library'));
    library.git('submodule', '--quiet', 'add', `file://${inner.dir}`, 'deps/inner');
    library.commit('library');
    origin.git('submodule', '--quiet', 'add', `file://${library.dir}`, 'deps/library');
    releases(1);
    gitIn(folder, 'clone', '--quiet', '--recurse-submodules', `file://${origin.dir}`, 'clone');
    return join(folder, 'clone');
  }

  it('are checked out in each worktree, and leave the .git as it was', async () => {
    const dir = repositoryWithSubmodule();
    const before = fileHashes(dir);
    const git = await open(dir);
    for (const name of ['a', 'b']) {
      const worktree = join(folder, name);
      await git.addWorktree(worktree, git.head);
      expect(readFileSync(join(worktree, 'deps/library/deps/inner/inner.txt'), 'utf8')).toBe('inner');
      expect(await git.at(worktree).modifiedFiles()).toEqual([]);
    }
    expect(fileHashes(dir)).toEqual(before);
  });

  it('are reached with the settings that the checkout wrote into their own configuration', async () => {
    const dir = repositoryWithSubmodule();
    // Both submodules have moved; only these settings say where to.
    for (const [name, gitDir] of [
      ['library', '.git/modules/deps/library'],
      ['inner', '.git/modules/deps/library/modules/deps/inner'],
    ] as const) {
      renameSync(join(folder, name), join(folder, `${name}-moved`));
      const key = `url.file://${folder}/${name}-moved.insteadOf`;
      gitIn(dir, '--git-dir', gitDir, 'config', '--local', key, `file://${folder}/${name}`);
    }
    const git = await open(dir);
    await git.addWorktree(join(folder, 'wt'), git.head);
    expect(readFileSync(join(folder, 'wt/deps/library/deps/inner/inner.txt'), 'utf8')).toBe('inner');
  });

  it('are asked for with one Authorization header, though every configuration has it', async () => {
    const dir = repositoryWithSubmodule();
    const header = 'http.https://example.invalid/.extraheader';
    for (const place of [
      '.git',
      '.git/modules/deps/library',
      '.git/modules/deps/library/modules/deps/inner',
    ]) {
      gitIn(dir, '--git-dir', place, 'config', '--local', header, 'AUTHORIZATION: basic c2VjcmV0');
    }
    gitIn(dir, 'config', '--file', join(folder, 'gitconfig'), header, 'AUTHORIZATION: basic b2xk');
    const git = await open(dir);
    await git.addWorktree(join(folder, 'wt'), git.head);
    const file = join(folder, 'scratch-0/gitconfig-submodules');
    // For git an empty value drops the headers before it, here the global one.
    expect(gitIn(dir, 'config', '--file', file, '--includes', '--get-all', header).split('\n')).toEqual([
      'AUTHORIZATION: basic b2xk',
      '',
      'AUTHORIZATION: basic c2VjcmV0',
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('say what to do when they cannot be fetched', async () => {
    const dir = repositoryWithSubmodule();
    rmSync(join(folder, 'inner'), { recursive: true });
    const git = await open(dir);
    const failure: unknown = await git
      .addWorktree(join(folder, 'wt'), git.head)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ActionError);
    expect((failure as ActionError).message).toMatch(
      /^The submodules of .* could not be checked out: git submodule/,
    );
    expect((failure as ActionError).remedy).toContain('submodules: recursive');
  });

  it('do not use the file protocol unless the user allows it', async () => {
    const dir = repositoryWithSubmodule();
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
    const git = await open(dir);
    await expect(git.addWorktree(join(folder, 'wt'), git.head)).rejects.toThrow(
      /transport 'file' not allowed/,
    );
  });
});
