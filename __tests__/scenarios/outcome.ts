import type { Erlang } from '../../src/programs/erlang.js';
import { ActionError } from '../../src/shared/errors.js';
import type { Finding } from '../../src/model/finding.js';
import type { BuiltScenario } from './build.js';
import { judge } from './oracle.js';
import { prove } from './proof.js';

/** What became of a scenario. */
export interface Outcome {
  /**
   * `told`: equal but for what a warning of the action says; `different`: the action called it proven and it was not
   * (silently different); `crash`: a defect of the action.
   */
  readonly verdict: 'equal' | 'told' | 'refused' | 'different' | 'crash';
  /** The sentence of the refusal. */
  readonly reason?: string;
  /** Ids of all findings, and of those that are errors. */
  readonly findings: readonly string[];
  readonly errors: readonly string[];
  /** What is not as it should be, a line each. */
  readonly lines: readonly string[];
  /** How many of the supervised processes an upgrade or downgrade suspended; absent when it was not proven. */
  readonly suspended?: { readonly processes: number; readonly of: number };
  /** Where the time went. */
  readonly seconds: Seconds;
}

/** Seconds in the action's phases up to the packages, in the rehearsal, and in the oracle. */
export interface Seconds {
  plan: number;
  rehearsal: number;
  oracle: number;
}

export interface Programs {
  readonly erlang: Erlang;
  /** Folder of the corpus' own compiled programs. */
  readonly ebin: string;
}

/** Takes a scenario the whole way through the action, and then asks the oracle whether the action was right. */
export async function outcomeOf({ erlang, ebin }: Programs, built: BuiltScenario): Promise<Outcome> {
  const found: Finding[] = [];
  const seconds: Seconds = { plan: 0, rehearsal: 0, oracle: 0 };
  let suspended: Outcome['suspended'];
  const outcome = (verdict: Outcome['verdict'], lines: readonly string[], reason?: string): Outcome => ({
    verdict,
    findings: ids(found),
    errors: ids(found.filter(({ severity }) => severity === 'error')),
    lines,
    seconds,
    ...(suspended === undefined ? {} : { suspended }),
    ...(reason === undefined ? {} : { reason }),
  });
  try {
    const proven = await prove(erlang, built, found, seconds);
    suspended = { processes: proven.suspended, of: proven.supervised };
    const started = performance.now();
    const lines = await judge(ebin, built, proven.tarball);
    seconds.oracle += (performance.now() - started) / 1000;
    return outcome(verdictOn(lines, ids(found)), lines);
  } catch (error) {
    if (error instanceof ActionError) return outcome('refused', [], error.message);
    return outcome('crash', [error instanceof Error ? (error.stack ?? '') : String(error)]);
  }
}

/** What the oracle sees, and the warning that says the same. */
const WARNINGS = [
  { seen: ': environment: ', id: 'rehearsal-environment' },
  { seen: ': registered: ', id: 'rehearsal-registered-name' },
  { seen: ': tables: ', id: 'rehearsal-start-code' },
  { seen: ': old_code: ', id: 'rehearsal-old-code' },
  { seen: ' the downgrade ', id: 'callback-mode' },
];

function verdictOn(lines: readonly string[], findings: readonly string[]): Outcome['verdict'] {
  if (lines.length === 0) return 'equal';
  const isTold = (line: string): boolean =>
    WARNINGS.some(({ seen, id }) => line.includes(seen) && findings.includes(id));
  return lines.every(isTold) ? 'told' : 'different';
}

function ids(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ id }) => id))].sort();
}
