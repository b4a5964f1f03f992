import { info } from '@actions/core';
import type { DeployResult } from '../../model/deploy.js';
import { DeployError } from '../deploy-error.js';
import { summary } from '../node-summary.js';
import { goBack } from './go-back.js';
import { forward } from './place-release.js';
import { doneState, type Placing } from './placing.js';
import { undoFiles } from './take-back.js';

/**
 * Goes on with an installation or a restart that was interrupted: forward once the root boots the new release, or one was started;
 * back where it was on its way back; before all that it is undone, and starts anew.
 *
 * @param isSame whether it is this very deploy
 * @returns the result; undefined when it starts anew
 * @throws {DeployError}
 */
export async function resumePlaced(
  placing: Placing,
  isSame: boolean,
): Promise<Omit<DeployResult, 'record'> | undefined> {
  const { place, attempt } = placing;
  const { session, plan } = place;
  const { journal } = session;
  info(
    `An earlier deploy of ${attempt.version} was not finished; the last step of its journal is ${journal.last?.step ?? 'begin'}.`,
  );
  if (!journal.has('switch') && !journal.has('start')) return undo(placing);
  if (!isSame) {
    throw new DeployError(
      `An earlier deploy of ${attempt.version} was not finished, so ${place.manifest.version} cannot be deployed yet.`,
      'unknown',
      {
        remedy: `Run the step that deploys ${attempt.version} again, with the same package: it goes on or goes back.`,
      },
    );
  }
  const back = journal.find('back');
  if (back !== undefined) throw await plan.phase('Deploy: back', () => goBack(placing, back.reason));
  const after = await forward(placing);
  return { deployedVersion: attempt.version, nodeState: doneState(attempt), after: summary(after) };
}

async function undo(placing: Placing): Promise<undefined> {
  const { session } = placing.place;
  const { version } = placing.attempt;
  const { restored, sentence } = await undoFiles(placing, 'an earlier run was interrupted');
  if (!restored) {
    throw new DeployError(`An earlier deploy of ${version} was not finished. ${sentence}`, 'unpacked', {
      remedy: 'Remove what is in the way, then run this step again.',
    });
  }
  await session.endAnew('untouched');
  info(`What the earlier deploy of ${version} had begun is taken back. ${sentence}`);
  return undefined;
}
