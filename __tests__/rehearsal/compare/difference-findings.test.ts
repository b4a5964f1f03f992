import { expect, it } from 'vitest';
import { findingOf } from '../../../src/rehearsal/compare/difference-findings.js';

const compared = {
  step: 'upgrade',
  direction: 'up',
  when: 'after the upgrade to 2',
  upFromApplications: {},
  changed: new Set<string>(),
} as unknown as Parameters<typeof findingOf>[1];

it('takes a registered process for lost when it was there before the step, and is in a boot', () => {
  const severity = (existed: boolean): string =>
    findingOf({ kind: 'registered-missing', subject: 'shop_raft', existed }, compared).finding.severity;
  expect(severity(true)).toBe('error');
  // it may as well be one that a boot alone starts
  expect(severity(false)).toBe('warning');
});

it('a table that is made otherwise is made anew; what is missing is only made', () => {
  const remedy = (kind: 'remains-differs' | 'remains-missing') =>
    findingOf(
      { kind, subject: 'ETS table shop_cache', detail: 'protection public instead of protected' },
      compared,
    ).finding.remedy;
  expect(remedy('remains-differs')).toContain('make another one as init/1 does, copy the rows');
  expect(remedy('remains-missing')).toMatch(/^Make it in code_change/);
});

it('what code cannot do without is an error, and names the code', () => {
  const need = {
    thing: 'persistent term limits',
    application: 'shop',
    function: 'shop_limits:of/1',
    call: 'persistent_term:get(limits)',
  };
  const difference = { kind: 'remains-missing', subject: 'persistent term limits' } as const;
  const { finding } = findingOf({ ...difference, need }, compared);
  expect(finding.severity).toBe('error');
  expect(finding.message).toBe(
    'The persistent term limits is missing after the upgrade to 2, and shop_limits:of/1 fails without it (persistent_term:get(limits)): what makes it runs at a start only, and an upgrade starts nothing anew.',
  );
  expect(findingOf(difference, compared).finding.severity).toBe('warning');
});

it('nobody is told to restart what was restarted', () => {
  const difference = {
    kind: 'remains-missing',
    subject: 'ETS table pool_1',
    application: 'pools',
    restarted: true,
  } as const;
  const { finding } = findingOf(difference, compared);
  expect(finding.message).toContain('pools was started anew, and what had made it there goes on');
  expect(finding.remedy).toMatch(
    /^Have the application that does it \(Other\) started anew after it: \{pools, \[\{strategy, restart\}, \{up, /,
  );
});

it('a child that was there, and that init/1 does not list, has ended', () => {
  const missing = {
    kind: 'child-missing',
    subject: 'web: conns → socket',
    application: 'web',
    listed: false,
  } as const;
  expect(findingOf({ ...missing, existed: true }, compared).finding.message).toBe(
    'The child web: conns → socket does not run after the upgrade to 2, and did before: it ended in the step, and nothing started it again.',
  );
  expect(findingOf({ ...missing, existed: false }, compared).finding.message).toContain(
    'started at run time',
  );
  expect(findingOf({ ...missing, existed: true, restarted: true }, compared).finding.message).toContain(
    'web was started anew',
  );
});
