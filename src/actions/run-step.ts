import { annotateFailure } from '../report/annotations.js';

/**
 * An action's step: a failure is told, and makes it fail.
 *
 * @param readInputs what it refuses is told at once
 * @param act loads the rest only now (design decision 11), and does the work
 */
export async function runStep<I>(readInputs: () => I, act: (inputs: I) => Promise<void>): Promise<void> {
  try {
    await act(readInputs());
  } catch (error) {
    annotateFailure(error);
    process.exitCode = 1;
  }
}
