import { runStep } from '../run-step.js';
import { readInputs } from './rolling-inputs.js';

/** The step, from its inputs on. */
export function main(): Promise<void> {
  return runStep(readInputs, async (inputs) => {
    const { rollingAction } = await import('./rolling-action.js');
    await rollingAction(inputs);
  });
}
