import { BadInputError } from '../shared/errors.js';
import { parseReleaseVersion, type ReleaseVersion } from './release-version.js';
import { readTagGlob, type TagGlob } from './tag-glob.js';

/** The input `tag-pattern`: which tags are releases, as `on.push.tags` filters them (H142). */
export class TagPattern {
  private readonly patterns: readonly TagGlob[];

  /** @throws {BadInputError} for a pattern that cannot be read, or when there is none that a tag could match */
  constructor(private readonly globs: readonly string[]) {
    if (globs.length === 0) {
      throw new BadInputError('The input tag-pattern is empty.', { remedy: 'The default is v*,[0-9]*.' });
    }
    this.patterns = globs.map(readTagGlob);
    if (this.patterns.every(({ negative }) => negative)) {
      throw new BadInputError('The input tag-pattern only leaves tags out, with !, and takes none.', {
        remedy: 'Put what it takes first, e.g. v*,!v*-beta*.',
      });
    }
  }

  /** The last pattern that matches decides. */
  matches(tag: string): boolean {
    return this.patterns.findLast(({ expression }) => expression.test(tag))?.negative === false;
  }

  /** The version of a release tag; undefined when the tag does not match or what follows the prefix is no version. */
  version(tag: string): ReleaseVersion | undefined {
    if (!this.matches(tag)) return undefined;
    for (const { negative, expression, prefix } of this.patterns) {
      if (negative || !expression.test(tag)) continue;
      const version = parseReleaseVersion(tag.slice(prefix.length)) ?? parseReleaseVersion(tag);
      if (version !== undefined) return version;
    }
    return undefined;
  }

  toString(): string {
    return this.globs.join(', ');
  }
}
