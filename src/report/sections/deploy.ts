import { entryText } from '../../model/deploy.js';
import { releasesText } from '../../model/node.js';
import { type Block, code, codeBlock, fold, heading, table } from '../document/blocks.js';
import type { RunRecord } from '../run-record.js';

/** What became of the node. */
export function deploy({ deployed, nodeState, journal = [] }: RunRecord): Block[] {
  if (nodeState === undefined || (deployed === undefined && journal.length === 0)) return [];
  return [
    heading(2, 'Deploy'),
    ...(deployed === undefined ? [] : [nodeTable(deployed)]),
    ...(journal.length === 0 ? [] : [fold(['Journal'], [codeBlock(journal.map(entryText).join('\n'))])]),
  ];
}

function nodeTable({ before, after }: NonNullable<RunRecord['deployed']>): Block {
  const both = [before, after];
  return table(
    ['', 'before', 'after'],
    [
      [['releases'], ...both.map(({ releases }) => [code(releasesText(releases))])],
      [['process id'], ...both.map(({ osPid }) => [code(osPid)])],
      [
        ['emulator started'],
        ...both.map(({ startedAt }) => [
          `${new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
        ]),
      ],
    ],
  );
}
