import { beforeEach, expect, test, vi } from 'vitest';
import { Run } from '../../src/actions/run.js';
import type { Finding } from '../../src/model/finding.js';
import type { Relup } from '../../src/model/relup.js';
import { ActionError, RefusedError } from '../../src/shared/errors.js';
import type { Workspace } from '../../src/shared/workspace.js';

const finding = (id: string): Finding => ({ id, severity: 'warning', message: id });
const ids = ({ record }: Run): string[] => record.findings.map(({ id }) => id);

let run: Run;
let output: string;
beforeEach(() => {
  run = new Run({} as Workspace);
  output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  return () => vi.restoreAllMocks();
});

test('a phase has a log group and a time, and the record has what it noted', async () => {
  const result = await run.phase('Plan', (note) => {
    note({ upgradeKind: 'hot', findings: [finding('one')] });
    note({ findings: [finding('two')] });
    return Promise.resolve(7);
  });
  expect(result).toBe(7);
  expect(output).toContain('::group::Plan');
  expect(run.record.phases).toMatchObject([{ name: 'Plan', ok: true }]);
  expect(run.record.upgradeKind).toBe('hot');
  expect(ids(run)).toEqual(['one', 'two']);
});

test('what a phase noted before it failed is kept', async () => {
  const failing = run.phase('Plan', (note) => {
    note({ findings: [finding('why')] });
    return Promise.reject(new RefusedError('no'));
  });
  await expect(failing).rejects.toThrow('no');
  expect(run.record.phases).toMatchObject([{ name: 'Plan', ok: false }]);
  expect(ids(run)).toEqual(['why']);
});

test('a second pass replaces what the first one noted, in its place, without a group of its own', async () => {
  const relup = { file: '/relup' } as Relup;
  await run.phase('Plan', (note) => Promise.resolve(note({ relup, findings: [finding('first')] })));
  run.note('Package', { findings: [finding('package')] });
  await run.phase('Rehearsal', async () => {
    await run.phase('Plan', (note) => Promise.resolve(note({ findings: [finding('second')] })));
  });
  expect(ids(run)).toEqual(['second', 'package']);
  expect(run.record.relup).toBeUndefined();
  expect(run.record.phases.map(({ name }) => name)).toEqual(['Plan', 'Rehearsal']);
  expect(output.match(/::group::Plan/g)).toHaveLength(1);
});

test('what is of no use any more is forgotten; a name that noted nothing may be', () => {
  run.note('Package', { report: '/report.json' });
  run.forget('Package');
  run.forget('nothing');
  expect(run.record.report).toBeUndefined();
});

test('why a run failed is in the record, and a refusal is its verdict', () => {
  run.fail(new ActionError('gone', { remedy: 'come back', details: 'all of it' }));
  expect(run.record.failure).toEqual({ message: 'gone', remedy: 'come back', details: 'all of it' });
  expect(run.record.verdict).toBeUndefined();
  run.fail(new RefusedError('no'));
  expect(run.record.verdict).toBe('refused');
  run.fail('a text');
  expect(run.record.failure?.message).toBe('a text');
});
