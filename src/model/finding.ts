import { StoppedError, type ActionErrorOptions, type Location } from '../shared/errors.js';

type Severity = 'error' | 'warning' | 'notice';

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
  /** Output or terms that explain it; for a fold. */
  readonly details?: string;
}

export function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

/** Findings that say the same of the same place, e.g. from several up-from versions, are one. */
export function distinct(findings: readonly Finding[]): Finding[] {
  const key = ({ id, severity, message, remedy, location }: Finding): string =>
    JSON.stringify([id, severity, message, remedy, location]);
  return [...new Map(findings.map((one) => [key(one), one])).values()];
}

/**
 * The end of a run that findings stop. Each of them is shown by itself, with what to do, so this only closes the list.
 *
 * @param what went wrong, a clause
 */
export function stoppedBy(
  what: string,
  findings: readonly Finding[],
  options: Pick<ActionErrorOptions, 'details'> = {},
): StoppedError {
  const errors = distinct(findings.filter(isError));
  const ids = [...new Set(errors.map(({ id }) => id))].join(', ');
  const said =
    errors.length === 1
      ? `one finding stops it (${ids}). It says what to do.`
      : `${errors.length} findings stop it (${ids}). Each says what to do.`;
  return new StoppedError(`${what}: ${said}`, options);
}
