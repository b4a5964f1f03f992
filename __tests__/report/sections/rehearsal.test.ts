import { expect, test } from 'vitest';
import type { Rehearsal, RehearsedVersion } from '../../../src/model/rehearsal.js';
import { proofOf } from '../../../src/model/proof.js';
import { NOTHING, type RunRecord } from '../../../src/report/run-record.js';
import { rehearsal as section } from '../../../src/report/sections/rehearsal.js';
import { markdownOf } from '../../../src/report/document/markdown.js';
import { builtRelease } from '../../support/releases.js';

const rehearsalSummary = (record: RunRecord): string => markdownOf(section(record));

const correction = {
  application: 'web',
  upFrom: '1',
  direction: 'up',
  position: 'last',
  instruction: '{apply,{supervisor,restart_child,[web_sup,pool]}}',
} as const;

const rehearsal: Rehearsal = {
  outcome: 'failed',
  versions: [
    {
      upFrom: '0.1.0',
      outcome: 'failed',
      reason: 'The child web: web_sup → pool does not run.',
      steps: [
        {
          name: 'upgrade',
          start: 0.6,
          seconds: 1.25,
          checks: { supervision: 'failed', done: 'ok', processes: 'warning' },
        },
        { name: 'boot', start: 0, seconds: 0.5, checks: { done: 'ok' } },
      ],
      findings: [
        {
          id: 'rehearsal-crash-report',
          severity: 'warning',
          upFrom: '0.1.0',
          step: 'upgrade',
          check: 'processes',
          message: 'The node printed a crash report.',
          details: '=CRASH REPORT====\n<script>',
        },
      ],
      corrections: [correction],
      trees: [{ step: 'upgrade', application: 'web', found: 'web_sup', booted: 'web_sup\n  pool: pool' }],
      supervision: [],
      selfMade: [],
      installations: { upgrade: { seconds: 0.0042, suspended: { processes: 2, longestSeconds: 0.0011 } } },
      seconds: 12.34,
    },
  ],
};

test('steps by checks, times, trees, details and corrections', () => {
  const text = rehearsalSummary({
    ...NOTHING,
    release: builtRelease('0.2.0'),
    rehearsal: { ...rehearsal, corrections: [correction] },
  });
  expect(text).toContain('## Rehearsal, 0.1.0 → 0.2.0: failed');
  expect(text).toContain(
    '| upgrade | <strong>supervision: failed</strong>, <strong>processes: warning</strong> | 1.3 s |',
  );
  expect(text).toContain('| boot | ok | 0.5 s |');
  expect(text).toContain('upgrade 1.1 ms (2 processes).');
  expect(text).toContain('release&#95;handler was at work for 4.2 ms');
  expect(text).toContain('After a boot:\n\n```\nweb_sup\n  pool: pool\n```');
  expect(text).toContain('```\n=CRASH REPORT====\n<script>\n```');
  expect(text).toContain(correction.instruction);
});

test('a run without a rehearsal has no section', () => {
  expect(rehearsalSummary(NOTHING)).toBe('');
});

test('the proof is the same whatever was quicker, and holds no times', () => {
  const [version] = rehearsal.versions;
  if (version === undefined) throw new Error('no version');
  const turned = {
    ...rehearsal,
    versions: [{ ...version, steps: [...version.steps].reverse(), seconds: 1 }],
  };
  expect(JSON.stringify(proofOf(turned, [correction]))).toBe(
    JSON.stringify(proofOf(rehearsal, [correction])),
  );
  expect(proofOf(rehearsal, [correction])).toEqual({
    outcome: 'failed',
    reason: 'The child web: web_sup → pool does not run.',
    upFrom: [
      {
        version: '0.1.0',
        outcome: 'failed',
        reason: 'The child web: web_sup → pool does not run.',
        steps: {
          boot: { done: 'ok' },
          upgrade: { done: 'ok', processes: 'warning', supervision: 'failed' },
        },
      },
    ],
    corrections: [correction],
  });
});

test('two connected nodes: on a lane of their own, with what they had in common', () => {
  const [version] = rehearsal.versions as [RehearsedVersion];
  const steps = (['boot', 'cold boot', 'cluster', 'cluster upgrade'] as const).map((name, start) => ({
    ...{ name, start, seconds: 1 },
    checks: { done: 'ok', cluster: name === 'cluster upgrade' ? 'failed' : 'ok' },
  })) as RehearsedVersion['steps'];
  const cluster = {
    versions: ['0.1.0', '0.2.0'],
    together: false,
    shared: [
      { kind: 'connection', before: 1, lost: [] },
      { kind: 'global name', before: 2, lost: ['leader'] },
    ],
  } as const;
  const text = (of: Pick<RehearsedVersion, 'cluster'>): string =>
    rehearsalSummary({
      ...NOTHING,
      release: builtRelease('0.2.0'),
      rehearsal: { ...rehearsal, corrections: [], versions: [{ ...version, steps, ...of }] },
    });
  expect(text({ cluster })).toContain(
    'A node of 0.1.0 and one of 0.2.0 ran connected, and the first was upgraded to 0.2.0.',
  );
  expect(text({ cluster })).toContain('| connections | 1 | all there |');
  expect(text({ cluster })).toContain('| global names | 2 | <strong>not as before</strong>: leader |');
  expect(text({ cluster })).toMatch(/section two connected nodes\n.*cluster.*\n.*cluster upgrade/);
  expect(text({ cluster: { ...cluster, together: true } })).toContain(
    'both were upgraded to 0.2.0 at the same time',
  );
  expect(text({})).not.toContain('Two connected nodes');
});
