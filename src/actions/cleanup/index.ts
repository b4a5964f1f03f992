import { getState, info, warning } from '@actions/core';
import { errorMessage } from '../../shared/errors.js';
import { cleanUp, cleanUpHandOver } from './clean-up.js';

// The post step: it undoes what a cancelled job could not, and never turns the job red.
const workspace = getState('workspace');
const handOver = getState('hand-over');
if (workspace === '' && handOver === '') info('Nothing to clean up.');
if (handOver !== '') await attempt(() => cleanUpHandOver(handOver));
if (workspace !== '') await attempt(() => cleanUp(workspace));

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    warning(`relup-action could not clean up: ${errorMessage(error)}`);
  }
}
