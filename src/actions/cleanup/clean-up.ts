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
