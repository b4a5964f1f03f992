import { type NodeSummary, entryText } from '../model/deploy.js';
import { releasesText } from '../model/node.js';
import { code, codeBlock, fold, table } from './markdown.js';
import type { RunRecord } from './run-record.js';

/** What became of the node. */
export function deployed(record: RunRecord): string {
  const { deployed, nodeState } = record;
  if (nodeState === undefined) return '';
  if (deployed === undefined) return `## Deploy\n\nThe node is ${code(nodeState)}.${journal(record)}`;
  const { deployedVersion, before, after } = deployed;
  const row = (when: string, node: NodeSummary): string[] => [
    when,
    code(releasesText(node.releases)),
    code(node.osPid),
    new Date(node.startedAt).toISOString(),
  ];
  const rows = [row('before', before), row('after', after)];
  return `## Deploy\n\nThe node ${code(after.node)} is ${code(nodeState)} and runs ${code(deployedVersion)}.\n\n${table(
    ['', 'releases', 'process id', 'emulator started'],
    rows,
  )}${journal(record)}`;
}

function journal({ journal = [] }: RunRecord): string {
  if (journal.length === 0) return '';
  return `\n\n${fold('Journal', codeBlock(journal.map(entryText).join('\n')))}`;
}
