import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alert,
  code as codeOf,
  fold,
  list,
  paragraph,
  strong,
  table,
} from '../../src/report/document/blocks.js';
import { code, codeBlock, markdownOf, plain } from '../../src/report/document/markdown.js';
import { prose } from '../../src/report/document/prose.js';
import { CASES, hostileText, onOneLine } from '../support/hostile-text.js';

/** What a browser shows of character references and of the one element that may be among them. */
function shown(markdown: string): string {
  return markdown
    .replaceAll(/<\/?span>/g, '')
    .replaceAll(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));
}

/** Everything that could be syntax is a reference; what GitHub looks for in the finished text stands alone. */
const SAFE = /^(?:[^!"#$%&'*:;<=>?@[\\\]^_`{|}~\n\r]|:(?= |$)|&#\d+;|<span>&#\d+;<\/span>)*$/u;

test('text is shown as it is and does nothing, as text and as code', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const markdown = plain(text);
      expect(markdown).toMatch(SAFE);
      expect(shown(markdown)).toBe(onOneLine(text));
      expect(markdown).not.toMatch(/^(?:[-+]|\d+[.)])(?: |$)|^---|www\.|:\/\//i);
      expect(markdown).not.toMatch(/(?<!<span>)&#(?:64|58|35);/);
      expect(code(text)).toBe(`<code>${markdown}</code>`);
    }),
    CASES,
  );
});

test('a cell does not end its row, and a title does not end its fold', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (one, other) => {
      const lines = markdownOf([table(['a', 'b'], [[[one], [codeOf(other)]]])]).split('\n');
      expect(lines).toHaveLength(3);
      expect(lines[2]?.split('|')).toHaveLength(4);
      expect(markdownOf([fold([one], [])]).match(/<\/?(?!span)[a-z]+>/g)).toEqual([
        '<details>',
        '<summary>',
        '</summary>',
        '</details>',
      ]);
    }),
    CASES,
  );
});

test('a code block ends where it should', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (a, b) => {
      const text = `${a}\n${b}`;
      const [fence = '', ...lines] = codeBlock(text).split('\n');
      expect(fence).toMatch(/^`{3,}$/);
      expect(lines.pop()).toBe(fence);
      expect(lines.join('\n')).toBe(text);
      for (const line of lines.join('\n').split(/[\n\r]/)) {
        expect(/^ {0,3}(`{3,})\s*$/.exec(line)?.[1]?.length ?? 0).toBeLessThan(fence.length);
      }
    }),
    CASES,
  );
});

test('an alert box, a list and a paragraph keep their form', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (one, other) => {
      const line = ['A ', codeOf(one), ' ', strong(other), ' ', one];
      const alertLines = markdownOf([alert('tip', line, [other])]).split('\n');
      expect(alertLines).toHaveLength(4);
      expect(alertLines.every((text) => text.startsWith('>'))).toBe(true);
      expect(markdownOf([list([line]), paragraph(...line)]).split('\n')).toHaveLength(3);
    }),
    CASES,
  );
});

test('the address of a link does not end it', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (link, path) => {
      const markdown = markdownOf([paragraph({ link, url: `https://github.com/${path}` })]);
      expect(markdown).toMatch(/^\[[^\n\]]*\]\(https:\/\/github\.com\/[^\s()<>[\]\\"`]*\)$/);
    }),
    CASES,
  );
});

test('prose says all that was said, and breaks out of nothing', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (one, other) => {
      for (const block of prose(`Write ${one}:\n${other}`)) {
        const text = markdownOf([block]);
        if (block.kind === 'paragraph') expect(text.split('\n')).toHaveLength(1);
        else expect(block.kind).toBe('code');
      }
    }),
    CASES,
  );
});
