import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flowchart, gantt, label } from '../../src/report/document/mermaid.js';
import { CASES, hostileText, onOneLine } from '../support/hostile-text.js';

/** What Mermaid shows of its own references. */
const shown = (text: string): string =>
  text.replaceAll(/#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));

test('a label is letters, digits, and numbers of everything else', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(label(text)).toMatch(/^(?:[\p{L}\p{N} .…→–]|#\d+;)*$/u);
      const expected = onOneLine(text);
      const letters = [...expected];
      if (expected === '') expect(label(text)).toBe('–');
      else
        expect(shown(label(text))).toBe(letters.length > 60 ? `${letters.slice(0, 59).join('')}…` : expected);
    }),
    CASES,
  );
});

test('a text in a diagram adds no line and no node', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const bars = [{ name: text, start: 0, seconds: 1, result: 'ok' as const }];
      expect(gantt([{ name: text, bars }]).split('\n')).toHaveLength(6);
      const chart = flowchart([{ name: text, note: text, mark: 'same', children: [] }]).split('\n');
      expect(chart).toHaveLength(3);
      expect(chart[1]).toMatch(/^ {4}n0\["[^"]*"\]:::same$/);
    }),
    CASES,
  );
});
