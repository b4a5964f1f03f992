import { describe, expect, it } from 'vitest';
import { checkAttempt, checkGate } from '../../../src/actions/rolling/gate.js';
import { artifactOf, planOf, planText, prefixOf, type Stage } from '../../../src/actions/rolling/plan.js';
import { rowOf, toTakeBack, type NodeReport, type Progress } from '../../../src/actions/rolling/rows.js';
import { failureOf, outcomeOf } from '../../../src/actions/rolling/told.js';
import { markdownOf } from '../../../src/report/document/markdown.js';

const fleet = ['a', 'b', 'c'].map((node, place) => ({
  index: place + 1,
  node,
  runner: node,
  ssh: '',
  root: '/opt/app',
}));
const [a, b, c] = fleet as [(typeof fleet)[0], (typeof fleet)[0], (typeof fleet)[0]];
const prefix = prefixOf(fleet, '1');

const brought = { version: '2' };
/** As a dry run finds a node of a version. */
const running = (version: string): NodeReport => ({
  brought,
  nodeState: 'untouched',
  deployed: {
    deployedVersion: version,
    before: {
      ...{ node: 'a@localhost', osPid: '1', startedAt: 0 },
      releases: [{ name: 'app', version, applications: [], status: 'permanent' }],
    },
  },
});
const asked = running('1');
const upgraded: NodeReport = { brought, nodeState: 'upgraded', deployed: { deployedVersion: '2' } };
const failed = (nodeState: NonNullable<NodeReport['nodeState']>): NodeReport => ({
  brought,
  nodeState,
  failure: { message: `it is ${nodeState}` },
});
const back: NodeReport = { brought, nodeState: 'downgraded', deployed: { deployedVersion: '1' } };

type Left = Partial<Record<`${Stage}-${1 | 2 | 3}`, NodeReport>>;

/** All were asked; `begun`: who has left a mark. */
function progress(left: Left, begun: readonly number[] = []): Progress {
  const all = { 'dry-run-1': asked, 'dry-run-2': asked, 'dry-run-3': asked, ...left };
  const reports = new Map(Object.entries(all).map(([name, report]) => [`${prefix}-${name}`, report]));
  const marks = begun.map((index) => artifactOf(prefix, 'begun', index));
  return { prefix, reports, names: new Set([...reports.keys(), ...marks]) };
}

const table = (left: Left, begun?: readonly number[]): string[] =>
  fleet.map((node) => {
    const { before, after, state } = rowOf(node, progress(left, begun));
    return `${before} ${after} ${state}`;
  });

describe('a row', () => {
  it('tells what became of a node', () => {
    expect(table({ 'deploy-1': upgraded, 'deploy-2': failed('downgraded') })).toEqual([
      '1 2 upgraded',
      '1 1 downgraded',
      '1 1 not begun',
    ]);
    expect(table({ 'deploy-1': failed('installed-not-permanent'), 'deploy-2': failed('unknown') })).toEqual([
      '1 2 installed-not-permanent',
      '1 null unknown',
      '1 1 not begun',
    ]);
  });

  it('is that of the way back, where a node had to go back', () => {
    const untouched: NodeReport = { brought, nodeState: 'untouched', deployed: { deployedVersion: '1' } };
    expect(
      table({
        ...{ 'deploy-1': upgraded, 'back-1': back },
        ...{ 'deploy-2': failed('unknown'), 'back-2': untouched },
        ...{ 'deploy-3': upgraded, 'back-3': failed('unknown') },
      }),
    ).toEqual(['1 1 downgraded', '1 null unknown', '1 null unknown']);
  });

  it('tells of a job that ended without a word', () => {
    const row = rowOf(b, progress({}, [2]));
    expect(row).toMatchObject({ state: 'unknown', after: null, failure: 'Its job ended without a report.' });
    const unasked = { prefix, names: new Set<string>(), reports: new Map<string, NodeReport>() };
    expect(rowOf(a, unasked)).toEqual({
      ...{ node: 'a', before: null, after: null, state: 'not begun', changed: false },
      failure: 'Its job ended without a report.',
    });
  });
});

