import type { ApplicationChange, ReleaseDifference } from '../../model/release-difference.js';
import { type Block, type Mark, type TreeNode } from '../document/blocks.js';
import { MOST_NODES } from '../document/mermaid.js';
import { counted } from '../figures.js';
import type { RunRecord } from '../run-record.js';
import { modulesOf } from './module-counts.js';

/** Where no node was rehearsed on, so that no processes are known: the applications, and what changes in each. */
export function applicationDiagram(
  { rehearsal, release }: RunRecord,
  difference: ReleaseDifference,
): Block[] {
  if (rehearsal?.versions.some(({ supervision }) => supervision.length > 0) === true) return [];
  const root = treeOf(difference, release?.version ?? '');
  return root.children.length === 0 ? [] : [{ kind: 'tree', roots: [root] }];
}

function treeOf({ upFrom, changed, added, removed, unbumped }: ReleaseDifference, to: string): TreeNode {
  const nodes = [
    ...changed.map((change) => node(change, 'changed')),
    ...added.map((change) => node(change, 'added')),
    ...removed.map((change) => node(change, 'removed')),
    ...unbumped.map((change) => node(change, 'replaced')),
  ];
  const rest = nodes.length - MOST_NODES;
  const more: TreeNode[] =
    rest > 0 ? [{ name: counted(rest, 'more application'), mark: 'same', children: [] }] : [];
  return {
    name: upFrom.name,
    note: `${upFrom.version} → ${to}`,
    mark: 'same',
    children: [...nodes.slice(0, MOST_NODES), ...more],
  };
}

function node(change: ApplicationChange, mark: Mark): TreeNode {
  const { name, from, to } = change;
  const what = { added: 'added', removed: 'removed', replaced: 'version not raised', changed: '', same: '' }[
    mark
  ];
  const version = [from, mark === 'replaced' ? undefined : to].filter(Boolean).join(' → ');
  return { name: `${name} ${version}`, note: what || `modules: ${modulesOf(change)}`, mark, children: [] };
}
