import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const citing = globSync(
  [
    'src/**/*.{ts,erl}',
    '__tests__/**/*.{ts,erl}',
    'scripts/**',
    '*.md',
    'docs/*.md',
    '{.,deploy}/action.yml',
  ],
  { cwd: ROOT, withFileTypes: true },
)
  .filter((entry) => entry.isFile() && entry.name !== 'hazards.md')
  .map((entry) => join(entry.parentPath, entry.name));

/** Numbers that a pattern captures, each with the first file that has it. */
function cited(pattern: RegExp): Map<number, string> {
  const found = new Map<number, string>();
  for (const file of citing) {
    for (const [, number] of readFileSync(file, 'utf8').matchAll(pattern)) {
      if (!found.has(Number(number))) found.set(Number(number), file);
    }
  }
  return found;
}

test('every hazard that is cited stands in docs/hazards.md, once', () => {
  const listed = [...read('docs/hazards.md').matchAll(/^\| H(\d+) \|/gm)].map(([, number]) => Number(number));
  expect(listed).toEqual(Array.from({ length: listed.length }, (_, index) => index + 1));
  const unknown = [...cited(/\bH(\d{1,3})\b/g)].filter(([number]) => !listed.includes(number));
  expect(unknown).toEqual([]);
});

test('every design decision that is cited stands in docs/design.md', () => {
  const text = read('docs/design.md');
  const decisions = [...text.slice(text.indexOf('## Decisions')).matchAll(/^(\d+)\. \*\*/gm)].map(
    ([, number]) => Number(number),
  );
  expect(decisions).toEqual(Array.from({ length: decisions.length }, (_, index) => index + 1));
  const unknown = [...cited(/design(?:\s+\*)? decision (\d+)/g)].filter(
    ([number]) => !decisions.includes(number),
  );
  expect(unknown).toEqual([]);
});

/** As GitHub makes it of a heading: small letters, no punctuation, a hyphen for each blank. */
const anchorOf = (title: string): string =>
  title
    .replaceAll(/\\(?=[<>|])/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\- _]/gu, '')
    .trim()
    .replaceAll(' ', '-');

test('every link within the documents leads to a file, and to a heading of it', () => {
  const documents = globSync(['*.md', '{docs,deploy,examples,src}/**/*.md'], { cwd: ROOT });
  const anchors = (file: string): Set<string> =>
    new Set([...read(file).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title)));
  const broken = documents.flatMap((document) => {
    const text = read(document).replaceAll(/^```[\s\S]*?^```/gm, '');
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? document : join(document, '..', path);
      const isThere = globSync(file, { cwd: ROOT }).length > 0;
      const leads = isThere && (anchor === undefined || anchors(file).has(anchor));
      return leads ? [] : [`${document}: ${target}`];
    });
  });
  expect(broken).toEqual([]);
});
