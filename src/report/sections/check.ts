import { type Block, code, codeBlock, fold, table } from '../document/blocks.js';
import { atDesk } from '../reproduce.js';
import type { RunRecord } from '../run-record.js';

/** Versions that only a check saw. */
export function raisedVersions({ answer, raised }: RunRecord): Block[] {
  if (answer === undefined) return [];
  const seen = [raised?.release, ...(raised?.applications ?? [])].filter((one) => one !== undefined);
  if (seen.length === 0) return [];
  const rows = seen.map((one) => [[code(one.name)], [one.version], [one.raised]]);
  return [fold(['Versions that only this run saw'], [table(['', 'in the sources', 'here'], rows)])];
}

/** The command that comes to the same failure at a desk. */
export function desk(record: RunRecord): Block[] {
  const commands = atDesk(record);
  return commands === undefined ? [] : [fold(['How to see it at your desk'], [codeBlock(commands, 'sh')])];
}
