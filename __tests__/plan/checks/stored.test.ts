import { expect, test } from 'vitest';
import { checkStored } from '../../../src/plan/checks/stored.js';
import { instruction, serverModule, step } from '../../support/steps.js';

const places = { projectDir: '/project', projectPath: '' };
const stored = [
  { record: 'row', call: 'ets:insert/2', old: '-record(row,{a}).', new: '-record(row,{a, b}).', place: null },
];
const modules = [serverModule('m', { stored })];

test('a record in tables with other fields is told with both definitions', () => {
  const [finding] = checkStored([step({ modules })], places);
  expect(finding).toMatchObject({ id: 'stored-record-changed', severity: 'warning', module: 'm' });
  expect(finding?.message).toBe(
    'm keeps #row{} by ets:insert/2, and the record has other fields in app 2 than in 1; what is stored stays as it is:\n- -record(row,{a}).\n+ -record(row,{a, b}).',
  );
});

test('an application that is restarted makes its tables anew', () => {
  const restart = instruction({ text: '{restart_application,app}', what: 'restart', modules: ['app'] });
  expect(checkStored([step({ modules, up: [restart] })], places)).toEqual([]);
});

test('a record that is not seen in a table is told once, with the modules that make it', () => {
  const made = [{ ...(stored[0] as (typeof stored)[0]), call: null }];
  const both = [serverModule('m', { stored: made }), serverModule('n', { stored: made })];
  const [finding, ...more] = checkStored([step({ modules: both })], places);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ id: 'record-changed', severity: 'warning' });
  expect(finding?.message).toContain('#row{}, which m, n make, has other fields in app 2 than in 1');
  // it is told already where one module keeps it in a table, or a state consists of it
  const known = serverModule('t', { stored });
  expect(checkStored([step({ modules: [...both, known] })], places).map(({ id }) => id)).toEqual([
    'stored-record-changed',
  ]);
  const way = { changed: false, conversion: 'converts' } as const;
  const state = {
    kind: 'gen_server',
    up: way,
    down: way,
    old: [],
    new: ['-record(row,{a, b}).'],
    paste: null,
    place: null,
    codeChange: null,
    codeChangeDiffers: false,
  };
  expect(checkStored([step({ modules: [...both, serverModule('s', { state })] })], places)).toEqual([]);
});
