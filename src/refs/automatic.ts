import type { Candidate } from '../model/refs.js';
import type { NewRelease } from './new-release.js';
import type { TagPattern } from './tag-pattern.js';

/** Items that stand for the nearest earlier release: any, or one that was published. */
export const AUTOMATIC = ['auto', 'release'] as const;
export type Automatic = (typeof AUTOMATIC)[number];

export function isAutomatic(item: string): boolean {
  return AUTOMATIC.some((one) => one === item);
}

/** Why these up-from releases, in one or two sentences. Pure. */
export function explain({
  upgradeFrom,
  release,
  candidates,
  pattern,
  before,
}: {
  readonly upgradeFrom: readonly string[];
  readonly release: NewRelease;
  readonly candidates: readonly Candidate[];
  readonly pattern: TagPattern;
  /** The commit before a change, where it stands in for a release tag. */
  readonly before?: string;
}): string {
  if (upgradeFrom.includes('none'))
    return `upgrade-from is none: ${release.ref} is not upgraded from any release.`;
  const named = upgradeFrom.filter((item) => !isAutomatic(item)).join(', ');
  const sentences = named === '' ? [] : [`upgrade-from names ${named}.`];
  if (upgradeFrom.some(isAutomatic)) {
    sentences.unshift(
      before === undefined
        ? explainAutomatic(release, candidates, pattern)
        : `${release.ref} is upgraded from ${before}, the commit before the change: no tag that matches tag-pattern (${pattern.toString()}) is an earlier release.`,
    );
  }
  return sentences.join(' ');
}

function explainAutomatic(
  { ref, tag }: NewRelease,
  candidates: readonly Candidate[],
  pattern: TagPattern,
): string {
  const taken = candidates.find((one) => one.taken);
  if (taken !== undefined) return `${ref} is upgraded from ${taken.tag}: ${taken.why}.`;
  const others = candidates.filter((one) => one.version !== undefined && one.tag !== tag?.name);
  return others.length === 0
    ? `${ref} is the first release: no other tag that matches tag-pattern (${pattern.toString()}) is a release version.`
    : `${ref} has no earlier release: none of the other release tags (${others.length}) comes before it.`;
}
