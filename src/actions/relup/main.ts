import { runStep } from '../run-step.js';
import { readInputs } from './relup-inputs.js';

/** The step, from its inputs on. */
export function main(): Promise<void> {
  return runStep(readInputs, async (inputs) => {
    const { relupAction } = await import('./relup-action.js');
    await relupAction(inputs);
  });
}
