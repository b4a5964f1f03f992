import type { Location } from './errors.js';

export type Severity = 'error' | 'warning' | 'notice';

/** Something a person should know or mend; becomes an annotation, a row in the summary and an entry in the manifest. */
export interface Finding {
  /** Stable kebab-case name, e.g. `appup-missing`; listed in docs/troubleshooting.md. */
  readonly id: string;
  readonly severity: Severity;
  readonly application?: string;
  readonly module?: string;
  /** One sentence: what, where. */
  readonly message: string;
  /** What to write or do instead. */
  readonly remedy?: string;
  readonly location?: Location;
}
