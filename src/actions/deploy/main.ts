import { runStep } from '../run-step.js';
import { readInputs } from './deploy-action-inputs.js';

/** The step, from its inputs on. */
export function main(): Promise<void> {
  return runStep(readInputs, async (inputs) => {
    const { deployAction } = await import('./deploy-action.js');
    await deployAction(inputs);
  });
}
