import { info } from '@actions/core';
import type { Attempt, BusyProcess } from '../model/deploy.js';
import type { NodeSnapshot } from '../model/node.js';
import { releasesText, runningRelease } from '../model/node.js';
import { codeDifferences, moduleList, stalePaths } from '../node/node-code.js';
import { install, settle } from '../node/release-handler.js';
import { ActionError } from '../shared/errors.js';
import { hints } from '../shared/hints.js';
import { DeployError } from './deploy-error.js';
import { type HealthInput, proveHealth, stageOf } from './health/health.js';
import { mendStates } from './health/left-out-processes.js';
import { holding, leftOut, traceSuspensions } from './health/suspensions.js';
import { correctDeployed } from './note-deployed.js';
import { identityOf, isSameProcess } from '../node/process-identity.js';
import { undo } from './undo.js';
import type { UpgradeContext } from './upgrade-context.js';
import { unended } from '../shared/unended.js';

/**
 * Goes back to the release before through the relup, proves by code that it runs (H89), and takes back what was unpacked.
 *
 * @param reason why, one sentence
 * @returns the error to end the deploy with; its `nodeState` is `downgraded` when all went well
 */
export async function downgrade({
  context,
  attempt,
  why,
  health,
  cause,
}: {
  readonly context: UpgradeContext;
  readonly attempt: Attempt;
  readonly why: string;
  readonly health: HealthInput;
  readonly cause?: unknown;
}): Promise<DeployError> {
  const { session } = context;
  await session.giveRoom();
  if (session.journal.last?.step !== 'downgrade') {
    const kept = await leftOutNow(context);
    await session.note({ step: 'downgrade', reason: why, ...(kept.length === 0 ? {} : { leftOut: kept }) });
  }
  const now = await settle(context);
  if (now !== undefined && isBack(context, attempt.from, now) && (await wasRestarted(context, now))) {
    const sentence = `The node was restarted meanwhile and runs ${attempt.from}.`;
    const taken = await undo({ context, attempt, why, nodeState: 'rebooted-into-old' });
    return rebooted([why, sentence, taken.sentence], cause);
  }
  const kept = session.journal.find('downgrade')?.leftOut ?? [];
  const { held, result: error } = await holding(context, kept, () => goBack(context, attempt, now));
  if (error !== undefined)
    return notDowngraded({
      context,
      attempt,
      why: `${why} Going back to ${attempt.from} failed`,
      cause: error,
    });
  info(`${attempt.from} runs again: the code is that of the release.`);
  const states = await mendStates(context, held);
  const sick = await healthAfter(context, attempt, health);
  const { sentence } = await undo({ context, attempt, why, nodeState: 'downgraded' });
  await correctDeployed(context, attempt.from);
  const sentences = [
    `${why} The node was downgraded and runs ${attempt.from}.`,
    ...(states === undefined ? [] : [states]),
    ...(sick === undefined ? [] : [sick]),
    sentence,
  ];
  return new DeployError(sentences.join(' '), 'downgraded', { ...hints(cause), cause });
}

/** Nobody, as far as a node tells that may be in trouble. */
async function leftOutNow(context: UpgradeContext): Promise<BusyProcess[]> {
  return leftOut(context).catch((error: unknown) => {
    if (!(error instanceof ActionError)) throw error;
    return [];
  });
}

/** A node that rebooted instead runs the old release, too, so that what was unpacked can be taken back. */
async function notDowngraded({
  context,
  attempt,
  why,
  cause,
}: {
  readonly context: UpgradeContext;
  readonly attempt: Attempt;
  readonly why: string;
  readonly cause: Error;
}): Promise<DeployError> {
  const { from } = attempt;
  const sentence = `${why}: ${cause.message}`;
  const snapshot = await settle(context);
  if (snapshot !== undefined && isBack(context, from, snapshot)) {
    const taken = await undo({ context, attempt, why, nodeState: 'rebooted-into-old' });
    return rebooted([sentence, taken.sentence], cause);
  }
  const running = runningRelease(snapshot?.releases ?? [])?.version;
  const nodeState = running === context.manifest.version ? 'installed-not-permanent' : 'unknown';
  return new DeployError(sentence, nodeState, {
    remedy: `Restart the node: it boots ${from}.`,
    ...hints(cause),
    cause,
  });
}

function rebooted(sentences: readonly string[], cause: unknown): DeployError {
  return new DeployError(sentences.join(' '), 'rebooted-into-old', { ...hints(cause), cause });
}

/** By somebody else, or after a crash: state and connections are lost, which is no downgrade (H87). */
async function wasRestarted({ session, node }: UpgradeContext, now: NodeSnapshot): Promise<boolean> {
  const before = session.journal.find('install')?.before;
  if (before === undefined) return false;
  return now.instance !== before.instance || !isSameProcess(before.process, await identityOf(node.pid));
}

/** @returns why it failed; undefined when the old release runs as a whole */
async function goBack(
  context: UpgradeContext,
  { from }: Attempt,
  before: NodeSnapshot | undefined,
): Promise<Error | undefined> {
  if (before === undefined) return new ActionError('the node does not settle.');
  if (isBack(context, from, before)) return undefined;
  let refused: Error | undefined;
  try {
    await context.control.call('check-install', [from], context.stepSeconds);
    await traceSuspensions(context);
    const answer = await install(context, from);
    info(`release_handler's answer to the downgrade: ${answer.kind}.`);
    if ('error' in answer) refused = answer.error;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error;
  }
  const after = await settle(context);
  if (after === undefined) return new ActionError('the node does not settle.');
  if (after.instance !== before.instance) return new ActionError(`the node rebooted into ${from}.`);
  if (isBack(context, from, after)) return undefined;
  return refused ?? new ActionError(`the node has ${differences(context, from, after)}.`);
}

/** By code and by release_handler. */
function isBack(context: UpgradeContext, from: string, snapshot: NodeSnapshot): boolean {
  return (
    runningRelease(snapshot.releases ?? [])?.version === from && differences(context, from, snapshot) === ''
  );
}

function differences({ manifest }: UpgradeContext, from: string, snapshot: NodeSnapshot): string {
  const release = manifest.upFrom.find(({ version }) => version === from);
  if (release === undefined)
    return `a release that the manifest does not know (${releasesText(snapshot.releases)})`;
  const code = codeDifferences(snapshot, release);
  const paths = stalePaths(snapshot, release);
  return [
    ...(code.length === 0 ? [] : [`modules that are not those of ${from}: ${moduleList(code)}`]),
    ...(paths.length === 0 ? [] : [`code path entries of other versions: ${paths.join(', ')}`]),
  ].join('; ');
}

/** @returns what is to be said of its health; undefined when it is healthy */
async function healthAfter(
  context: UpgradeContext,
  { from }: Attempt,
  health: HealthInput,
): Promise<string | undefined> {
  const stage = stageOf(context, 'after-downgrade', from);
  const verify = (snapshot: NodeSnapshot) =>
    [differences(context, from, snapshot)].filter((text) => text !== '');
  try {
    const sick = await proveHealth({ context, input: { ...health, soak: 0, timeout: 20 }, stage, verify });
    return sick === undefined ? undefined : `It is not healthy either: ${unended(sick.message)}.`;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return `Whether it is healthy could not be looked at: ${unended(error.message)}.`;
  }
}
