import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { annotations } from './annotations.js';
import { complaint } from './expectation.js';
import { closure, LIBRARIES } from './libraries.js';
import type { Outcome } from './outcome.js';
import type { Row } from './row.js';
import { ROWS } from './rows/index.js';

const pins = JSON.parse(readFileSync(new URL('sources.json', import.meta.url), 'utf8')) as { file: string }[];

test('there are rows enough, each with a name and a reason of its own', () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(20);
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  expect(ROWS.filter(({ why }) => why === '')).toEqual([]);
  expect(ROWS.filter(({ sample }) => sample === true)).toHaveLength(5);
});

test('every tarball is pinned, and every row names libraries that are there', () => {
  const pinned = new Set(pins.map(({ file }) => file));
  expect(Object.values(LIBRARIES).filter(({ tarball }) => !pinned.has(tarball))).toEqual([]);
  for (const { upFrom, to } of ROWS) expect(closure([...upFrom, ...(to ?? [])]).length).toBeGreaterThan(0);
});

test('every library with native code is there twice at the same version, and must be hot', () => {
  const native = Object.values(LIBRARIES).filter(({ files }) => files?.['native.sh'] !== undefined);
  const twice = ROWS.filter(({ to, expect: expected }) => to === undefined && expected === 'hot');
  const names = new Set(twice.flatMap(({ upFrom }) => upFrom.map((key) => LIBRARIES[key]?.name)));
  expect(native.filter(({ name }) => !names.has(name))).toEqual([]);
});

test('findings and the reason of a failure are read from the annotations', () => {
  const log = [
    'plain',
    '::warning title=relup%3A literal-cookie::In clear text%0ALeave it out.',
    '::error title=relup%3A state-changed,file=rebar.config,line=2::Another shape%3A a',
    '::error title=relup-action,file=rebar.config::It would go wrong.',
  ].join('\n');
  expect(annotations(log)).toEqual({
    findings: [
      { id: 'literal-cookie', severity: 'warning', message: 'In clear text\nLeave it out.' },
      { id: 'state-changed', severity: 'error', message: 'Another shape: a' },
    ],
    reason: 'It would go wrong.',
  });
});

test('a refusal for another reason is wrong, and so is what the oracle sees', () => {
  const row: Row = { name: 'a', upFrom: [], use: '', expect: { refused: 'state-changed' }, why: '' };
  const outcome: Outcome = {
    name: 'a',
    verdict: 'refused',
    findings: ['state-changed'],
    errors: ['state-changed'],
    messages: [],
    lines: [],
    seconds: 1,
  };
  expect(complaint(row, outcome)).toBeUndefined();
  expect(complaint(row, { ...outcome, errors: ['native-code-changed'] })).toContain('refused: state-changed');
  expect(complaint({ ...row, finds: ['call-cycle'] }, outcome)).toContain('finding call-cycle');
  const hot: Row = { ...row, expect: 'hot' };
  expect(complaint(hot, { ...outcome, verdict: 'hot' })).toBeUndefined();
  expect(complaint(hot, { ...outcome, verdict: 'hot', lines: ['1.0.0 → 1.1.0: x'] })).toContain('x');
});

test('docs/world.md has a line for every row', () => {
  const file = new URL('../../docs/world.md', import.meta.url);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  expect(ROWS.filter(({ name }) => !text.includes(name)).map(({ name }) => name)).toEqual([]);
});
