import { getState, info, warning } from '@actions/core';
import { errorMessage } from '../../shared/errors.js';
import { cleanUp } from './clean-up.js';

// The post step: it undoes what a cancelled job could not, and never turns the job red.
try {
  const state = getState('workspace');
  if (state === '') info('Nothing to clean up.');
  else await cleanUp(state);
} catch (error) {
  warning(`relup-action could not clean up: ${errorMessage(error)}`);
}
