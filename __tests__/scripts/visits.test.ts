import { describe, expect, it } from 'vitest';
import type { Visit } from '../../scripts/bench/load.mjs';
import { plot } from '../../scripts/bench/plot.mjs';
import { failures, miscounts, perTenth, summarize } from '../../scripts/bench/visits.mjs';

/** Answered 2 ms after it was sent, unless said otherwise. */
function visit(sent: number, more: Partial<Visit>): Visit {
  return { sent, done: sent + 2, fresh: false, ...more };
}

const refused = (sent: number): Visit => visit(sent, { failure: 'ECONNREFUSED' });
const counted = (...totals: number[]): Visit[] => totals.map((total, index) => visit(10 * index, { total }));

describe('summarize', () => {
  it('tells failures, latencies of what was answered, and the longest time without an answer', () => {
    const visits = [
      visit(0, { total: 1 }),
      refused(100),
      refused(200),
      visit(300, { total: 2, done: 350 }),
      visit(900, { total: 3 }),
    ];
    expect(summarize(visits, 0, 800)).toEqual({
      requests: 4,
      failed: 2,
      failures: { ECONNREFUSED: 2 },
      median: 50,
      p99: 50,
      max: 50,
      pause: 450,
    });
  });

  it('counts a time without an answer up to the end of the stretch', () => {
    expect(summarize([visit(0, { total: 1 })], 0, 500).pause).toBe(498);
  });
});

describe('miscounts', () => {
  it('accepts counts in any order, from any beginning', () => {
    expect(miscounts(counted(1, 3, 2))).toEqual([]);
    expect(miscounts(counted(8, 9), 7)).toEqual([]);
  });

  it.each([
    ['twice', counted(1, 2, 2), 'a count was told twice'],
    ['one too many', counted(1, 3), '2 visits were answered, 3 counted'],
    ['forgotten', [...counted(1, 2), visit(50, { total: 3, forgot: true })], 'a count went back'],
  ])('tells a visit that was counted %s', (_, visits, sentence) => {
    expect(miscounts(visits)).toContain(sentence);
  });
});

it('counts failures by kind, and per tenth of a second', () => {
  const visits = [visit(10, { total: 1 }), refused(20), refused(130), visit(130, { failure: 'timeout' })];
  expect(failures(visits)).toEqual({ ECONNREFUSED: 2, timeout: 1 });
  expect(perTenth(visits, 0, 300)).toEqual([
    { answered: 1, failed: 1 },
    { answered: 0, failed: 2 },
    { answered: 0, failed: 0 },
  ]);
});

it('draws a bar for answers and one above it for failures', () => {
  const tenths = [
    { answered: 10, failed: 0 },
    { answered: 4, failed: 6 },
  ];
  const svg = plot('requests', [{ title: 'Restart', from: -0.1, tenths, marks: [{ at: 0, text: 'stop' }] }]);
  expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/);
  expect(svg).toContain('<path d="M0 150V0H380V150ZM380 150V90H760V150Z" fill="#2a78b5"/>');
  expect(svg).toContain('<path d="M380 90V0H760V90Z" fill="#d03b2b"/>');
  expect(svg).toContain('>stop</text>');
});
