import { expect, test } from 'vitest';
import { answerOf, changedFile } from '../../../src/actions/relup/answer.js';
import { compareReleases } from '../../../src/model/release-difference.js';
import { NOTHING, type RunRecord } from '../../../src/report/run-record.js';
import { outputsOf } from '../../../src/report/outputs.js';
import { summaryOf } from '../../../src/report/summary.js';
import { application, builtRelease } from '../../support/releases.js';

const before = builtRelease('1.0.0', [application('a', '1', { a_server: 'old', a_sup: 'same' })]);
const after = builtRelease('1.0.1', [application('a', '1.1', { a_server: 'new', a_sup: 'same' })]);
const record = (more: Partial<RunRecord>): RunRecord => ({ ...NOTHING, upFrom: [before], ...more });

test.each<[Partial<RunRecord>, string]>([
  [
    { verdict: 'hot' },
    'Hot: a node that runs 1.0.0 can be upgraded to this change, which was tried on a node.',
  ],
  [
    { verdict: 'restart', restartReason: 'OTP differs (from 1.0.0: stdlib 4.2 → 4.3)' },
    'Restart: a node that runs 1.0.0 must be restarted to run this change, because OTP differs (from 1.0.0: stdlib 4.2 → 4.3).',
  ],
  [
    { verdict: 'unproven', unproven: 'the up-from release could not be booted.' },
    'Hot, unproven: an upgrade from 1.0.0 to this change could be made, and was not tried, because the up-from release could not be booted.',
  ],
])('%j', (more, sentence) => {
  expect(answerOf(record(more))).toEqual({ sentence });
});

test('what a person has to raise stands under it; what git makes does not', () => {
  const raised = { applications: [{ name: 'a', version: '1', raised: '1.1' }] };
  const location = { file: 'src/a.app.src', line: 3 };
  const toRaise = [{ what: 'a', version: '1', location }];
  expect(answerOf(record({ verdict: 'hot', raised, toRaise })).beforeTag).toBe(
    'Before you tag, raise the version of a (now 1) in src/a.app.src, line 3.',
  );
  expect(answerOf(record({ verdict: 'hot', raised, toRaise: [] })).beforeTag).toBeUndefined();
});

test('the file of the change: the source of a module whose code differs, else a source, else any', () => {
  const differences = [compareReleases(before, after)];
  const file = (...change: string[]) => changedFile(record({ change, differences }))?.file;
  expect(file('README.md', 'src/a_sup.erl', 'src/a_server.erl')).toBe('src/a_server.erl');
  expect(file('README.md', 'include/a.hrl')).toBe('include/a.hrl');
  expect(file('README.md')).toBe('README.md');
  expect(file()).toBeUndefined();
});

test('the summary begins with the answer, and has no packages; neither have the outputs', () => {
  const full = { kind: 'full', path: '/p/a-1.0.1.tar.gz', size: 1, sha256: 'f', files: [] } as const;
  const checked = record({
    verdict: 'hot',
    release: after,
    change: ['src/a_server.erl'],
    packages: { full, findings: [], keeps: {} },
    answer: { sentence: 'Hot: it is.', beforeTag: 'Raise it.' },
  });
  const text = summaryOf(checked);
  expect(text).toContain('> [!TIP]\n> <strong>Hot:</strong> it is.\n>\n> <strong>Next:</strong> Raise it.');
  expect(text).not.toContain('Packages');
  expect(outputsOf(checked)).not.toHaveProperty('tarball');
  const released = record({ verdict: 'hot', release: after, packages: { full, findings: [], keeps: {} } });
  expect(summaryOf(released)).toContain('Packages');
  expect(outputsOf(released)).toHaveProperty('tarball');
});
