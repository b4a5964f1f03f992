import type { RelupScript } from '../../model/relup.js';
import { type Block, codeBlock, fold, heading } from '../document/blocks.js';
import type { RunRecord } from '../run-record.js';

/** The instructions of each way, folded. */
export function relup({ relup }: RunRecord): Block[] {
  if (relup === undefined) return [];
  const script = (title: string, { instructions }: RelupScript): Block =>
    fold([title], [codeBlock(instructions.join(',\n'), 'erlang')]);
  return [
    heading(2, 'Relup'),
    ...relup.up.map((one) => script(`up from ${one.version}`, one)),
    ...relup.down.map((one) => script(`down to ${one.version}`, one)),
  ];
}
