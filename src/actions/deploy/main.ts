import { annotateFailure } from '../../report/annotations.js';
import { readInputs } from './deploy-action-inputs.js';

/** The step: a failure is told, and makes it fail. */
export async function main(): Promise<void> {
  try {
    const inputs = readInputs();
    // Loaded only now, so that a bad input is told at once (design decision 11).
    const { deployAction } = await import('./deploy-action.js');
    await deployAction(inputs);
  } catch (error) {
    annotateFailure(error);
    process.exitCode = 1;
  }
}
