import { entryText, type NodeSummary } from '../../model/deploy.js';
import { releasesText } from '../../model/node.js';
import {
  type Block,
  code,
  codeBlock,
  fold,
  heading,
  type Inline,
  paragraph,
  table,
} from '../document/blocks.js';
import type { RunRecord } from '../run-record.js';

/** What became of the node. */
export function deploy({ deployed, nodeState, journal = [] }: RunRecord): Block[] {
  if (nodeState === undefined || (deployed === undefined && journal.length === 0)) return [];
  return [
    heading(2, 'Deploy'),
    ...(deployed?.way === undefined ? [] : [paragraph(deployed.way)]),
    ...(deployed?.after === undefined ? [] : [nodeTable(deployed.before, deployed.after)]),
    ...(journal.length === 0 ? [] : [fold(['Journal'], [codeBlock(journal.map(entryText).join('\n'))])]),
  ];
}

function nodeTable(before: NodeSummary | undefined, after: NodeSummary): Block {
  const both = [before, after];
  return table(
    ['', 'before', 'after'],
    [
      [['releases'], ...cells(both, ({ releases }) => code(releasesText(releases)))],
      [['process id'], ...cells(both, ({ osPid }) => code(osPid))],
      [['emulator started'], ...cells(both, ({ startedAt }) => timeText(startedAt))],
    ],
  );
}

/** One for each node; none ran where there is none. */
function cells(
  nodes: readonly (NodeSummary | undefined)[],
  what: (node: NodeSummary) => Inline,
): (readonly Inline[])[] {
  return nodes.map((node) => [node === undefined ? 'no node ran' : what(node)]);
}

function timeText(startedAt: number): string {
  return `${new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
