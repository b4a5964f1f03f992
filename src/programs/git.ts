import { join } from 'node:path';
import { CommandFailedError } from '../shared/errors.js';
import { oneByOne } from '../shared/one-by-one.js';
import { FETCH_SECONDS } from './git/command.js';
import { createScratch, type Scratch } from './git/scratch.js';
import { checkOutSubmodules } from './git/submodules.js';
import { WorkTree } from './git/work-tree.js';
import { exists } from '../shared/exists.js';

export interface Tag {
  readonly name: string;
  /** The commit it points at, through any number of annotated tags. */
  readonly commit: string;
  /** When the tag was made (annotated) or its commit was (lightweight); unix seconds, 0 when not recorded. */
  readonly created: number;
  readonly annotated: boolean;
}

/** A tag that points elsewhere in the remote than it did here. */
export interface MovedTag {
  readonly name: string;
  readonly here: string;
  readonly there: string;
}

export interface Remote {
  readonly name: string;
  readonly url: string;
}

const FETCH = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
];

/**
 * The repository of a folder. Everything that would write to it (fetched tags and history, worktrees) goes to a
 * scratch repository that borrows its objects, so the user's `.git` stays as it is.
 */
export class Git {
  /** Worktrees are added one after the other: git fails, and does not wait, when its configuration is locked. */
  private readonly inTurn = oneByOne();

  private constructor(
    private readonly repository: Scratch,
    private readonly folder: string,
  ) {}

  /**
   * Opens the repository that `inside` lies in. `folder` is created for the scratch repository; the caller
   * removes it, and nothing else needs to be undone, also when the job is killed.
   *
   * @throws {ActionError} when there is no repository or no commit.
   */
  static async open(inside: string, folder: string): Promise<Git> {
    return new Git(await createScratch(inside, folder), folder);
  }

  /** Top folder of the user's work tree. */
  get topLevel(): string {
    return this.repository.topLevel;
  }

  /** The checked-out commit. */
  get head(): string {
    return this.repository.head;
  }

  /** The checked-out branch; undefined when HEAD is detached. */
  get branch(): string | undefined {
    return this.repository.branch;
  }

  /** `origin`, else the first remote; undefined when there is none. */
  async remote(): Promise<Remote | undefined> {
    const names = await this.repository.scratch.lines(['remote']);
    const name = names.includes('origin') ? 'origin' : names[0];
    if (name === undefined) return undefined;
    return { name, url: await this.repository.scratch.text(['remote', 'get-url', '--', name]) };
  }

  /** The commit of a tag, branch (also one of the remote) or commit name; undefined when there is none. */
  async resolve(ref: string): Promise<string | undefined> {
    if (!isRefLike(ref)) return undefined;
    const remote = await this.remote();
    for (const name of remote === undefined ? [ref] : [ref, `refs/remotes/${remote.name}/${ref}`]) {
      const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
      const commit = await this.repository.scratch.text(args, { okCodes: [0, 1] });
      if (commit !== '') return commit;
    }
    return undefined;
  }

