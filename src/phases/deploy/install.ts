import { info } from '@actions/core';
import { DeployError } from '../../node/deploy-error.js';
import { installFailure, type InstallFailure } from '../../node/install-verdict.js';
import type { Attempt, NodeBefore } from '../../node/journal-entry.js';
import type { NodeCheck } from '../../node/node-check.js';
import { identityOf } from '../../node/process-identity.js';
import { undo } from '../../node/undo.js';
import type { UpgradeContext } from '../../node/upgrade-context.js';
import { install, settle } from '../../node/upgrade.js';
import type { ActionError } from '../../shared/errors.js';
import { defined } from '../../shared/optional.js';
import { hints } from './hints.js';

/**
 * Installs the new release, not permanently, and judges by what runs then.
 *
 * @throws {DeployError}
 */
export async function installUpgrade(
  context: UpgradeContext,
  check: NodeCheck,
  attempt: Attempt,
): Promise<void> {
  const { session, manifest } = context;
  await session.note({ step: 'install', before: await nodeBefore(context, check) });
  const answer = await install(context, manifest.version);
  info(`release_handler's answer to the installation: ${answer.kind}.`);
  const failure = installFailure(manifest, check, await settle(context));
  if (failure !== undefined) {
    throw await failedInstall(context, attempt, failure, 'error' in answer ? answer.error : undefined);
  }
  await session.note({ step: 'installed' });
  info(`${manifest.version} runs: the code is the package's.`);
}

async function nodeBefore({ node }: UpgradeContext, { snapshot }: NodeCheck): Promise<NodeBefore> {
  const { osPid, instance, environment, applications } = snapshot;
  return { osPid, instance, environment, applications, process: (await identityOf(node.pid)) ?? null };
}

/** What was unpacked is taken back when the old release runs as a whole. */
async function failedInstall(
  context: UpgradeContext,
  attempt: Attempt,
  failure: InstallFailure,
  cause: ActionError | undefined,
): Promise<DeployError> {
  const sentences = [...(cause === undefined ? [] : [cause.message]), failure.sentence];
  let { nodeState } = failure;
  if (failure.runsOld) {
    const { restored, sentence } = await undo(context, attempt, failure.sentence, nodeState);
    sentences.push(sentence);
    if (!restored && nodeState === 'untouched') nodeState = 'unpacked';
  }
  const options = { ...hints(cause), ...defined({ remedy: failure.remedy }), cause };
  return new DeployError(sentences.join(' '), nodeState, options);
}
