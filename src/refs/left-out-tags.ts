// Tags that look like releases and that `tag-pattern` leaves out: who wrote the pattern hardly meant that (H142).
import { BadInputError } from '../shared/errors.js';
import { compareReleaseVersions, isPreRelease, parseReleaseVersion } from './release-version.js';
import { UNPUBLISHED, type ReleaseTag } from './candidates.js';
import type { Candidate } from '../model/refs.js';
import type { TagPattern } from './tag-pattern.js';

/** What stands before the version of a tag that looks like a release's: `app-` of `app-v1.2.0`, nothing of `v1.2.0`. */
interface ReleaseLike extends ReleaseTag {
  readonly prefix: string;
}

function releaseLike(name: string): ReleaseLike | undefined {
  const bare = parseReleaseVersion(name);
  if (bare !== undefined) return { name, version: bare, prefix: '' };
  const [, prefix = '', rest = ''] = /^(.*?[-_/@])(v?\d+\.\d.*)$/s.exec(name) ?? [];
  const version = parseReleaseVersion(rest);
  return version === undefined ? undefined : { name, version, prefix };
}

/**
 * For a pushed tag on the checked-out commit that is no release tag.
 *
 * @throws {BadInputError} when it looks like one
 */
export function checkPushedTag(pushed: string, pattern: TagPattern): void {
  const like = releaseLike(pushed);
  if (like === undefined || pattern.matches(pushed)) return;
  const suggested = like.prefix === '' && pushed.startsWith('v') ? 'v*' : `${like.prefix}*`;
  throw new BadInputError(
    `The pushed tag ${pushed} looks like a release, but does not match tag-pattern (${pattern.toString()}).`,
    {
      remedy: `Set tag-pattern to what release tags look like here (e.g. ${suggested}), or let on.push.tags start this workflow for release tags only.`,
    },
  );
}

/**
 * For a new release that would be a first one.
 *
 * @throws {BadInputError} when earlier tags that look like its own do not match the pattern
 */
export function checkFirstRelease(
  release: ReleaseTag,
  candidates: readonly Candidate[],
  pattern: TagPattern,
): void {
  const own = releaseLike(release.name);
  const leftOut = candidates.filter(({ tag }) => {
    const like = releaseLike(tag);
    return (
      like !== undefined &&
      !pattern.matches(tag) &&
      like.prefix === own?.prefix &&
      compareReleaseVersions(like.version, release.version) < 0 &&
      (isPreRelease(release.version) || !isPreRelease(like.version))
    );
  });
  if (leftOut.length === 0) return;
  throw new BadInputError(
    `${release.name} would count as the first release, because tag-pattern (${pattern.toString()}) leaves out ${someOf(leftOut)}.`,
    {
      remedy: 'Let tag-pattern match the earlier releases, too, or set upgrade-from: none if there are none.',
    },
  );
}

/**
 * For `upgrade-from: release`.
 *
 * @throws {BadInputError} when there are earlier releases, and none was published
 */
export function checkPublished(candidates: readonly Candidate[]): void {
  const earlier = candidates.filter(({ why }) => why === UNPUBLISHED);
  if (earlier.length === 0 || candidates.some(({ taken }) => taken)) return;
  throw new BadInputError(
    `upgrade-from: release finds no GitHub release with packages of relup-action among the earlier releases (${someOf(earlier)}).`,
    {
      remedy:
        'Write upgrade-from: auto, which builds the tag where nothing was published; publish: release attaches the packages from now on.',
    },
  );
}

function someOf(candidates: readonly Candidate[]): string {
  const names = candidates.map(({ tag }) => tag);
  return (names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names).join(', ');
}
