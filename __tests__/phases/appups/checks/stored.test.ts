import { expect, test } from 'vitest';
import { checkStored } from '../../../../src/phases/appups/checks/stored.js';
import { instruction, serverModule, step } from '../../../support/steps.js';

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
