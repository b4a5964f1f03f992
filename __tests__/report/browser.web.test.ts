import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../scripts/browser/chromium.mjs';
import { showMarkdown } from '../../scripts/browser/github-page.mjs';
import { flowchart, gantt } from '../../src/report/document/mermaid.js';
import { writeReport } from '../../src/report/report-file.js';
import { summaryOf } from '../../src/report/summary.js';
import { hostileText } from '../support/hostile-text.js';
import { records } from '../support/records.js';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await startChromium();
  folder = mkdtempSync(join(tmpdir(), 'relup-browser-'));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const shown = ['hot', 'unproven', 'refused by the rehearsal', 'failed deploy'].map(
  (name) => [name, records[name] ?? expect.fail()] as const,
);

const looks = [1012, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);
type Look = (typeof looks)[number];

/** A page that tells what it asked for, and what it complained of. */
async function open({
  width,
  colorScheme,
}: Look): Promise<{ page: Page; asked: string[]; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, asked, complaints };
}

/** Elements that are wider than the page lets them be, with folds open. Blocks to paste scroll by themselves. */
const CUT_OFF = `(() => {
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  const wide = [...document.querySelectorAll('table, h1, h2, h3, p, ul, .timeline, .alert, svg')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
      || one.getBoundingClientRect().right > innerWidth + 1);
  const page = document.documentElement.scrollWidth > innerWidth ? ['page'] : [];
  return [...page, ...wide.map((one) => one.outerHTML.slice(0, 200))];
})()`;

/** Contrast of the text with the page, as WCAG counts it. */
const CONTRAST = `(() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[0-9.]+/g).map((one) => {
      const share = Number(one) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const { color, backgroundColor } = getComputedStyle(document.body);
  const [a, b] = [light(color), light(backgroundColor)].sort((x, y) => y - x);
  return { contrast: (a + 0.05) / (b + 0.05), dark: light(backgroundColor) < 0.2 };
})()`;

test.each(looks)('report.html, $width px, $colorScheme: alone, whole, readable', async (look) => {
  const { page, asked, complaints } = await open(look);
  for (const [name, record] of shown) {
    const report = await writeReport(folder, record);
    const address = pathToFileURL(join(report, '..', 'report.html')).href;
    asked.length = 0;
    await page.goto(address);
    expect(
      asked.filter((url) => !url.startsWith('data:')),
      name,
    ).toEqual([address]);
    expect(complaints, name).toEqual([]);
    const text = await page.innerText('.alert');
    expect(text, name).toMatch(
      /Verdict: (?:hot|unproven|restart|none|refused)\.|Deployed\.|deploy failed\.|Failed\./,
    );
    expect(await page.evaluate(CUT_OFF), name).toEqual([]);
    const { contrast, dark } = await page.evaluate<{ contrast: number; dark: boolean }>(CONTRAST);
    expect(contrast, name).toBeGreaterThan(7);
    expect(dark, name).toBe(look.colorScheme === 'dark');
  }
  await page.close();
});

test('the timeline of report.html has a bar for every step, in its place', async () => {
  const record = records.hot ?? expect.fail();
  const { page } = await open({ width: 1012, colorScheme: 'light' });
  await page.goto(pathToFileURL(join(await writeReport(folder, record), '..', 'report.html')).href);
  const lefts = await page.evaluate<number[]>(
    `[...document.querySelectorAll('.track i')].map((bar) => bar.getBoundingClientRect().left)`,
  );
  const steps = record.rehearsal?.versions[0]?.steps ?? [];
  expect(lefts).toHaveLength(steps.length);
  const order = (values: readonly number[]): number[] =>
    [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  expect(order(lefts.map(Math.round))).toEqual(order(steps.map(({ start }) => start)));
  await page.close();
});

test.each(looks)('the job summary as GitHub shows it, $width px, $colorScheme', async (look) => {
  const { page } = await open(look);
  for (const [name, record] of shown) {
    expect(await showMarkdown(page, summaryOf(record)), name).toEqual([]);
    expect(await page.locator('.markdown-alert').count(), name).toBe(1);
    expect(await page.evaluate(CUT_OFF), name).toEqual([]);
  }
  await page.close();
});

test('Mermaid draws whatever the names are, and runs nothing of them', async () => {
  const names = [
    ...fc.sample(hostileText, { numRuns: 40, seed: 1 }),
    '"]:::x',
    ...[
      'end',
      'section a',
      'title a',
      'click a',
      'dateFormat a',
      'excludes monday',
      'subgraph',
      'vert',
      'todayMarker off',
    ],
    '%%{init: {}}%%',
    '<img src=x onerror=x()>',
  ];
  const tree = flowchart(names.map((name) => ({ name, note: name, mark: 'added', children: [] })));
  const bars = names.map((name, index) => ({ name, start: index, seconds: 1, result: 'failed' as const }));
  const { page, asked, complaints } = await open({ width: 1012, colorScheme: 'light' });
  const fenced = [tree, gantt([{ name: names.join(' '), bars }])].map(
    (one) => `\`\`\`mermaid\n${one}\n\`\`\`\n`,
  );
  expect(await showMarkdown(page, fenced.join('\n'))).toEqual([]);
  expect(await page.locator('.mermaid .node').count()).toBe(names.length);
  expect(await page.locator('.mermaid img, .mermaid script').count()).toBe(0);
  const drawn = (await page.innerText('.mermaid >> nth=0')).replaceAll('\u00a0', ' ');
  expect(drawn).toContain('<img src=x onerror=x()>');
  expect([asked, complaints]).toEqual([[], []]);
  await page.close();
});
