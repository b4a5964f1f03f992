import { info } from '@actions/core';
import { join } from 'node:path';
import type { AppupEntry, ChosenAppup } from '../model/appup.js';
import type { Correction } from '../model/correction.js';
import { stoppedBy, type Finding } from '../model/finding.js';
import type { Packages } from '../model/package.js';
import type { Rehearsal, RehearsalFinding } from '../model/rehearsal.js';
import type { Upgrade } from '../model/upgrade.js';
import type { Location } from '../shared/errors.js';
import { defined } from '../shared/optional.js';

/** An upgrade, and the packages that were made for it. */
export interface Made {
  readonly plan: Upgrade;
  readonly packages: Packages;
}

/** What was rehearsed last, and by what generated appups were corrected before. */
export type ProvenRehearsal = Rehearsal & { readonly corrections: readonly Correction[] };

export interface ProveOptions {
  /** Rehearses the packages; `number` tells the attempts apart. */
  readonly rehearse: (packages: Packages, number: number) => Promise<Rehearsal>;
  /** Makes appups, relup and packages anew with these corrections. */
  readonly make: (corrections: readonly Correction[]) => Promise<Made>;
  /** The new release version. */
  readonly version: string;
  /** Whether a rehearsal that cannot be done fails the run. */
  readonly required: boolean;
  /** The project folder relative to the repository, for annotations. */
  readonly projectPath: string;
  /** The file of the repository that holds a module; undefined for a dependency's. */
  readonly sourceOf: (application: string, module: string) => Location | undefined;
  readonly note: (part: {
    readonly rehearsal?: ProvenRehearsal;
    readonly unproven?: string;
    readonly findings?: readonly Finding[];
  }) => void;
}

/** After this many corrections of generated appups it is given up. */
const REPEATS = 3;

/**
 * Rehearses a hot upgrade, and corrects generated appups by what is found.
 *
 * @returns what was rehearsed at last
 * @throws {RefusedError} when it failed, or could not be done although it is required; nothing may be shipped then
 */
export async function prove(
  first: Made,
  options: ProveOptions,
): Promise<Made & { readonly rehearsal: ProvenRehearsal }> {
  let made = first;
  let rehearsal = await options.rehearse(made.packages, 1);
  const corrections: Correction[] = [];
  for (let number = 2; number <= REPEATS + 1; number++) {
    const more =
      rehearsal.outcome === 'failed' ? newCorrections(made.plan.appups, rehearsal, corrections) : [];
    if (more.length === 0) break;
    corrections.push(...more);
    for (const { application, direction, instruction } of more) {
      info(`The generated appup of ${application} (${direction}) gets ${instruction}.`);
    }
    made = await options.make(corrections);
    rehearsal = await options.rehearse(made.packages, number);
  }
  const proven = { ...rehearsal, corrections };
  const found = rehearsal.versions.flatMap(({ findings }) => findings);
  const findings = found.map((one) => findingOf(one, made.plan.appups, options));
  options.note({ rehearsal: proven, findings });
  judge(rehearsal, findings, options);
  return { ...made, rehearsal: proven };
}

/**
 * Instructions for generated appups that were not tried yet; a hand-written one is its author's. Where relup.config has an application
 * started anew, nothing is added: its supervisors begin as init/1 says.
 */
function newCorrections(
  appups: readonly ChosenAppup[],
  { versions }: Rehearsal,
  tried: readonly Correction[],
): Correction[] {
  const generated = new Set(
    appups
      .filter(({ origin, up }) => origin === 'generated' && !up.some(restartsApplication))
      .map(({ application }) => application),
  );
  const known = new Set(tried.map((one) => JSON.stringify(one)));
  const all = versions.flatMap(({ corrections }) => corrections);
  const fresh = all.filter((one) => generated.has(one.application) && !known.has(JSON.stringify(one)));
  return [...new Map(fresh.map((one) => [JSON.stringify(one), one])).values()];
}

function restartsApplication({ instructions }: AppupEntry): boolean {
  return instructions.some((one) => one.startsWith('{restart_application,'));
}

/** A warning, unless a rehearsal is required. */
const IMPOSSIBLE = 'rehearsal-impossible';

/** Without what belongs into the report only; on the appup that a person can edit, else on the code that it is about. */
function findingOf(
  finding: RehearsalFinding,
  appups: readonly ChosenAppup[],
  { required, projectPath, sourceOf }: ProveOptions,
): Finding {
  const { id, application, module, message, remedy } = finding;
  const severity = id === IMPOSSIBLE && required ? 'error' : finding.severity;
  const appup = appups.find((one) => one.application === application && one.origin === 'hand-written');
  const source =
    application === undefined || module === undefined ? undefined : sourceOf(application, module);
  const location = appup === undefined ? source : { file: join(projectPath, appup.file) };
  return { id, severity, message, ...defined({ application, module, remedy, location }) };
}

function judge(
  { outcome, versions }: Rehearsal,
  findings: readonly Finding[],
  { version, required, note }: ProveOptions,
): void {
  if (outcome === 'passed') {
    const from = versions.map(({ upFrom }) => upFrom).join(', ');
    info(`Proven on a node: ${from} → ${version}, back, and through a restart.`);
    return;
  }
  const [worst] = versions.filter((version) => version.outcome === outcome);
  const reason = worst?.reason ?? '';
  const details = worst?.findings.find(({ message }) => message === reason)?.details;
  if (outcome === 'unproven') note({ unproven: reason });
  if (outcome === 'unproven' && !required) return;
  throw stoppedBy(
    outcome === 'failed'
      ? `The rehearsal of the upgrade from ${worst?.upFrom ?? ''} failed`
      : 'The rehearsal is required, and could not be done',
    findings,
    { details },
  );
}
