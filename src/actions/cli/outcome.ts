import type { RunRecord } from '../../report/run-record.js';
import { BadInputError } from '../../shared/errors.js';
import type { ActionCommand } from './option-table.js';

/** The exit statuses of the command line (docs/command-line.md). */
export const EXIT = { done: 0, failed: 1, badInput: 2, notProven: 3 } as const;

/**
 * How a command ends: a check and a rehearsal are asked for a proven hot upgrade, so anything less is told apart for scripts. Pure.
 *
 * @param failure what was thrown; undefined when nothing was
 */
export function exitStatus(
  command: ActionCommand,
  { verdict }: Pick<RunRecord, 'verdict'>,
  failure: unknown,
): number {
  if (failure instanceof BadInputError) return EXIT.badInput;
  if (failure !== undefined) return EXIT.failed;
  const asks = command === 'check' || command === 'rehearse';
  return asks && (verdict === 'unproven' || verdict === 'restart') ? EXIT.notProven : EXIT.done;
}
