import type { RehearsedVersion, Shared } from '../../model/rehearsal.js';
import { type Block, heading, type Line, paragraph, strong, table } from '../document/blocks.js';

const NAMES: Readonly<Record<Shared['kind'], string>> = {
  connection: 'connections',
  'global name': 'global names',
  'process group': 'process groups (pg)',
  'mnesia node': "mnesia's running nodes",
};

/** Two connected nodes: what they had in common before one was upgraded, and what is left of it. */
export function cluster({ cluster: of, upFrom }: RehearsedVersion, to: string): Block[] {
  if (of === undefined) return [];
  const { versions, together, shared } = of;
  const [one, other] = versions;
  return [
    heading(3, 'Two connected nodes'),
    paragraph(
      together
        ? `Two nodes of ${upFrom} ran connected, and both were upgraded to ${to} at the same time, because the relup waits for that (sync_nodes).`
        : `A node of ${one} and one of ${other} ran connected, and the first was upgraded to ${to}.`,
    ),
    table(
      ['in common', 'before', 'after the upgrade'],
      shared.map((part) => [[NAMES[part.kind]], [String(part.before)], leftOf(part)]),
    ),
  ];
}

function leftOf({ lost }: Shared): Line {
  return lost.length === 0 ? ['all there'] : [strong('not as before'), `: ${lost.join(', ')}`];
}
