import { ActionError } from '../../shared/errors.js';
import type { FleetNode } from './fleet.js';
import { isLost, rowOf, type Progress } from './rows.js';

/** A job that is about to begin. */
export interface Beginning {
  readonly fleet: readonly FleetNode[];
  readonly node: FleetNode;
  /** How many deploys may be at work at once, this one included. */
  readonly maxParallel: number;
}

/**
 * Lets a deploy begin only while none before it has failed. GitHub's own `fail-fast` would also cut off deploys that are at work
 * on other nodes. Pure.
 *
 * @throws {ActionError} when it must not
 */
export function checkGate({ fleet, node, maxParallel }: Beginning, progress: Progress): void {
  const others = fleet.filter(({ index }) => index !== node.index);
  // without a report they are at work, or lost
  const silent = others.filter((other) => isLost(other, progress));
  const failed = others.filter(
    (other) =>
      !silent.includes(other) &&
      rowOf(other, progress).state !== 'not begun' &&
      rowOf(other, progress).failure !== undefined,
  );
  const stopping = failed.length > 0 ? failed : silent.length >= maxParallel ? silent : [];
  if (stopping.length === 0) return;
  throw new ActionError(
    `Nothing was begun on ${node.node}, because the deploy to ${stopping.map((one) => one.node).join(', ')} failed before.`,
    { remedy: 'See why there, then start all jobs of the run again, or deploy a corrected release.' },
  );
}

/**
 * Jobs of an earlier attempt may have been taken back since, so a rollout is repeated as a whole. Pure.
 *
 * @throws {ActionError}
 */
export function checkAttempt(prefix: string, attempt: string): void {
  if (prefix.endsWith(`-${attempt}`)) return;
  throw new ActionError(
    'A rollout cannot go on in the middle, because its nodes may have been taken back since.',
    {
      remedy: 'Choose "Re-run all jobs": nodes that run the release already stay as they are.',
    },
  );
}
