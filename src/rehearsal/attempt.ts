import { BootError } from './scratch/scratch-node.js';
import { ActionError } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import type { VersionContext } from './lane.js';
import { StepError, type StepFinding } from './step-error.js';
import type { StepName } from '../model/rehearsal.js';

/** Runs work whose expected failures become findings. */
export function attemptWith(
  context: VersionContext,
  isExpired: () => boolean,
): (work: () => Promise<void>) => Promise<void> {
  const { recorder, options } = context;
  return async (work) => {
    try {
      await work();
    } catch (error) {
      const step = recorder.failedStep;
      if (isExpired()) {
        recorder.add({
          id: 'rehearsal-timeout',
          severity: 'error',
          step,
          check: 'done',
          message: `The rehearsal did not end within ${options.timeoutSeconds} seconds; it was ended in the step "${step}".`,
          remedy: 'Set `rehearse-timeout` to more, or see in the log of the node what takes so long.',
        });
        return;
      }
      if (!(error instanceof ActionError)) throw error;
      addFailure(context, step, error);
    }
  };
}

/** A step that failed, as a finding. */
export function addFailure({ recorder }: VersionContext, step: StepName, error: ActionError): void {
  const { check = 'done', id, message, remedy, details, application, module } = findingOf(step, error);
  recorder.add({
    ...{ id, severity: 'error', step, check, message },
    ...defined({ remedy, details, application, module }),
  });
}

function findingOf(step: StepName, error: ActionError): StepFinding {
  if (error instanceof StepError) return error.finding;
  const { message, remedy, details } = error;
  if (!(error instanceof BootError)) return { id: 'rehearsal-refused', message, remedy, details };
  return {
    id: 'rehearsal-not-bootable',
    message:
      step === 'restart'
        ? `The node did not start again after the upgrade was made permanent: ${message}`
        : `The new release does not boot by itself: ${message}`,
    remedy: remedy ?? "Start the package on a clean machine; the node's output is in the details.",
    details,
  };
}
