import { info } from '@actions/core';
import { isError, stoppedBy, type Finding } from '../../model/finding.js';
import type { ReleaseDifference } from '../../model/release-difference.js';
import { checkDuplicates, checkVersionOrder } from './applications.js';
import { checkCodeChange } from './code-change.js';
import { readSteps, type FactsOptions } from './facts.js';
import { checkInstructions } from './instructions.js';
import { checkMessages } from './messages.js';
import { checkNativeCode } from './native.js';
import { checkPrivFiles } from './priv-files.js';
import { checkStartCode } from './start-code.js';
import { checkStrategies } from './supervisors.js';
import { checkStaleConversions } from './stale-conversion.js';
import { checkStates } from './state.js';
import { checkStatems } from './statem.js';
import { checkStored } from './stored.js';
import { checkSyncNodes } from './sync-nodes.js';

export interface AppupCheckOptions extends FactsOptions {
  /** The project folder relative to the repository, for annotations. */
  readonly projectPath: string;
  /** Whether an application's native code may be exchanged on a running node (relup.config). */
  readonly allowsNative: (application: string) => boolean;
}

/** Looks at everything that OTP does not look at before it is too late, whoever wrote the appups. */
export async function checkAppups(options: AppupCheckOptions): Promise<Finding[]> {
  const { release, differences } = options;
  logUnchanged(differences);
  const steps = await readSteps(options);
  return [
    ...checkDuplicates([release, ...differences.map(({ upFrom }) => upFrom)], options),
    ...checkVersionOrder(differences, options),
    ...checkInstructions(steps, options),
    ...checkCodeChange(steps, options),
    ...checkStates(steps, options),
    ...checkStatems(steps, options),
    ...checkStaleConversions(steps, options),
    ...checkStored(steps, options),
    ...checkMessages(steps, options),
    ...checkStartCode(steps, options),
    ...(await checkPrivFiles(steps, options)),
    ...checkStrategies(steps, options),
    ...checkSyncNodes(steps, options),
    ...(await checkNativeCode(steps, options, options.allowsNative)),
  ];
}

/** @throws {RefusedError} when one of the findings is an error */
export function refuseErrors(findings: readonly Finding[]): void {
  if (findings.some(isError)) throw stoppedBy('The upgrade would go wrong on a node', findings);
}

/** Fine, and worth a word: the version was raised, the code is the same. */
function logUnchanged(differences: readonly ReleaseDifference[]): void {
  for (const { changed } of differences) {
    for (const { name, from, to, modules } of changed) {
      const count = modules.added.length + modules.changed.length + modules.removed.length;
      if (count === 0) info(`${name} ${from ?? ''} → ${to ?? ''}: another version of the same code.`);
    }
  }
}
