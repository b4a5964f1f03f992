// GitHub's filter syntax, as `on.push.tags` has it: https://docs.github.com/actions, "Filter pattern cheat sheet".
import { BadInputError } from '../shared/errors.js';

/** One pattern of the input `tag-pattern`. */
export interface TagGlob {
  /** `!pattern`: what it matches is no release tag, unless a later pattern matches again. */
  readonly negative: boolean;
  readonly expression: RegExp;
  /** What every matching tag starts with, up to where its version may begin: `myapp-` of `myapp-*`, `v` of `v1*`. */
  readonly prefix: string;
}

interface Part {
  /** What is matched once, as the source of a regular expression. */
  readonly source: string;
  /** Of a part that is one plain character. */
  readonly literal: string | undefined;
  readonly times: '' | '?' | '+' | '*';
}

/**
 * `*` is any text without `/`, `**` any text, `?` and `+` make the character before them optional or repeatable,
 * `[a-z]` is one of a set (`[!a-z]` one that is not in it), `\` takes the next character as it is.
 *
 * @throws {BadInputError} for a set that is not closed or cannot be read, or a `?` or `+` with nothing before it
 */
export function readTagGlob(text: string): TagGlob {
  const negative = text.startsWith('!');
  const glob = negative ? text.slice(1) : text;
  const parts = (glob.match(/\\.|\*+|\[[^\]]+\]|./gsu) ?? []).reduce(
    (before, token) => withToken(before, token, text),
    [] as readonly Part[],
  );
  const source = parts.map((part) => part.source + part.times).join('');
  const special = parts.findIndex(({ literal, times }) => literal === undefined || times !== '');
  const literals = special === -1 ? parts : parts.slice(0, special);
  const prefix = literals.map(({ literal }) => literal ?? '').join('');
  return { negative, expression: new RegExp(`^${source}$`, 'us'), prefix: prefix.replace(/[\d.]+$/, '') };
}

function withToken(before: readonly Part[], token: string, glob: string): readonly Part[] {
  if (token !== '?' && token !== '+') return [...before, toPart(token, glob)];
  const last = before.at(-1);
  if (last === undefined) {
    throw new BadInputError(`The pattern "${glob}" in tag-pattern has a ${token} with nothing before it.`, {
      remedy:
        "In GitHub's filters ? and + are for the character before them, as in v?1.0; write * for any text.",
    });
  }
  return [...before.slice(0, -1), { ...last, times: repeated(last.times, token) }];
}

function repeated(times: Part['times'], token: '?' | '+'): Part['times'] {
  return times === '' || times === token ? token : '*';
}

function toPart(token: string, glob: string): Part {
  if (token.startsWith('*')) {
    return { source: token === '*' ? '[^/]' : '.', literal: undefined, times: '*' };
  }
  if (token === '[') {
    throw new BadInputError(`The pattern "${glob}" in tag-pattern has a [ that is not closed.`, {
      remedy: 'Write a set of characters as in [0-9]*.',
    });
  }
  if (token.length > 2 && token.startsWith('[')) {
    return { source: toSet(token, glob), literal: undefined, times: '' };
  }
  const literal = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token;
  return { source: literal.replace(/[\^$\\.*+?()[\]{}|/]/, '\\$&'), literal, times: '' };
}

function toSet(token: string, glob: string): string {
  const not = /^\[[!^]/.test(token);
  const members = token.slice(not ? 2 : 1, -1).replaceAll(/[\\^[]/g, '\\$&');
  try {
    const source = `[${not ? '^' : ''}${members}]`;
    new RegExp(source, 'us');
    return source;
  } catch (error) {
    throw new BadInputError(`The pattern "${glob}" in tag-pattern has a set that cannot be read: ${token}.`, {
      remedy: 'Write a set of characters as in [0-9]*.',
      cause: error,
    });
  }
}
