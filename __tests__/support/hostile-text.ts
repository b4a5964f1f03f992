import fc from 'fast-check';

/** Pieces that mean something to a shell, git, the runner, Markdown, HTML, Erlang, a path or a terminal. */
const PIECES = [
  ...[
    'v',
    '1',
    '0',
    '1.0.0',
    '.',
    '..',
    '/',
    '-',
    '--',
    '+',
    '~',
    '_',
    '@',
    '@{',
    '^',
    ':',
    '::',
    ';',
    ',',
    '=',
  ],
  ...[
    '$(id)',
    '`id`',
    '&&',
    '|',
    '>',
    '<',
    '"',
    "'",
    '\\',
    '*',
    '?',
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    '#',
    '##[',
    '%',
  ],
  ...[
    ' ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '\u0001',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u202e',
  ],
  ...[
    'ä',
    '日本',
    '👩‍💻',
    '\ufeff',
    '\ud800',
    'www.',
    'http://',
    ':tada:',
    '<!--',
    '-->',
    '<script>',
    '&amp;',
    '~~~',
    '```',
  ],
  ...[
    '--upload-pack=x',
    '../x',
    'refs/tags/',
    '.tar.gz',
    '.lock',
    'auto',
    'none',
    'true',
    'TRUE',
    '9'.repeat(20),
    '!',
    '$',
  ],
];

/** Texts as an attacker or a bad day would write them. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);

/** How many cases every fuzz test runs through. */
export const CASES = { numRuns: 10_000 };

/** The text as it should be shown: on one line, without what cannot be seen or would turn the line around. */
export function onOneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
}

/** Control characters, and those that turn the direction of a text around. */
export const CONTROL =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
