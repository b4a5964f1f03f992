import { annotateFailure } from '../../report/annotations.js';
import { readInputs } from './deploy-action-inputs.js';

try {
  const inputs = readInputs();
  // Loaded only now, so that a bad input is told at once (design decision 11).
  const { deployAction } = await import('./deploy-action.js');
  await deployAction(inputs);
} catch (error) {
  annotateFailure(error);
  process.exitCode = 1;
}