describe('the way back', () => {
  it('is for those that this rollout may have changed, and for no other', () => {
    const already = running('2');
    const names = (left: Left, begun?: readonly number[]): string =>
      toTakeBack(fleet, progress(left, begun))
        .map(({ node }) => node)
        .join('');
    expect(names({ 'deploy-1': upgraded, 'deploy-2': failed('downgraded') })).toBe('a');
    expect(names({ 'deploy-1': upgraded, 'deploy-2': failed('unknown') })).toBe('ab');
    expect(names({ 'deploy-1': upgraded }, [1, 2])).toBe('ab');
    expect(names({ 'dry-run-1': already, 'deploy-1': upgraded, 'deploy-2': failed('untouched') })).toBe('');
    // a first installation: what would be deployed is named, and nothing ran before
    const nothing: NodeReport = { brought, nodeState: 'untouched', deployed: { deployedVersion: '2' } };
    expect(names({ 'dry-run-1': nothing, 'deploy-1': { ...upgraded, nodeState: 'installed' } })).toBe('');
  });
});

describe('the gate', () => {
  const check = (node: typeof a, maxParallel: number, at: Progress) => () =>
    checkGate({ fleet, node, maxParallel }, at);

  it('opens while nothing has failed', () => {
    expect(check(a, 1, progress({}))).not.toThrow();
    expect(check(c, 1, progress({ 'deploy-1': upgraded, 'deploy-2': upgraded }, [1, 2]))).not.toThrow();
    expect(check(c, 2, progress({ 'deploy-1': upgraded }, [1, 2]))).not.toThrow();
  });

  it('stays shut when one has failed, or was lost', () => {
    const stopped = /Nothing was begun on c, because the deploy to b failed before\./;
    expect(check(c, 2, progress({ 'deploy-2': failed('downgraded') }, [1, 2]))).toThrow(stopped);
    expect(check(c, 1, progress({ 'deploy-1': upgraded }, [1, 2]))).toThrow(stopped);
  });

  it('is of one attempt', () => {
    expect(() => checkAttempt(prefix, '1')).not.toThrow();
    expect(() => checkAttempt(prefix, '2')).toThrow('A rollout cannot go on in the middle');
  });
});

it('the plan is a canary, then the others', () => {
  const plan = planOf(fleet, prefix);
  expect(planText(plan, 2)).toEqual([
    'First all 3 are asked whether they can be upgraded.',
    'Canary: a.',
    'Then, 2 at a time: b, c.',
  ]);
  expect(plan.canary).toMatchObject([{ node: 'a', index: '1', stage: 'deploy', dry: 'false', version: '' }]);
  expect(plan.dryRun.map(({ dry, report }) => [dry, report])).toEqual(
    [1, 2, 3].map((index) => ['true', `${prefix}-dry-run-${index}`]),
  );
  expect(prefixOf(fleet, '2')).not.toBe(prefix);
  expect(prefixOf(fleet.slice(1), '1')).not.toBe(prefix);
});

describe('the outcome', () => {
  const outcome = (left: Left) => outcomeOf(fleet.map((node) => rowOf(node, progress(left))));

  it('is good when all nodes run the release, also those that did before', () => {
    const done = outcome({ 'deploy-1': upgraded, 'deploy-2': upgraded, 'deploy-3': upgraded });
    expect(done).toMatchObject({ done: true, sentence: 'All 3 nodes run 2.' });
    expect(markdownOf(done.blocks)).toContain('| <code>a</code> | 1 | 2 |');
  });

  it('is told in one sentence when not', () => {
    const stopped = outcome({ 'deploy-1': upgraded, 'back-1': back, 'deploy-2': failed('downgraded') });
    expect(stopped.done).toBe(false);
    expect(failureOf(stopped).message).toBe(
      'The rollout was not completed: b failed; went back: a; not begun: c.',
    );
    expect(outcome({ 'deploy-1': upgraded, 'deploy-2': failed('unknown') }).sentence).toBe(
      'b failed; not begun: c; changed: a.',
    );
    expect(outcome({ 'dry-run-2': failed('untouched') }).sentence).toBe(
      'b cannot be upgraded; not begun: a, c.',
    );
  });
});
