import { expect, test } from 'vitest';
import { lossFinding } from '../../../src/rehearsal/cluster/cluster-findings.js';
import type { ClusterView } from '../../../src/rehearsal/cluster/cluster-view.js';
import { keyOf, lossesIn, sharedOf, type Look } from '../../../src/rehearsal/cluster/losses.js';

const [A, B] = ['a@localhost', 'b@localhost'];

function view(changes: Partial<ClusterView> = {}): ClusterView {
  return {
    nodes: [B],
    names: [{ name: 'leader', node: A, pid: '<0.9.0>' }],
    groups: [
      {
        scope: 'pg',
        group: 'orders',
        members: [
          { node: A, pid: '<0.10.0>' },
          { node: B, pid: '<0.10.0>' },
        ],
      },
    ],
    mnesia: [A, B],
    ...changes,
  };
}

function look(changes: Partial<ClusterView>): Look {
  return { node: A, before: view(), after: view(changes) };
}

function told(changes: Partial<ClusterView>): string[] {
  return lossesIn([look(changes)]).map((loss) => {
    const { id, severity, message } = lossFinding('cluster upgrade', loss, {
      key: keyOf(loss),
      name: (text) => text.replace('@localhost', ''),
    }).finding;
    return `${severity} ${id}: ${message}`;
  });
}

test('what is as before is no loss, and neither is what came', () => {
  expect(told({})).toEqual([]);
  const more = { name: 'other', node: B, pid: '<0.9.0>' };
  expect(told({ names: [more, ...view().names], nodes: [B, 'c@localhost'] })).toEqual([]);
});

test('connection, names, groups and mnesia', () => {
  expect(told({ nodes: [], mnesia: [A] })).toEqual([
    'error rehearsal-cluster-disconnected: After the upgrade of one node a is not connected to b any more.',
    'error rehearsal-cluster-mnesia: After the upgrade of one node mnesia on a does not run together with b any more.',
  ]);
  expect(told({ mnesia: null })).toHaveLength(1);
  expect(told({ names: [] })).toEqual([
    'error rehearsal-cluster-name: The global name leader, which a process on a had, is gone after the upgrade of one node: who calls it finds nobody.',
  ]);
  expect(told({ names: [{ name: 'leader', node: A, pid: '<0.99.0>' }] })).toEqual([
    'warning rehearsal-cluster-name-moved: The global name leader belongs to another process after the upgrade of one node than before, when it was on a: the state of that one is lost, and others may keep its pid.',
  ]);
  expect(
    told({ groups: [{ scope: 'pg', group: 'orders', members: [{ node: B, pid: '<0.10.0>' }] }] }),
  ).toEqual([
    'error rehearsal-cluster-group: The process group orders has fewer members on a after the upgrade of one node than before.',
  ]);
});

test('a member that was replaced is no loss', () => {
  const members = [
    { node: A, pid: '<0.77.0>' },
    { node: B, pid: '<0.10.0>' },
  ];
  expect(told({ groups: [{ scope: 'pg', group: 'orders', members }] })).toEqual([]);
});

test('the same loss, seen from both nodes, is told once, and counted', () => {
  const both = [look({ names: [] }), { ...look({ names: [] }), node: B }];
  const losses = lossesIn(both);
  expect(losses.map(keyOf)).toEqual(['name-gone leader']);
  expect(sharedOf(look({ names: [] }), losses)).toEqual([
    { kind: 'connection', before: 1, lost: [] },
    { kind: 'global name', before: 1, lost: ['leader'] },
    { kind: 'process group', before: 1, lost: [] },
    { kind: 'mnesia node', before: 2, lost: [] },
  ]);
});
