import type { Git } from '../programs/git.js';
import { compareReleaseVersions } from './release-version.js';
import type { ReleaseTag } from './candidates.js';
import { checkPushedTag } from './left-out-tags.js';
import type { TagPattern } from './tag-pattern.js';

/** What the workflow runs for, from the runner's variables. */
export interface WorkflowEvent {
  /** GITHUB_REF_TYPE: `tag` or `branch`. */
  readonly refType?: string;
  /** GITHUB_REF_NAME, e.g. `v1.2.3`, `main` or `5/merge`. */
  readonly refName?: string;
  /** GITHUB_EVENT_NAME. */
  readonly eventName?: string;
}

export interface NewRelease {
  /** The release tag, else any name of the checked-out commit: tag, branch or short commit. */
  readonly ref: string;
  readonly tag: ReleaseTag | undefined;
  readonly notes: readonly string[];
}

/**
 * Names the checked-out commit. What is checked out counts, not what the event names: `ref` of actions/checkout may
 * have chosen another commit.
 *
 * @param tagNames tags on the checked-out commit
 * @throws {BadInputError} when the commit has no release tag, and the pushed one only looks like one
 */
export async function findNewRelease({
  git,
  tagNames,
  pattern,
  event,
}: {
  readonly git: Git;
  readonly tagNames: readonly string[];
  readonly pattern: TagPattern;
  readonly event: WorkflowEvent;
}): Promise<NewRelease> {
  const pushed = event.refType === 'tag' ? event.refName : undefined;
  const tag = newReleaseTag(tagNames, pushed, pattern);
  if (tag === undefined && pushed !== undefined && tagNames.includes(pushed)) checkPushedTag(pushed, pattern);
  return {
    ref: tag?.name ?? (await otherName(git, tagNames, event)),
    tag,
    notes:
      pushed === undefined || pushed === tag?.name ? [] : [whyNotPushed({ pushed, tagNames, tag, pattern })],
  };
}

/** The pushed tag if it is a release tag on the commit, otherwise the highest version among those that are. */
export function newReleaseTag(
  tagNames: readonly string[],
  pushed: string | undefined,
  pattern: TagPattern,
): ReleaseTag | undefined {
  const releases = tagNames
    .flatMap((name) => {
      const version = pattern.version(name);
      return version === undefined ? [] : [{ name, version }];
    })
    .sort((a, b) => compareReleaseVersions(b.version, a.version) || (a.name < b.name ? -1 : 1));
  return releases.find(({ name }) => name === pushed) ?? releases[0];
}

function whyNotPushed({
  pushed,
  tagNames,
  tag,
  pattern,
}: {
  readonly pushed: string;
  readonly tagNames: readonly string[];
  readonly tag: ReleaseTag | undefined;
  readonly pattern: TagPattern;
}): string {
  const why = tagNames.includes(pushed)
    ? `is not a release version that matches tag-pattern (${pattern.toString()})`
    : 'is not on the checked-out commit';
  const instead = tag === undefined ? 'which counts as untagged' : `whose release tag is ${tag.name}`;
  return `The workflow runs for the tag ${pushed}, which ${why}; the new release is the checked-out commit, ${instead}.`;
}

async function otherName(git: Git, tagNames: readonly string[], event: WorkflowEvent): Promise<string> {
  const { refName } = event;
  if (git.branch !== undefined) return git.branch;
  if (refName !== undefined && event.refType === 'tag' && tagNames.includes(refName)) return refName;
  // actions/checkout detaches HEAD for pull requests, and keeps the merge commit as refs/remotes/pull/<number>/merge.
  for (const name of refName === undefined ? [] : [refName, `pull/${refName}`]) {
    if ((await git.resolve(name)) === git.head) return refName ?? name;
  }
  return git.head.slice(0, 7);
}
