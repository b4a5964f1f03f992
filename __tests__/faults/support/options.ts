// What scripts/test-faults.mjs was given.
import { createHash } from 'node:crypto';

/** Interrupted deploys; a small sample unless told otherwise. */
export const RUNS = Number(process.env['FAULTS_RUNS'] ?? 12);

/** The same seed gives the same faults, as far as points in time can be the same. */
export const SEED = process.env['FAULTS_SEED'] ?? 'relup';

/** Choices that depend on the seed and a name only. */
export class Random {
  private drawn = 0;

  constructor(private readonly name: string) {}

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    const text = `${SEED}/${this.name}/${this.drawn++}`;
    return createHash('sha256').update(text).digest().readUInt32BE() % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

/** All of a list, or some of it when only a small sample of the faults is run. */
export function sample<T>(list: readonly T[], count: number): T[] {
  if (RUNS >= 100) return [...list];
  const random = new Random('sample');
  const left = [...list];
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)).flat();
}
