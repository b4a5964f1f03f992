import type { Fate, RehearsedVersion, SupervisedProcess } from '../../model/rehearsal.js';
import { type Block, heading, type Mark, paragraph, type TreeNode } from '../document/blocks.js';
import { MOST_NODES } from '../document/mermaid.js';

const MARKS: Readonly<Record<Fate, Mark>> = {
  kept: 'same',
  'new code': 'changed',
  restarted: 'replaced',
  started: 'added',
  ended: 'removed',
};

/** The supervision trees in which the upgrade changed something: who goes on with new code, who was started or ended. */
export function supervision({ supervision }: RehearsedVersion): Block[] {
  if (supervision.length === 0) return [];
  const roots = supervision.map(({ application, top }) => ({
    name: application,
    note: 'application',
    mark: 'same' as const,
    children: [treeOf(top)],
  }));
  const shown = prune(roots, MOST_NODES);
  return [
    heading(3, 'What the upgrade did to the supervision tree'),
    { kind: 'tree', roots: shown },
    ...(sizeOf(shown) < sizeOf(roots)
      ? [paragraph('Processes that were left as they are are not all shown.')]
      : []),
  ];
}

function treeOf({ name, kind, fate, children }: SupervisedProcess): TreeNode {
  const what = fate === 'kept' ? (kind === 'worker' ? '' : kind) : fate;
  return {
    name,
    ...(what === '' ? {} : { note: what }),
    mark: MARKS[fate],
    children: children.map(treeOf),
  };
}

function sizeOf(nodes: readonly TreeNode[]): number {
  return nodes.reduce((sum, { children }) => sum + 1 + sizeOf(children), 0);
}

/** Leaves out what did not change, then what is beyond the limit. */
function prune(roots: readonly TreeNode[], most: number): TreeNode[] {
  if (sizeOf(roots) <= most) return [...roots];
  let left = most;
  const keep = (nodes: readonly TreeNode[]): TreeNode[] =>
    nodes.flatMap((node) => {
      if (left <= 0 || !isChanged(node)) return [];
      left -= 1;
      return [{ ...node, children: keep(node.children) }];
    });
  return keep(roots);
}

function isChanged({ mark, children }: TreeNode): boolean {
  return mark !== 'same' || children.some(isChanged);
}
