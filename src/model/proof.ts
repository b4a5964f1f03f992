import type { Correction } from './correction.js';
import type { Rehearsal, RehearsedStep } from './rehearsal.js';

/** What was rehearsed, without times. */
export interface Proof {
  readonly outcome: Rehearsal['outcome'];
  /** Why it is not proven. */
  readonly reason?: string;
  readonly upFrom: readonly {
    readonly version: string;
    readonly outcome: Rehearsal['outcome'];
    readonly reason?: string;
    /** Step → what was looked at → how it was. */
    readonly steps: Readonly<Record<string, RehearsedStep['checks']>>;
  }[];
  /** Instructions that generated appups were corrected by. */
  readonly corrections: readonly Correction[];
}

/** Rehearsal → proof: in an order of its own, since steps on several nodes end in any. Pure. */
export function proofOf({ outcome, versions }: Rehearsal, corrections: readonly Correction[]): Proof {
  const reason = versions.find((version) => version.outcome === outcome)?.reason;
  return {
    outcome,
    ...(reason === undefined ? {} : { reason }),
    upFrom: versions.map((version) => ({
      version: version.upFrom,
      outcome: version.outcome,
      ...(version.reason === undefined ? {} : { reason: version.reason }),
      steps: Object.fromEntries(
        [...version.steps].sort(byName).map(({ name, checks }) => [name, sorted(checks)]),
      ),
    })),
    corrections,
  };
}

function sorted(checks: RehearsedStep['checks']): RehearsedStep['checks'] {
  return Object.fromEntries(Object.entries(checks).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function byName(a: RehearsedStep, b: RehearsedStep): number {
  return a.name < b.name ? -1 : 1;
}
