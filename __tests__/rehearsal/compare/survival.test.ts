import { expect, test } from 'vitest';
import { hangingFindings, survivalFindings } from '../../../src/rehearsal/compare/survival.js';
import { observation, script, supervisor, worker } from '../../support/observation.js';

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
  expect(messages(survivalFindings({ step: 'upgrade', before, after, script: script() }))).toEqual([
    'The process web: web_sup → listener died during the step "upgrade" and was started again, without its state.',
    'The process web: web_sup → gone died during the step "upgrade".',
    'The process web: web_sup → pool_sup died during the step "upgrade" and was started again, without its state.',
  ]);
});

test('children that may end by themselves have not died, nor has one that only changed its place', () => {
  const of = (id: string, restart: string) =>
    worker(id, { spec: { start: `${id}:start_link/0`, module: id, arguments: 1, options: { restart } } });
  const once = of('once', 'transient');
  const sessions = [worker('{session,<0.1.0>}'), worker('{session,<0.2.0>}', { key: 5 })];
  const [first, second] = sessions.map((one) => ({ ...one, key: 5 })) as [
    (typeof sessions)[0],
    (typeof sessions)[0],
  ];
  const before = observation([once, of('job', 'temporary'), first, second]);
  const after = observation([{ ...once, process: null }, of('job', 'temporary'), second]);
  expect(messages(survivalFindings({ step: 'upgrade', before, after, script: script() }))).toEqual([]);
});

test.each([
  { stopsApplications: ['web'] },
  { children: [{ call: 'terminate_child', supervisor: 'web_sup', id: 'listener' }] },
  { stops: ['other', 'listener'] },
])('what the relup itself stops has not died: %o', (does) => {
  const [before, after] = [observation([worker('listener')]), observation([worker('listener')])];
  expect(survivalFindings({ step: 'upgrade', before, after, script: script(does) })).toEqual([]);
  expect(survivalFindings({ step: 'upgrade', before, after, script: script() })).toHaveLength(1);
});

test('what it does elsewhere is no excuse', () => {
  const [before, after] = [observation([worker('listener')]), observation([worker('listener')])];
  const elsewhere = script({
    stopsApplications: ['webmail'],
    stops: ['listeners'],
    children: [
      { call: 'terminate_child', supervisor: 'other_sup', id: 'listener' },
      { call: 'terminate_child', supervisor: 'web_sup', id: 'listener2' },
      { call: 'get_childspec', supervisor: 'web_sup', id: 'listener' },
    ],
  });
  expect(survivalFindings({ step: 'upgrade', before, after, script: elsewhere })).toHaveLength(1);
});

test('old code that is held is a warning that names who holds it', () => {
  const node = observation([], {
    oldProcesses: [{ module: 'web', processes: ['a', 'b', 'c', 'd'] }],
    oldFuns: [{ module: 'web', holder: 'ETS table callbacks' }],
  });
  const findings = survivalFindings({
    step: 'upgrade',
    before: observation([]),
    after: node,
    script: script(),
  });
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
