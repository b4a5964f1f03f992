import { info } from '@actions/core';
import { join } from 'node:path';
import { rehearse, type Rehearsal, type RehearsalFinding } from '../../phases/rehearsal.js';
import type { Erlang } from '../../programs/erlang.js';
import type { Facts } from '../../report/facts.js';
import type { Correction } from '../../shared/correction.js';
import { stoppedBy, type Finding } from '../../shared/findings.js';
import { defined } from '../../shared/optional.js';
import type { Workspace } from '../../shared/workspace.js';
import type { RelupInputs } from './inputs.js';

export interface RehearsalPhase {
  readonly inputs: RelupInputs;
  readonly facts: Facts;
  readonly erlang: Erlang;
  readonly workspace: Workspace;
  /** `_build/<profile>/lib` of the new version. */
  readonly buildDir: string;
  /** The user's project folder, where the check runs. */
  readonly projectDir: string;
  /** The same relative to the repository. */
  readonly projectPath: string;
  /** Makes appups, relup and packages anew with these corrections. */
  readonly again: (corrections: readonly Correction[]) => Promise<void>;
}

/** After this many corrections of generated appups it is given up. */
const REPEATS = 3;

/**
 * Rehearses a hot upgrade, corrects generated appups by what is found, and sets the verdict.
 *
 * @throws {RefusedError} when it failed, or could not be done although it is required; nothing may be shipped then
 */
export async function rehearseUpgrade(phase: RehearsalPhase): Promise<void> {
  const { inputs, facts } = phase;
  if (inputs.rehearse === 'false') {
    facts.unproven = 'the input `rehearse` is false';
    return;
  }
  const corrections: Correction[] = [];
  let rehearsal = await attempt(phase, 1);
  for (let number = 2; number <= REPEATS + 1; number++) {
    const more = rehearsal.outcome === 'failed' ? newCorrections(facts, rehearsal, corrections) : [];
    if (more.length === 0) break;
    corrections.push(...more);
    for (const { application, direction, instruction } of more) {
      info(`The generated appup of ${application} (${direction}) gets ${instruction}.`);
    }
    await phase.again(corrections);
    rehearsal = await attempt(phase, number);
  }
  facts.rehearsal = { ...rehearsal, corrections };
  facts.findings.push(
    ...rehearsal.versions.flatMap(({ findings }) => findings.map((one) => found(phase, one))),
  );
  judge(phase, rehearsal);
}

async function attempt(phase: RehearsalPhase, number: number): Promise<Rehearsal> {
  const { inputs, facts, erlang, workspace, projectDir, buildDir } = phase;
  const { packages, release, upFrom = [] } = facts;
  if (packages?.upgrade === undefined || release === undefined)
    throw new Error('there is nothing to rehearse');
  return rehearse({
    erlang,
    folder: join(await workspace.folder('rehearsal'), String(number)),
    logFolder: logFolder(workspace),
    release,
    buildDir,
    full: packages.full.path,
    upgrade: packages.upgrade.path,
    upFrom,
    check: inputs.check,
    checkFolder: projectDir,
    timeoutSeconds: inputs.rehearseTimeout,
    nodeName: inputs.nodeName,
  });
}

/** Where the nodes' output is kept until the end of the run. */
export function logFolder(workspace: Workspace): string {
  return join(workspace.dir, 'rehearsal-logs');
}

/** Instructions for generated appups that were not tried yet; a hand-written one is its author's. */
function newCorrections(
  { appups = [] }: Facts,
  { versions }: Rehearsal,
  tried: readonly Correction[],
): Correction[] {
  const generated = new Set(
    appups.flatMap(({ application, origin }) => (origin === 'generated' ? [application] : [])),
  );
  const known = new Set(tried.map((one) => JSON.stringify(one)));
  const all = versions.flatMap(({ corrections }) => corrections);
  const fresh = all.filter((one) => generated.has(one.application) && !known.has(JSON.stringify(one)));
  return [...new Map(fresh.map((one) => [JSON.stringify(one), one])).values()];
}

/** Without what belongs into the report only; on the appup that a person can edit. */
function found({ inputs, facts, projectPath }: RehearsalPhase, finding: RehearsalFinding): Finding {
  const { id, application, module, message, remedy } = finding;
  const severity = id === IMPOSSIBLE && inputs.rehearse === 'required' ? 'error' : finding.severity;
  const appup = facts.appups?.find((one) => one.application === application && one.origin === 'hand-written');
  const location = appup === undefined ? undefined : { file: join(projectPath, appup.file) };
  return { id, severity, message, ...defined({ application, module, remedy, location }) };
}

/** A warning, unless a rehearsal is required. */
const IMPOSSIBLE = 'rehearsal-impossible';

function judge({ inputs, facts }: RehearsalPhase, { outcome, versions }: Rehearsal): void {
  if (outcome === 'passed') {
    facts.verdict = 'hot';
    const from = versions.map(({ upFrom }) => upFrom).join(', ');
    info(`Proven on a node: ${from} → ${facts.release?.version ?? ''}, back, and through a restart.`);
    return;
  }
  const [worst] = versions.filter((version) => version.outcome === outcome);
  const reason = worst?.reason ?? '';
  const details = worst?.findings.find(({ message }) => message === reason)?.details;
  if (outcome === 'unproven') facts.unproven = reason;
  if (outcome === 'unproven' && inputs.rehearse !== 'required') return;
  throw stoppedBy(
    outcome === 'failed'
      ? `The rehearsal of the upgrade from ${worst?.upFrom ?? ''} failed`
      : 'The rehearsal is required, and could not be done',
    facts.findings,
    { details },
  );
}
