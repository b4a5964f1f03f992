import { annotateFailure } from '../../report/annotations.js';
import { readInputs } from './rolling-inputs.js';

try {
  const inputs = readInputs();
  const { rollingAction } = await import('./rolling-action.js');
  await rollingAction(inputs);
} catch (error) {
  annotateFailure(error);
  process.exitCode = 1;
}
