import { expect, test } from 'vitest';
import { verdictOf } from '../../src/model/upgrade.js';

test.each([
  ['hot', true, 'passed', 'hot'],
  ['hot', true, 'failed', 'unproven'],
  ['hot', true, 'unproven', 'unproven'],
  ['hot', true, undefined, 'unproven'],
  ['restart', true, undefined, 'restart'],
  ['none', true, undefined, 'none'],
  ['hot', false, undefined, undefined],
  [undefined, false, undefined, undefined],
] as const)('kind %s, packages made: %s, rehearsal %s: %s', (upgradeKind, packaged, rehearsal, verdict) => {
  expect(verdictOf({ upgradeKind, packaged, rehearsal, refused: false })).toBe(verdict);
  expect(verdictOf({ upgradeKind, packaged, rehearsal, refused: true })).toBe('refused');
});
