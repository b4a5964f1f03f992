import type { Scenario } from '../scenario.js';
import { APPLICATIONS } from './applications.js';
import { HAND_WRITTEN } from './hand-written.js';
import { NATIVE } from './native.js';
import { PLAIN } from './plain.js';
import { PROCESSES } from './processes.js';
import { STATE } from './state.js';
import { SUPERVISORS } from './supervisors.js';

/** Every scenario that is kept. */
export const CORPUS: readonly Scenario[] = [
  ...PLAIN,
  ...PROCESSES,
  ...STATE,
  ...SUPERVISORS,
  ...APPLICATIONS,
  ...HAND_WRITTEN,
  ...NATIVE,
];

/** Those that the command line chose. */
export function chosenScenarios(): Scenario[] {
  const only = process.env['SCENARIO_ONLY'];
  return CORPUS.filter(({ name }) => only === undefined || name.includes(only));
}
