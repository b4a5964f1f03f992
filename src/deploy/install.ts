import { info } from '@actions/core';
import { DeployError } from './deploy-error.js';
import { markCrashes } from './health/crashes.js';
import { installFailure, type InstallFailure } from './install-verdict.js';
import type { Attempt } from '../model/deploy.js';
import type { NodeCheck } from './preflight/node-check.js';
import { readProcessTrees, restartedChildren, type ProcessTrees } from './health/process-trees.js';
import { traceSuspensions } from './health/suspensions.js';
import { nodeEnd } from '../node/node-end.js';
import { undo } from './undo.js';
import type { UpgradeContext } from './upgrade-context.js';
import { install, settle } from '../node/release-handler.js';
import { ActionError } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import { hints } from '../shared/hints.js';
import { some } from '../shared/some.js';

/**
 * Installs the new release, not permanently, and judges by what runs then. The journal says already that this begins.
 *
 * @throws {DeployError}
 */
export async function installUpgrade(
  context: UpgradeContext,
  check: NodeCheck,
  attempt: Attempt,
): Promise<void> {
  const { session, manifest } = context;
  const treesBefore = await treesOf(context);
  const untraced = await traceSuspensions(context);
  await markCrashes(context);
  const answer = await install(context, manifest.version);
  info(`release_handler's answer to the installation: ${answer.kind}.`);
  const after = await settle(context);
  const end = after === undefined ? await nodeEnd(context) : undefined;
  if (end !== undefined) throw new DeployError(end.message, 'unknown', { ...hints(end), cause: end });
  // of a node that is gone there is more to say
  if (untraced !== undefined) session.findings.push(untraced);
  const failure = installFailure(manifest, check, after);
  if (failure !== undefined) {
    throw await failedInstall({
      context,
      attempt,
      failure,
      cause: 'error' in answer ? answer.error : undefined,
    });
  }
  await session.note({ step: 'installed' });
  info(`${manifest.version} runs: the code is the package's.`);
  const treesAfter = await treesOf(context);
  if (treesBefore && treesAfter) noteRestarts(context, restartedChildren(treesBefore, treesAfter));
}

/** They are only compared; a node that does not give them is judged by what runs. */
async function treesOf({ control }: UpgradeContext): Promise<ProcessTrees | undefined> {
  return readProcessTrees(control).catch((error: unknown) => {
    if (!(error instanceof ActionError)) throw error;
    return undefined;
  });
}

/** The relup may have meant to; but a process that crashed with the new code was restarted, too, and lost its state. */
function noteRestarts({ session }: UpgradeContext, places: readonly string[]): void {
  if (places.length === 0) return;
  session.findings.push({
    id: 'processes-restarted',
    severity: 'warning',
    message: `The installation restarted supervised processes, whose state is lost: ${some(places)}.`,
    remedy: 'If the appup does not restart them on purpose, they crashed: see the log of the node.',
  });
}

/** What was unpacked is taken back when the old release runs as a whole. */
async function failedInstall({
  context,
  attempt,
  failure,
  cause,
}: {
  readonly context: UpgradeContext;
  readonly attempt: Attempt;
  readonly failure: InstallFailure;
  readonly cause: ActionError | undefined;
}): Promise<DeployError> {
  const sentences = [...(cause === undefined ? [] : [cause.message]), failure.sentence];
  let { nodeState } = failure;
  if (failure.runsOld) {
    const { restored, sentence } = await undo({ context, attempt, why: failure.sentence, nodeState });
    sentences.push(sentence);
    if (!restored && nodeState === 'untouched') nodeState = 'unpacked';
  }
  const options = { ...hints(cause), ...defined({ remedy: failure.remedy }), cause };
  return new DeployError(sentences.join(' '), nodeState, options);
}
