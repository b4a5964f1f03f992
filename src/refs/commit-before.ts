import type { Git } from '../programs/git.js';

/** What the event tells of the commits that a change lies between; every part may be missing. */
export interface ChangeHints {
  /** Where the change goes to: the base of a pull request or of a merge queue's group, or what a branch was before the push. */
  readonly base?: string;
  /** The pull request's own newest commit. */
  readonly head?: string;
}

/** What a push that makes a branch names as the commit before. */
const NONE = /^0+$/;

/**
 * The commit before the change that is checked out. GitHub checks a pull request out as a merge with its base, which may be newer
 * than the base that the event names. Without an event, the change is what the remote's default branch lacks, else the newest commit.
 *
 * @returns undefined for a first commit
 */
export async function commitBefore(git: Git, { base, head }: ChangeHints): Promise<string | undefined> {
  const [first, second] = await git.parents(git.head);
  if (head !== undefined && second === head) return first;
  const remote = await git.remote();
  const common = await commonCommit(git, base ?? `${remote?.name ?? 'origin'}/HEAD`);
  return common === undefined || common === git.head ? first : common;
}

async function commonCommit(git: Git, name: string): Promise<string | undefined> {
  if (NONE.test(name)) return undefined;
  const known = await git.resolve(name);
  const commit = known ?? ((await git.fetchCommit(name)) ? name : undefined);
  return commit === undefined ? undefined : git.mergeBase(commit, git.head);
}
