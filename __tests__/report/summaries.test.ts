import { expect, test } from 'vitest';
import { htmlOf } from '../../src/report/document/html.js';
import { reportOf } from '../../src/report/report.js';
import { summaryOf } from '../../src/report/summary.js';
import { records } from '../support/records.js';

const cases = Object.entries(records).map(([name, record]) => ({ name, record }));

/** Snapshots that can be looked at: on GitHub, or by `npm run screenshots`. */
test.each(cases)('the summary of a run: $name', async ({ name, record }) => {
  await expect(summaryOf(record)).toMatchFileSnapshot(`summaries/${name.replaceAll(' ', '-')}.md`);
});

test.each(cases)('report.html says what the summary says: $name', ({ record }) => {
  const { blocks } = reportOf(record);
  const html = htmlOf(reportOf(record));
  const headings = blocks.flatMap((block) => (block.kind === 'heading' ? [block] : []));
  expect(html.match(/<h[123]>/g)?.length).toBe(headings.length);
  expect(html).not.toMatch(/<script|https?:(?!\/\/github\.com\/octo)/);
});

test.each(cases)('no table is cut off at the right: $name', ({ record }) => {
  const tables = summaryOf(record).match(/^\| .*$/gm) ?? [];
  for (const row of tables) {
    expect(row.split('|').length - 2, row).toBeLessThanOrEqual(4);
    expect(row).not.toMatch(/[0-9a-f]{40}|[\w.-]\/[\w.-]+\//);
  }
});

test.each(cases)('every finding is told once: $name', ({ record }) => {
  const text = summaryOf(record);
  for (const { message } of record.findings) {
    const words = message.split(/[^A-Za-z ]/).sort((a, b) => b.length - a.length)[0] ?? '';
    expect(words.length).toBeGreaterThan(10);
    expect(text.split(words), words).toHaveLength(2);
  }
});

test('nobody is told that appups are in use which no package has', () => {
  expect(summaryOf(records.refused ?? expect.fail())).toContain('No package has them');
  expect(summaryOf(records.hot ?? expect.fail())).toContain('They are in the packages');
});
