import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../../shared/errors.js';
import { DEPLOY_FOLDER } from '../session/deploy-folder.js';
import { putBack, removeAdded } from '../session/footprint.js';
import { type PlaceContext, stagedFolder } from './place-context.js';
import type { Placing } from './placing.js';
import { emulatorsOf } from './stop-node.js';
import { unended } from '../../shared/unended.js';

/** What became of the files; a sentence. */
export interface FilesTakenBack {
  readonly restored: boolean;
  readonly sentence: string;
}

/** What boots is what it was before, whatever else lies there. */
export async function putBootBack({ place, attempt }: Placing): Promise<void> {
  await putBack(place.deployRoot, attempt.footprint);
}

/**
 * Removes what was put there, and puts back what was changed. No node may run from it. A root that was empty is emptied: all that
 * lies there came with the release, or was written by its node.
 */
export async function takeFilesBack(placing: Placing): Promise<FilesTakenBack> {
  const { place, attempt } = placing;
  const { deployRoot } = place;
  try {
    await rm(stagedFolder(place), { recursive: true, force: true });
    if (attempt.way === 'install') await emptyRoot(place);
    const left = await removeAdded(deployRoot, attempt.footprint);
    await putBack(deployRoot, attempt.footprint);
    if (left.length === 0) return { restored: true, sentence: 'Its files are as they were.' };
    return notRestored(`something else lies in ${left.join(', ')}`);
  } catch (error) {
    return notRestored(unended(errorMessage(error)));
  }
}

/** The same for a deploy that has not come to the switch; noted. */
export async function undoFiles(placing: Placing, why: string): Promise<FilesTakenBack> {
  const { session } = placing.place;
  await session.giveRoom();
  // on a full disk it is the room that the entry needs
  await rm(stagedFolder(placing.place), { recursive: true, force: true });
  if (session.journal.last?.step !== 'undo') await session.note({ step: 'undo', reason: why });
  return takeFilesBack(placing);
}

async function emptyRoot(place: PlaceContext): Promise<void> {
  if ((await emulatorsOf(place)).length > 0) throw new Error('a node runs from it');
  for (const name of await readdir(place.deployRoot)) {
    if (name !== DEPLOY_FOLDER) await rm(join(place.deployRoot, name), { recursive: true, force: true });
  }
}

function notRestored(why: string): FilesTakenBack {
  return { restored: false, sentence: `What was unpacked could not be taken back: ${why}.` };
}
