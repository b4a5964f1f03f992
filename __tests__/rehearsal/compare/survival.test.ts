import { expect, test } from 'vitest';
import { hangingFindings, survivalFindings } from '../../../src/rehearsal/compare/survival.js';
import { observation, supervisor, worker } from '../../support/observation.js';

const messages = (findings: readonly { message: string }[]): string[] =>
  findings.map(({ message }) => message);

test('a process that has another process id, or none, has died; its children are not named', () => {
  const pool = { ...worker('pool_sup'), process: supervisor('pool_sup', [worker('one')]) };
  const before = observation([worker('listener'), worker('gone'), pool]);
  const other = { ...supervisor('pool_sup', [worker('one')]), pid: '<0.999.0>' };
  const after = observation([
    worker('listener'),
    { ...worker('gone'), process: null },
    { ...pool, process: other },
  ]);
  expect(messages(survivalFindings('upgrade', before, after, ''))).toEqual([
    'The process web: web_sup → listener died during the step "upgrade" and was started again, without its state.',
    'The process web: web_sup → gone died during the step "upgrade".',
    'The process web: web_sup → pool_sup died during the step "upgrade" and was started again, without its state.',
  ]);
});

test('children that may end by themselves have not died, nor has one that only changed its place', () => {
  const of = (id: string, restart: string) =>
    worker(id, { spec: { start: `${id}:start_link/0`, arguments: 1, options: { restart } } });
  const once = of('once', 'transient');
  const sessions = [worker('{session,<0.1.0>}'), worker('{session,<0.2.0>}', { key: 5 })];
  const [first, second] = sessions.map((one) => ({ ...one, key: 5 })) as [
    (typeof sessions)[0],
    (typeof sessions)[0],
  ];
  const before = observation([once, of('job', 'temporary'), first, second]);
  const after = observation([{ ...once, process: null }, of('job', 'temporary'), second]);
  expect(messages(survivalFindings('upgrade', before, after, ''))).toEqual([]);
});

test.each([
  '{apply,{application,stop,[web]}}',
  '{apply,{supervisor,terminate_child,[web_sup,listener]}}',
  '{stop,[other,listener]}',
])('what the relup itself stops has not died: %s', (instruction) => {
  const relup = `{"2",\n [{"1", [], [${instruction.replaceAll(',', ',\n ')}]}],[]}.`;
  const [before, after] = [observation([worker('listener')]), observation([worker('listener')])];
  expect(survivalFindings('upgrade', before, after, relup)).toEqual([]);
  expect(survivalFindings('upgrade', before, after, '')).toHaveLength(1);
});

test('old code that is held is a warning that names who holds it', () => {
  const node = observation([], {
    oldProcesses: [{ module: 'web', processes: ['a', 'b', 'c', 'd'] }],
    oldFuns: [{ module: 'web', holder: 'ETS table callbacks' }],
  });
  const findings = survivalFindings('upgrade', observation([]), node, '');
  expect(findings.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
  expect(messages(findings)[0]).toContain(
    '4 processes still run or hold old code of web (a, b, c and 1 more)',
  );
  expect(messages(findings)[1]).toContain('the ETS table callbacks');
});

test('a supervisor that does not answer is named', () => {
  const hanging = {
    ...worker('slow_sup'),
    process: { ...supervisor('slow_sup', []), kind: 'unresponsive' as const },
  };
  expect(messages(hangingFindings('boot', observation([hanging])))).toEqual([
    'The supervisor web: web_sup → slow_sup did not answer within a second, so release_handler may wait for it in vain.',
  ]);
});
