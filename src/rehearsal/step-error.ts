import { ActionError } from '../shared/errors.js';
import type { CheckName } from '../model/rehearsal.js';

export interface StepFinding {
  readonly id: string;
  readonly message: string;
  readonly check?: CheckName;
  readonly remedy?: string | undefined;
  readonly details?: string | undefined;
  /** Whose code it is about. */
  readonly application?: string;
  readonly module?: string;
}

/** A step that could not be carried out; becomes a finding. */
export class StepError extends ActionError {
  constructor(
    readonly finding: StepFinding,
    cause?: unknown,
  ) {
    super(finding.message, { remedy: finding.remedy, details: finding.details, cause });
  }
}