  /** Short names of all tags and branches. */
  async refNames(): Promise<string[]> {
    const namespaces = ['refs/tags', 'refs/heads', 'refs/remotes'];
    const refs = await this.repository.scratch.lines(['for-each-ref', '--format=%(refname)', ...namespaces]);
    return [...new Set(refs.map((ref) => ref.replace(/^refs\/(?:tags|heads|remotes\/[^/]+)\//, '')))];
  }

  /** All tags that lead to a commit, by name. */
  async tags(): Promise<Tag[]> {
    const format = '--format=%(refname) %(objecttype) %(creatordate:unix)';
    const refs = await this.repository.scratch.lines(['for-each-ref', format, 'refs/tags']);
    const records = refs.map((line) => line.split(' ') as [string, string, string?]);
    const commits = await this.peel(records.map(([ref]) => ref));
    return records.flatMap(([ref, type, created], index) => {
      const commit = commits[index];
      if (commit === undefined) return [];
      const name = ref.slice('refs/tags/'.length);
      return [{ name, commit, created: Number(created ?? 0), annotated: type === 'tag' }];
    });
  }

  /** The names of the tags whose commits are ancestors of `commit`, or are it. */
  async tagsMergedInto(commit: string): Promise<Set<string>> {
    const args = ['for-each-ref', `--merged=${commit}`, '--format=%(refname)', 'refs/tags'];
    return new Set((await this.repository.scratch.lines(args)).map((ref) => ref.slice('refs/tags/'.length)));
  }

  /** The newest commit that both have in their history; undefined when there is none. */
  async mergeBase(one: string, other: string): Promise<string | undefined> {
    const commit = await this.repository.scratch.text(['merge-base', one, other], { okCodes: [0, 1, 128] });
    return commit === '' ? undefined : commit;
  }

  /** The commits that a commit was made from; several for a merge. */
  async parents(commit: string): Promise<readonly string[]> {
    const line = await this.repository.scratch.text(['rev-list', '--parents', '--max-count=1', commit]);
    return line.split(' ').slice(1);
  }

  /** The files that differ between two commits, relative to the top folder; not those that the second lacks. */
  async changedFiles(from: string, to: string): Promise<string[]> {
    const args = ['diff', '--name-only', '-z', '--no-renames', '--diff-filter=d', from, to, '--'];
    return (await this.repository.scratch.text(args)).split('\0').filter((name) => name !== '');
  }

  /** Whether history is missing, as with actions/checkout's default `fetch-depth: 1`. */
  async isShallow(): Promise<boolean> {
    return (await this.repository.scratch.text(['rev-parse', '--is-shallow-repository'])) === 'true';
  }

  /** When a commit was made (committer date), in unix seconds. */
  async commitTime(commit: string): Promise<number> {
    const args = ['show', '--no-patch', '--no-show-signature', '--format=%ct', commit];
    return Number(await this.repository.scratch.text(args));
  }

  /** The files in a folder of the user's work tree, or of a worktree. */
  at(folder: string): WorkTree {
    return new WorkTree(this.repository.in(folder));
  }

  /**
   * Fetches all tags and branches of the remote, and the missing history of a shallow repository: what
   * `fetch-depth: 0` would have given. A tag that points elsewhere in the remote is taken from there (H9, H10).
   *
   * @throws {CommandFailedError} when there is no remote or it cannot be reached.
   */
  async fetchHistory(): Promise<MovedTag[]> {
    const before = await this.tags();
    const remote = (await this.remote())?.name ?? 'origin';
    const refs = ['+refs/tags/*:refs/tags/*', `+refs/heads/*:refs/remotes/${remote}/*`];
    const deepen = (await this.isShallow()) ? ['--unshallow'] : [];
    await this.repository.scratch.run([...FETCH, ...deepen, '--', remote, ...refs], {
      timeoutSeconds: FETCH_SECONDS,
    });
    const after = new Map((await this.tags()).map((tag) => [tag.name, tag.commit]));
    return before.flatMap(({ name, commit: here }) => {
      const there = after.get(name);
      return there === undefined || there === here ? [] : [{ name, here, there }];
    });
  }

  /** Fetches a single commit by its full name; false when the remote does not give it out. */
  async fetchCommit(commit: string): Promise<boolean> {
    const remote = await this.remote();
    if (remote === undefined || !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit)) return false;
    try {
      await this.repository.scratch.run([...FETCH, '--', remote.name, commit], {
        timeoutSeconds: FETCH_SECONDS,
      });
      return true;
    } catch (error) {
      if (error instanceof CommandFailedError) return false;
      throw error;
    }
  }

  /**
   * Checks a commit out, detached and with its submodules, into `dir`, which must not exist yet or be empty.
   *
   * @throws {ActionError} when a submodule cannot be fetched.
   */
  async addWorktree(dir: string, commit: string): Promise<void> {
    await this.inTurn(() => this.checkOut(dir, commit));
  }

  private async checkOut(dir: string, commit: string): Promise<void> {
    await this.repository.scratch.run(['worktree', 'add', '--quiet', '--detach', '--', dir, commit]);
    if (await exists(join(dir, '.gitmodules'))) await checkOutSubmodules(this.repository, dir, this.folder);
  }

  /** The commit behind each ref; undefined for a tag on a file or folder. */
  private async peel(refs: readonly string[]): Promise<(string | undefined)[]> {
    if (refs.length === 0) return [];
    const input = refs.map((ref) => `${ref}^{commit}\n`).join('');
    const args = ['cat-file', '--batch-check=%(objectname) %(objecttype)'];
    const lines = await this.repository.scratch.lines(args, { input });
    return lines.map((line) => /^([0-9a-f]+) commit$/.exec(line)?.[1]);
  }
}

/**
 * Whether a text can name a tag, branch or commit (`v1.0.0`, `main~2`). Unusual but legal names pass (`v1;id`): they
 * reach git as one argument. Options, ranges, searches and paths in commits do not.
 */
export function isRefLike(ref: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return ref !== '' && !/^[-^]|[\x00-\x20\x7f:?*[\\]|\.\.|@\{/.test(ref);
}
