import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeArtifactName } from '../../src/artifact/upload.js';
import { TagPattern } from '../../src/refs/tag-pattern.js';
import { tagNamesVersion } from '../../src/shared/names.js';
import { parseEmulatorArguments } from '../../src/node/emulator-arguments.js';
import { isRefLike } from '../../src/programs/git.js';
import { BadInputError } from '../../src/shared/errors.js';
import { isApplicationName, isPathComponent, isReleaseName, isVersion } from '../../src/shared/names.js';
import { compareReleaseVersions, parseReleaseVersion } from '../../src/refs/release-version.js';
import { CASES, hostileText } from '../support/hostile-text.js';

/** What a shell, a path or an option is made of. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const DANGEROUS = /[\s\u0000-\u001f\u007f;&|<>$`"'\\*?[\](){}!#%/]|^-|^\.{1,2}$/u;

test('a release version that is read from a tag is the end of the tag, plain, and reads the same again', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (prefix, text) => {
      for (const tag of [text, `v${text}`, `1.0.0-${text}`, `${prefix}1.2.3+${text}`]) {
        const version = parseReleaseVersion(tag);
        if (version === undefined) continue;
        expect(tag.endsWith(version.text)).toBe(true);
        expect(version.text).toMatch(/^[0-9]+\.[0-9A-Za-z.+-]+$/);
        expect(isVersion(version.text)).toBe(true);
        expect(parseReleaseVersion(version.text)).toEqual(version);
        expect(compareReleaseVersions(version, version)).toBe(0);
      }
    }),
    CASES,
  );
});

test('names and versions that pass hold nothing that a shell, a path or an option is made of', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      for (const candidate of [text, `app${text}`, `1.0.0${text}`]) {
        const passes = [isReleaseName, isApplicationName, isVersion].some((check) => check(candidate));
        if (!passes) continue;
        expect(candidate).not.toMatch(DANGEROUS);
        expect(isPathComponent(candidate)).toBe(true);
      }
      if (tagNamesVersion(text, '1.0.0')) expect(text).toMatch(/^[\w./-]*1\.0\.0$/);
    }),
    CASES,
  );
});

test('what git is asked for is one name: no option, range, search or second line', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      if (!isRefLike(text)) return;
      expect(text).not.toBe('');
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(text).not.toMatch(/^[-^]|\.\.|@\{|[\u0000-\u0020\u007f:?*[\\]/);
    }),
    CASES,
  );
});

interface GlobPart {
  /** As it is written, without `?` or `+`. */
  readonly atom: string;
  readonly times: '' | '?' | '+';
}

/** Filters read part by part, as the input's documentation says. */
function matchesGlob(parts: readonly GlobPart[], text: string): boolean {
  const [first, ...rest] = parts;
  if (first === undefined) return text === '';
  const [char, ...others] = text;
  const fits = char !== undefined && fitsAtom(first.atom, char);
  const after = others.join('');
  if (first.atom.startsWith('*')) return matchesGlob(rest, text) || (fits && matchesGlob(parts, after));
  if (first.times === '?' && matchesGlob(rest, text)) return true;
  if (!fits) return false;
  return matchesGlob(rest, after) || (first.times === '+' && matchesGlob(parts, after));
}

function fitsAtom(atom: string, char: string): boolean {
  if (atom === '**') return true;
  if (atom === '*') return char !== '/';
  if (atom === '[0-9]') return /[0-9]/.test(char);
  if (atom === '[!a]') return char !== 'a';
  return char === atom.at(-1);
}

test('a tag pattern matches what its filter says, part by part', () => {
  const atoms = ['*', '**', '[0-9]', '[!a]', 'a', '1', '.', '/', '\\+', '(', '$', '^', '|', '\\\\', '日'];
  const part = fc
    .record({ atom: fc.constantFrom(...atoms), times: fc.constantFrom('', '?', '+') })
    .map(({ atom, times }): GlobPart => ({ atom, times: atom.startsWith('*') ? '' : times }));
  const char = fc.constantFrom('a', '1', '.', '/', '+', '(', '$', '^', '|', '\\', '日', '\n', 'b');
  const glob = fc
    .array(part, { minLength: 1, maxLength: 6 })
    // two of them side by side read as a longer one
    .filter(
      (parts) => !parts.some(({ atom }, i) => atom.startsWith('*') && parts[i + 1]?.atom.startsWith('*')),
    );
  fc.assert(
    fc.property(glob, fc.array(char, { maxLength: 6 }), (parts, chars) => {
      const written = parts.map(({ atom, times }) => atom + times).join('');
      const text = chars.join('');
      expect(new TagPattern([written]).matches(text)).toBe(matchesGlob(parts, text));
    }),
    CASES,
  );
});

test('any text is a tag pattern, or is refused in words', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (glob, tag) => {
      try {
        const pattern = new TagPattern([glob]);
        expect(typeof pattern.matches(tag)).toBe('boolean');
        if (pattern.version(tag) !== undefined) expect(pattern.matches(tag)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(BadInputError);
      }
    }),
    CASES,
  );
});

test('an artifact name holds nothing that the service refuses', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(safeArtifactName(text)).toMatch(/^[^"*/:<>?\\|\u0000-\u001f\u007f]+$/);
    }),
    CASES,
  );
});

test('any command line of an emulator can be read', () => {
  const flag = fc.constantFrom(
    '--',
    '-extra',
    '-sname',
    '-name',
    '-setcookie',
    '-boot',
    '-root',
    '-home',
    '-proto_dist',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(flag, hostileText), { maxLength: 12 }), (args) => {
      const read = parseEmulatorArguments(['beam.smp', ...args]);
      for (const value of [read.root, read.boot, read.nodeName, read.cookie, read.home]) {
        if (value !== undefined) expect(args).toContain(value);
      }
      for (const word of read.distribution) expect(args).toContain(word);
    }),
    CASES,
  );
});
