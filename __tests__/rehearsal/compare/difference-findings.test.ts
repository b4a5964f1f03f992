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
