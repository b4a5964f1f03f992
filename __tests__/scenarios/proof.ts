import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { rehearse } from '../../src/rehearsal/rehearse.js';
import type { Rehearsal } from '../../src/model/rehearsal.js';
import type { Finding } from '../../src/model/finding.js';
import type { NotePlan } from '../../src/plan/plan.js';
import type { Erlang } from '../../src/programs/erlang.js';
import type { Correction } from '../../src/model/correction.js';
import { RefusedError } from '../../src/shared/errors.js';
import type { BuiltScenario } from './build.js';
import type { Seconds } from './outcome.js';
import { plan, type Planned } from './plan.js';

export interface Proven {
  readonly tarball: string;
  readonly suspended: number;
  readonly supervised: number;
}

/** How often appups may be corrected by what a rehearsal found. */
const ATTEMPTS = 3;

/**
 * The action's way from two releases to a proven upgrade package, with whole new packages and a whole new rehearsal when
 * the rehearsal found instructions that the appups lack.
 *
 * @param found is told all findings of the last attempt
 * @returns the upgrade package, and how many of the processes the upgrade or the downgrade suspended
 * @throws {RefusedError} as the action does
 */
export async function prove(
  erlang: Erlang,
  built: BuiltScenario,
  found: Finding[],
  seconds: Seconds,
): Promise<Proven> {
  let corrections: readonly Correction[] = [];
  for (let number = 1; ; number += 1) {
    found.splice(0);
    const note: NotePlan = ({ findings = [] }) => void found.push(...findings);
    const planned = await timed(seconds, 'plan', () => plan(erlang, built, note, { number, corrections }));
    const tarball = planned.packages.upgrade?.path;
    if (tarball === undefined) throw new Error('no upgrade package was made');
    const rehearsal = await timed(seconds, 'rehearsal', () => rehearseOn(erlang, built, planned, number));
    const lacking = rehearsal.versions.flatMap((version) => version.corrections);
    const findings = rehearsal.versions.flatMap((version) => version.findings);
    if (rehearsal.outcome === 'passed') {
      found.push(...planned.packages.findings, ...findings);
      return { tarball, ...suspensions(rehearsal) };
    }
    const added = lacking.filter((one) => !corrections.some((known) => isSame(known, one)));
    if (added.length === 0 || number === ATTEMPTS) {
      found.push(...findings);
      throw new RefusedError(`The rehearsal ${rehearsal.outcome}: ${reasonOf(rehearsal)}`);
    }
    corrections = [...corrections, ...added];
  }
}

function rehearseOn(
  erlang: Erlang,
  built: BuiltScenario,
  { release, upFrom, packages }: Planned,
  number: number,
): Promise<Rehearsal> {
  const folder = join(built.folder, `rehearsal-${number}`);
  mkdirSync(folder, { mode: 0o700 });
  return rehearse({
    erlang,
    folder,
    logFolder: join(built.folder, `log-${number}`),
    // booted from the assembled release: the package's tree has no OTP
    release: { ...release, root: built.to.root },
    upgrade: packages.upgrade?.path as string,
    upFrom,
    timeoutSeconds: 120,
    nodeName: 'random',
    cluster: built.scenario.cluster === true,
  });
}

/** Of the step that suspended most. */
function suspensions({ versions }: Rehearsal): Omit<Proven, 'tarball'> {
  const installations = versions.flatMap((version) => Object.values(version.installations));
  const [most] = installations
    .map(({ suspended, supervised = 0 }) => ({ suspended: suspended?.processes ?? 0, supervised }))
    .sort((a, b) => b.suspended - a.suspended);
  return most ?? { suspended: 0, supervised: 0 };
}

function reasonOf({ versions }: Rehearsal): string {
  return versions.map(({ reason }) => reason).find((reason) => reason !== undefined) ?? 'without a reason';
}

function isSame(one: Correction, other: Correction): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

async function timed<T>(seconds: Seconds, phase: keyof Seconds, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    seconds[phase] += (performance.now() - started) / 1000;
  }
}
