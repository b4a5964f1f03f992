import { ActionError, errorMessage } from '../shared/errors.js';
import type { Stage, StepName } from '../model/rehearsal.js';
import { runCheck, type OtherNode } from './check-command.js';
import type { Lane } from './lane.js';
import { StepError } from './step-error.js';

/** A moment at which a node is looked at. */
export interface Moment {
  readonly step: StepName;
  readonly stage: Stage;
  /** The release version that the node runs. */
  readonly runs: string;
  /** The node that it is connected to, in a cluster. */
  readonly other?: OtherNode;
}

/** Gives the node to the user's `check`, if there is one. @throws {StepError} when that fails */
export async function checkStage(
  { context, running: node }: Lane,
  { step, stage, runs, other }: Moment,
): Promise<void> {
  const { options, upFrom, manifest, folder } = context;
  const command = options.check ?? '';
  try {
    if (command.trim() !== '') {
      context.recorder.note(step, 'command');
      await runCheck({
        ...{ command, folder, stage, node, runs, other },
        cwd: options.checkFolder ?? process.cwd(),
        name: manifest.name,
        upFrom: upFrom.version,
        version: manifest.version,
        timeoutSeconds: context.remaining(),
      });
    }
    await options.onStage?.(stage, node, node.control);
  } catch (error) {
    const { remedy, details } = error instanceof ActionError ? error : {};
    throw new StepError(
      { id: 'rehearsal-check', check: 'command', message: errorMessage(error), remedy, details },
      error,
    );
  }
}
