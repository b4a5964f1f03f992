import { expect, test } from 'vitest';
import type { NodeObservation, ObservedChild } from '../../../src/rehearsal/compare/observation.js';
import { treeChanges } from '../../../src/rehearsal/compare/tree-changes.js';
import { observation, supervisor, worker } from '../../support/observation.js';
import { application, builtRelease } from '../../support/releases.js';

const releases = {
  upFrom: builtRelease('1', [application('web', '1', { web_sup: 'a', cart: 'a', log: 'a' })]),
  release: builtRelease('2', [application('web', '2', { web_sup: 'a', cart: 'b', log: 'a' })]),
};

/** Nodes list the children that were started last first. */
function changes(before: readonly ObservedChild[], after: readonly ObservedChild[]): unknown {
  const [beforeUpgrade, upgraded] = [before, after].map((children) => observation([...children].reverse()));
  return treeChanges(
    { beforeUpgrade: beforeUpgrade as NodeObservation, upgraded: upgraded as NodeObservation },
    releases,
  );
}

test('who goes on with new code, was restarted, started or ended, in the order of their start', () => {
  const [cart, log, old] = [worker('cart'), worker('log'), worker('old')];
  const leaf = (name: string, fate: string): unknown => ({ name, kind: 'worker', fate, children: [] });
  expect(changes([cart, log, old], [cart, worker('log'), worker('offers')])).toEqual([
    {
      application: 'web',
      top: {
        name: 'web_sup',
        kind: 'supervisor',
        fate: 'kept',
        children: [
          leaf('cart', 'new code'),
          leaf('log', 'restarted'),
          leaf('offers', 'started'),
          leaf('old', 'ended'),
        ],
      },
    },
  ]);
});

test('a supervisor below is looked into, and a child that does not run is none', () => {
  const below = (children: readonly ObservedChild[]): ObservedChild =>
    worker('pool', { process: supervisor('pool', children), spec: null });
  const found = JSON.stringify(changes([below([worker('a')])], [below([]), worker('b', { process: null })]));
  expect(found).toContain('{"name":"a","kind":"worker","fate":"ended","children":[]}');
  expect(found).not.toContain('"b"');
});

test('where nothing happened there is nothing to tell, and before an upgrade neither', () => {
  const log = worker('log');
  expect(changes([log], [log])).toEqual([]);
  expect(treeChanges({ beforeUpgrade: observation([log]) }, releases)).toEqual([]);
});
