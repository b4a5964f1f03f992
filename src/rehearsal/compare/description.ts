import type { CheckName, StepName } from '../../model/rehearsal.js';

/** The step whose outcome was compared with a boot. */
export interface ComparedStep {
  readonly step: StepName;
  readonly direction: 'up' | 'down';
  /** `after the upgrade to 0.2.0` */
  readonly when: string;
  /** Application versions of the up-from release. */
  readonly upFromApplications: Readonly<Record<string, string>>;
}

/** What is said of a difference. */
export interface Description {
  readonly id: string;
  readonly check: CheckName;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly remedy?: string;
}
