import { type Block, fold, table } from '../document/blocks.js';
import { seconds } from '../figures.js';
import type { RunRecord } from '../run-record.js';

/** How long everything took. */
export function phases({ phases }: RunRecord): Block[] {
  if (phases.length === 0) return [];
  const rows = phases.map((phase) => [[phase.name], [seconds(phase.seconds)], [phase.ok ? 'ok' : 'failed']]);
  return [fold(['Time of each phase'], [table(['phase', 'time', ''], rows)])];
}
