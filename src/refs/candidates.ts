import type { Tag } from '../programs/git.js';
import type { Candidate } from '../model/refs.js';
import { compareReleaseVersions, isPreRelease, type ReleaseVersion } from './release-version.js';
import type { TagPattern } from './tag-pattern.js';

/** A tag whose name carries a release version. */
export interface ReleaseTag {
  readonly name: string;
  readonly version: ReleaseVersion;
}

export interface Situation {
  readonly newCommit: string;
  /** The new commit's release tag; undefined on a branch or pull request. */
  readonly newTag: ReleaseTag | undefined;
  readonly pattern: TagPattern;
  /** Names of the tags whose commits are ancestors of the new commit. */
  readonly ancestors: ReadonlySet<string>;
  /** Tags that have a GitHub release with packages, when only those count. */
  readonly published?: ReadonlySet<string>;
}

/** A tag that may be upgraded from, or the reason why it is out of the question. */
type Judged =
  Earlier | { readonly tag: Tag; readonly version: ReleaseVersion | undefined; readonly dropped: string };

interface Earlier {
  readonly tag: Tag;
  readonly version: ReleaseVersion;
  readonly dropped: undefined;
}

/**
 * The rule of `upgrade-from: auto`: the highest release version below the new one, among the ancestors of the new commit,
 * or, when there is none, among all tags. Highest versions come first, tags that are no releases last.
 */
export function judgeCandidates(tags: readonly Tag[], situation: Situation): Candidate[] {
  const judged = tags.map((tag) => judge(tag, situation)).sort(byVersion);
  const earlier = judged.filter((one) => one.dropped === undefined);
  const ancestor = earlier.find(({ tag }) => situation.ancestors.has(tag.name));
  const taken = ancestor ?? earlier[0];
  return judged.map((one) => ({
    ...describe(one.tag, one.version),
    taken: one === taken,
    why: one.dropped ?? (taken === one ? whyTaken(ancestor !== undefined) : whyNot(one, taken as Earlier)),
  }));
}

/** Why an earlier release is not taken by `upgrade-from: release`. */
export const UNPUBLISHED = 'no GitHub release with packages';

/** The same list when the user names the up-from releases. */
export function listNamed(
  tags: readonly Tag[],
  named: ReadonlySet<string>,
  pattern: TagPattern,
): Candidate[] {
  return tags.map((tag) => {
    const taken = named.has(tag.name);
    const why = taken ? 'named in upgrade-from' : 'not named in upgrade-from';
    return { ...describe(tag, pattern.version(tag.name)), taken, why };
  });
}

function describe({ name, commit }: Tag, version: ReleaseVersion | undefined) {
  return { tag: name, commit, ...(version === undefined ? {} : { version: version.text }) };
}

function judge(tag: Tag, situation: Situation): Judged {
  const judged = judgeTag(tag, situation);
  const { published } = situation;
  return judged.dropped !== undefined || published === undefined || published.has(tag.name)
    ? judged
    : { ...judged, dropped: UNPUBLISHED };
}

function judgeTag(tag: Tag, { newCommit, newTag, pattern }: Situation): Judged {
  const version = pattern.version(tag.name);
  const dropped = (why: string): Judged => ({ tag, version, dropped: why });
  if (tag.name === newTag?.name) return dropped('the new release itself');
  if (tag.commit === newCommit) return dropped('on the new commit itself');
  if (!pattern.matches(tag.name)) return dropped(`does not match tag-pattern (${pattern.toString()})`);
  if (version === undefined) return dropped('not a release version');
  if (isPreRelease(version) && (newTag === undefined || !isPreRelease(newTag.version))) {
    return dropped(`a pre-release, and ${newTag === undefined ? 'the new commit' : newTag.name} is not`);
  }
  if (newTag === undefined) return { tag, version, dropped: undefined };
  const order = compareReleaseVersions(version, newTag.version);
  if (order > 0) return dropped(`higher than ${newTag.name}`);
  return order === 0 ? dropped(`the same version as ${newTag.name}`) : { tag, version, dropped: undefined };
}

function whyTaken(isAncestor: boolean): string {
  return isAncestor
    ? 'the highest earlier release version among the ancestors of the new commit'
    : 'the highest earlier release version; no earlier release is an ancestor of the new commit';
}

function whyNot(one: Earlier, taken: Earlier): string {
  const order = compareReleaseVersions(one.version, taken.version);
  if (order > 0) return `not an ancestor of the new commit, as ${taken.tag.name} is`;
  return order === 0 ? `the same version as ${taken.tag.name}` : `lower than ${taken.tag.name}`;
}

/** Creation dates only decide between equal versions: they say nothing about the order of releases (H3). */
function byVersion(a: Judged, b: Judged): number {
  if (a.version === undefined || b.version === undefined) {
    return Number(a.version === undefined) - Number(b.version === undefined) || byName(a, b);
  }
  return compareReleaseVersions(b.version, a.version) || b.tag.created - a.tag.created || byName(a, b);
}

function byName(a: Judged, b: Judged): number {
  return a.tag.name < b.tag.name ? -1 : 1;
}
