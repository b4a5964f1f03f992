import { info } from '@actions/core';
import type { NodeState } from '../../model/deploy.js';
import type { ActionError } from '../../shared/errors.js';
import { hints } from '../../shared/hints.js';
import { DeployError } from '../deploy-error.js';
import type { Placing } from './placing.js';
import { startOld } from './start-old.js';
import { emulatorsOf, stopNew } from './stop-node.js';
import { putBootBack, takeFilesBack } from './take-back.js';

/**
 * Restores the state of things before: puts back what boots, stops the new release, removes what was added, and starts what ran.
 *
 * @param why one sentence
 * @returns the error to end the deploy with
 */
export async function goBack(placing: Placing, why: string, cause?: unknown): Promise<DeployError> {
  const { place, attempt, old } = placing;
  const { session } = place;
  await session.giveRoom();
  if (!session.journal.has('back')) await session.note({ step: 'back', reason: why });
  // first of all: a service manager that starts what has ended finds the old release then
  await putBootBack(placing);
  const running = await stopNew(placing);
  if (running !== undefined) return notStopped(why, running, cause);
  const files = await takeFilesBack(placing);
  if (old === undefined || attempt.ran !== true) {
    const boots = old === undefined ? '' : ` The next start boots ${attempt.from}.`;
    if (files.restored) await session.end('untouched');
    const state = files.restored ? 'untouched' : 'stopped';
    return told(state, [why, `No node runs, as before.${boots}`, files.sentence], cause);
  }
  const { failure, sick } = await startOld(placing, old);
  if (failure !== undefined) return notUp({ placing, why, failure, files });
  info(`${attempt.from} runs again: the code is that of the release.`);
  if (files.restored) await session.end('rebooted-into-old');
  const sentences = [why, `The node was started anew with ${attempt.from}, which runs again.`, sick];
  return told('rebooted-into-old', [...sentences, files.sentence], cause);
}

/** It may stop yet, and the next run goes on from here. */
function notStopped(why: string, failure: ActionError, cause: unknown): DeployError {
  return new DeployError(`${why} Going back failed: ${failure.message}`, 'unknown', {
    remedy: 'When it has stopped, run this step again: it goes on from here.',
    ...hints(cause),
    cause: failure,
  });
}

async function notUp({
  placing: { place, attempt },
  why,
  failure,
  files,
}: {
  readonly placing: Placing;
  readonly why: string;
  readonly failure: ActionError;
  readonly files: { readonly restored: boolean; readonly sentence: string };
}): Promise<DeployError> {
  const runs = (await emulatorsOf(place)).length > 0;
  const state = runs ? 'unknown' : 'stopped';
  if (files.restored) await place.session.end(state);
  const now = runs ? undefined : `No node runs now; the next start boots ${attempt.from}.`;
  const sentence = `${attempt.from} did not come up again: ${failure.message}`;
  return new DeployError(joined([why, sentence, now, files.sentence]), state, {
    remedy: 'See the log of the node, and start it.',
    details: failure.details,
    cause: failure,
  });
}

function told(state: NodeState, sentences: readonly (string | undefined)[], cause: unknown): DeployError {
  return new DeployError(joined(sentences), state, { ...hints(cause), cause });
}

function joined(sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join(' ');
}
