import { getState, info, warning } from '@actions/core';
import { errorMessage } from '../../shared/errors.js';
import { cleanUp, cleanUpHandOver, cleanUpOverSsh } from './clean-up.js';

/** The post step: it undoes what a cancelled job could not, and never turns the job red. */
export async function main(): Promise<void> {
  const workspace = getState('workspace');
  const handOver = getState('hand-over');
  const overSsh = getState('over-ssh');
  if (workspace === '' && handOver === '' && overSsh === '') info('Nothing to clean up.');
  if (overSsh !== '') await attempt(() => cleanUpOverSsh(overSsh));
  if (handOver !== '') await attempt(() => cleanUpHandOver(handOver));
  if (workspace !== '') await attempt(() => cleanUp(workspace));
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    warning(`relup-action could not clean up: ${errorMessage(error)}`);
  }
}
