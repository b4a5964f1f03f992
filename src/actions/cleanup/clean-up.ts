import { info } from '@actions/core';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { endProcessesBelow } from '../../programs/processes.js';

/** Removes the workspace of a run that was killed before it could, and ends what still works in it. */
export async function cleanUp(workspace: string): Promise<void> {
  if (!existsSync(workspace)) {
    info('Nothing to clean up.');
    return;
  }
  endProcessesBelow(workspace);
  await rm(workspace, { recursive: true, force: true, maxRetries: 3 });
  info(`Removed ${workspace}, which a cancelled run had left.`);
}

/**
 * Removes the folder that was handed over to the node's user, if that is still there. Its deploy, when we were killed, ends
 * the step at work first.
 *
 * @param state as `deployAsUser` saved it
 */
export async function cleanUpHandOver(state: string): Promise<void> {
  const { name, folder } = JSON.parse(state) as { name: string; folder: string };
  if (!existsSync(folder)) return;
  const { OtherUser } = await import('../../programs/other-user.js');
  await (await OtherUser.become(name)).remove(folder, 'pid');
  info(`Removed ${folder}, which a cancelled run had left.`);
}
