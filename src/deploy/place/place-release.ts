import { info } from '@actions/core';
import type { NodeSnapshot } from '../../model/node.js';
import { ActionError, errorMessage } from '../../shared/errors.js';
import { hints } from '../../shared/hints.js';
import { runBefore } from '../commands/around.js';
import { DeployError } from '../deploy-error.js';
import { CancelledError } from '../session/deploy-session.js';
import { placeAttempt } from './attempt.js';
import { bringUp } from './bring-up.js';
import { finishPlaced } from './finish-placed.js';
import { goBack } from './go-back.js';
import type { PlaceCheck } from './place-checks.js';
import type { PlaceContext } from './place-context.js';
import { factsOf, type Placing } from './placing.js';
import { putFiles } from './put-files.js';
import { stagedFolder } from './place-context.js';
import { stagePackage } from './stage-package.js';
import { keepEnvironment } from './start-environment.js';
import { emulatorsOf } from './stop-node.js';
import { switchBoot } from './switch-boot.js';
import { undoFiles } from './take-back.js';
import { unended } from '../../shared/unended.js';

/**
 * Installs a release into an empty root, or restarts the node of an installed one into it; and proves that it runs.
 *
 * @returns the node
 * @throws {DeployError}
 */
export async function placeRelease(place: PlaceContext, check: PlaceCheck): Promise<NodeSnapshot> {
  const attempt = await placeAttempt(place, check);
  await place.session.begin(attempt);
  const placing: Placing = { place, attempt, old: check.old };
  try {
    await prepare(placing, check);
  } catch (cause) {
    throw await notBegun(placing, cause);
  }
  return forward(placing);
}

/** Everything before the switch; what runs goes on. */
async function prepare(placing: Placing, check: PlaceCheck): Promise<void> {
  const { place, attempt } = placing;
  const { session, plan, full, manifest } = place;
  await plan.phase('Deploy: unpack', async () => {
    await keepEnvironment(place, check.node?.environment);
    await session.note({ step: 'unpack' });
    if (full !== undefined) {
      await stagePackage(full, stagedFolder(place));
      session.stopIfCancelled();
      const count = await putFiles(place, check.way);
      info(`${manifest.version} is unpacked: ${count} files were put in place, each as the manifest has it.`);
    }
    await session.takeRoom();
  });
  session.stopIfCancelled();
  await plan.phase('Deploy: before', () => runBefore(session, place.commands, factsOf(placing, check.node)));
  if (attempt.way === 'install') return;
  const [process = null] = await emulatorsOf(place);
  await session.note({ step: 'switch', process });
}

/** What was put there is removed; nothing else has changed. */
async function notBegun(placing: Placing, cause: unknown): Promise<DeployError> {
  const { place, attempt } = placing;
  const { session } = place;
  const { restored, sentence } = await undoFiles(placing, errorMessage(cause));
  if (restored) await session.end('untouched');
  const runs = attempt.ran === true ? ` The node runs ${attempt.from}.` : '';
  return new DeployError(`${errorMessage(cause)}${runs} ${sentence}`, restored ? 'untouched' : 'unpacked', {
    ...hints(cause),
    cause,
  });
}

/** From the switch on; every part finds out by itself whether it was done already. */
export async function forward(placing: Placing): Promise<NodeSnapshot> {
  const { place, attempt } = placing;
  try {
    if (attempt.way === 'restart') await switchAll(placing);
    await bringUp(placing);
  } catch (error) {
    if (error instanceof CancelledError) throw stoppedThere(placing, error);
    if (!(error instanceof ActionError)) throw error;
    const why = `${attempt.version} does not run as it should: ${unended(error.message)}.`;
    const cause = new ActionError(why, { ...hints(error), cause: error });
    if (place.plan.onFailure === 'leave') throw stoppedThere(placing, cause);
    throw await place.plan.phase('Deploy: back', () => goBack(placing, why, cause));
  }
  return finishPlaced(placing);
}

async function switchAll({ place, attempt }: Placing): Promise<void> {
  await place.session.giveRoom();
  await switchBoot(place, { version: attempt.from, erts: attempt.fromErts ?? place.manifest.erts });
  info(`The next start boots ${attempt.version}.`);
}

/** It stays as it is; the journal stays open. */
function stoppedThere({ attempt }: Placing, cause: ActionError): DeployError {
  const state = attempt.way === 'install' ? 'installed' : 'restarted';
  return new DeployError(`${cause.message} ${attempt.version} stays as it is, and is what boots.`, state, {
    ...hints(cause),
    remedy: 'Run this step again: it goes on from here.',
    cause,
  });
}
