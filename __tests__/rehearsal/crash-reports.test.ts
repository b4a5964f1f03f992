import { expect, test } from 'vitest';
import { firstCrash, reportFindings } from '../../src/rehearsal/crash-reports.js';

test('crash and supervisor reports are told, progress reports are not', () => {
  const lines = ['=PROGRESS REPORT==== 1', '=CRASH REPORT==== 2', '  crasher:', '=SUPERVISOR REPORT==== 3'];
  const [finding] = reportFindings('upgrade', lines);
  expect(finding?.message).toBe('The node printed 2 crash and supervisor reports during the step "upgrade".');
  expect(finding?.details).toContain('crasher:');
  expect(reportFindings('upgrade', lines.slice(0, 1))).toEqual([]);
});

const report = (name: string, ...exception: string[]): string[] => [
  '=CRASH REPORT==== 25-Nov-2026::18:00:00.000000 ===',
  '  crasher:',
  '    initial call: shop_worker:init/1',
  '    pid: <0.1.0>',
  `    registered_name: ${name}`,
  ...exception,
  '      in function  gen_server:try_handle_info/3 (gen_server.erl, line 1)',
  '    ancestors: [shop_pool,shop_sup]',
];

test('the first crash is named in the sentence: who, and why, without arguments and terms', () => {
  const lines = report(
    '[]',
    '    exception error: no function clause matching ',
    '                     shop_worker:handle_info(done,',
    '                                             {one,secret})',
  );
  expect(reportFindings('upgrade', [...lines, ...lines])[0]?.message).toBe(
    'The node printed 2 crash and supervisor reports during the step "upgrade"; the first: a process begun by shop_worker:init/1 crashed (no function clause matching shop_worker:handle_info).',
  );
  expect(firstCrash(report('till', "    exception exit: {noproc,{gen_server,call,['secret']}}"))).toBe(
    'the process till begun by shop_worker:init/1 crashed (noproc)',
  );
  expect(firstCrash(['=PROGRESS REPORT==== 1'])).toBeUndefined();
});

test('so is a process that was begun by spawn, such as those of a timer', () => {
  const lines = [
    '=ERROR REPORT==== 25-Nov-2026::23:32:38.658887 ===',
    'Error in process <0.79.0> with exit value:',
    "{undef,[{shop_tick,tick,['secret'],[]}]}",
    '',
  ];
  const [finding] = reportFindings('upgrade', lines);
  expect(finding?.message).toBe(
    'The node printed a crash or supervisor report during the step "upgrade"; the first: a process crashed (undef in shop_tick:tick).',
  );
});
