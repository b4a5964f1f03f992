import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alert,
  type Block,
  code,
  codeBlock,
  fold,
  heading,
  list,
  paragraph,
  strong,
  table,
} from '../../src/report/document/blocks.js';
import { htmlOf } from '../../src/report/document/html.js';
import { CASES, CONTROL, hostileText } from '../support/hostile-text.js';

/** A report that holds a text everywhere. */
function everywhere(text: string): Block[] {
  const line = [text, code(text), strong(text), { link: text, url: `https://github.com/${text}` }];
  return [
    heading(1, ...line),
    paragraph(...line),
    alert('caution', line),
    codeBlock(text, 'diff'),
    table([text], [[line]]),
    list([line]),
    fold(line, [paragraph({ link: text, url: `x${text}` })]),
    { kind: 'timeline', lanes: [{ name: text, bars: [{ name: text, start: 0, seconds: 1, result: 'ok' }] }] },
    { kind: 'tree', roots: [{ name: text, note: text, mark: 'added', children: [] }] },
  ];
}

const page = (text: string): string => htmlOf({ title: text, blocks: everywhere(text) });

/** Elements and attributes, without what stands in quotes but style and class. */
function skeleton(html: string): string[] {
  const body = html.slice(html.indexOf('<main>'));
  return (body.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/href="[^"]*"/, 'href'));
}

test('whatever the text, the page has the same elements and attributes', () => {
  const usual = skeleton(page('x')).filter((tag) => !/^<\/?(?:del|ins|b)>$/.test(tag));
  fc.assert(
    fc.property(hostileText, (text) => {
      const html = page(text);
      // a diff marks its lines, and a link to what is no address is none
      const tags = skeleton(html).filter((tag) => !/^<\/?(?:del|ins|b)>$/.test(tag));
      expect(tags).toEqual(usual);
      expect(html).not.toMatch(CONTROL);
    }),
    { ...CASES, numRuns: 3000 },
  );
});

test('only addresses become links', () => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'file:///etc/passwd']) {
    expect(htmlOf({ title: '', blocks: [paragraph({ link: 'x', url })] })).not.toContain('href="' + url);
  }
});
