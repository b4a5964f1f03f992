import { BadInputError } from '../../shared/errors.js';
import { parseReleaseVersion, type ReleaseVersion } from '../../shared/release-version.js';

interface Pattern {
  readonly expression: RegExp;
  /** What every matching tag starts with, up to where its version may begin: `myapp-` of `myapp-*`, `v` of `v1*`. */
  readonly prefix: string;
}

/** The input `tag-pattern`: which tags are releases. */
export class TagPattern {
  private readonly patterns: readonly Pattern[];

  /**
   * @param globs `*` any text without `/`, `**` any text, `?` one character, `[a-z]` and `[!a-z]` one of a set
   * @throws {BadInputError} for a set that is not closed, or no pattern at all
   */
  constructor(private readonly globs: readonly string[]) {
    if (globs.length === 0) {
      throw new BadInputError('The input tag-pattern is empty.', { remedy: 'The default is v*,[0-9]*.' });
    }
    this.patterns = globs.map((glob) => ({ expression: toExpression(glob), prefix: literalPrefix(glob) }));
  }

  matches(tag: string): boolean {
    return this.patterns.some(({ expression }) => expression.test(tag));
  }

  /** The version of a release tag; undefined when the tag does not match or what follows the prefix is no version. */
  version(tag: string): ReleaseVersion | undefined {
    for (const { expression, prefix } of this.patterns) {
      if (!expression.test(tag)) continue;
      const version = parseReleaseVersion(tag.slice(prefix.length)) ?? parseReleaseVersion(tag);
      if (version !== undefined) return version;
    }
    return undefined;
  }

  toString(): string {
    return this.globs.join(', ');
  }
}

function literalPrefix(glob: string): string {
  return (/^[^*?[]*/.exec(glob)?.[0] ?? '').replace(/[\d.]+$/, '');
}

function toExpression(glob: string): RegExp {
  const parts = glob.match(/\*+|\?|\[[^\]]+\]|[^*?[]+|\[/g) ?? [];
  return new RegExp(`^${parts.map((part) => toSource(part, glob)).join('')}$`, 'us');
}

function toSource(part: string, glob: string): string {
  if (part === '[') {
    throw new BadInputError(`The pattern "${glob}" in tag-pattern has a [ that is not closed.`, {
      remedy: 'Write a set of characters as in [0-9]*.',
    });
  }
  if (part.startsWith('**')) return '.*';
  if (part === '*') return '[^/]*';
  if (part === '?') return '[^/]';
  if (part.startsWith('[')) return toSet(part, glob);
  return part.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
}

function toSet(part: string, glob: string): string {
  const not = /^\[[!^]/.test(part);
  const members = part.slice(not ? 2 : 1, -1).replaceAll(/[\\^[]/g, '\\$&');
  try {
    const source = `[${not ? '^' : ''}${members}]`;
    new RegExp(source, 'us');
    return source;
  } catch (error) {
    throw new BadInputError(`The pattern "${glob}" in tag-pattern has a set that cannot be read: ${part}.`, {
      remedy: 'Write a set of characters as in [0-9]*.',
      cause: error,
    });
  }
}
