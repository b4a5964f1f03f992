import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../scenario.js';
import { APPLICATIONS } from './applications.js';
import { CLUSTERS } from './clusters.js';
import { HAND_WRITTEN } from './hand-written.js';
import { HELD } from './held.js';
import { IN_FLIGHT } from './in-flight.js';
import { LEFT_BEHIND } from './left-behind.js';
import { NATIVE } from './native.js';
import { PLAIN } from './plain.js';
import { PROCESSES } from './processes.js';
import { RELUP_CONFIG } from './relup-config.js';
import { STATE } from './state.js';
import { TICKING } from './ticking.js';
import { SUPERVISORS } from './supervisors.js';

/** Random pairs that failed once. */
const KEPT = fileURLToPath(new URL('../kept/', import.meta.url));

/** Every scenario that is kept. */
export const CORPUS: readonly Scenario[] = [
  ...PLAIN,
  ...PROCESSES,
  ...STATE,
  ...SUPERVISORS,
  ...TICKING,
  ...APPLICATIONS,
  ...HAND_WRITTEN,
  ...RELUP_CONFIG,
  ...LEFT_BEHIND,
  ...IN_FLIGHT,
  ...HELD,
  ...NATIVE,
  ...CLUSTERS,
  ...kept(),
];

function kept(): Scenario[] {
  const files = existsSync(KEPT) ? readdirSync(KEPT).filter((name) => name.endsWith('.json')) : [];
  return files.sort().map((name) => JSON.parse(readFileSync(join(KEPT, name), 'utf8')) as Scenario);
}

/** Those that the command line chose: by a part of the name, and of these each n-th. */
export function chosenScenarios(): Scenario[] {
  const only = process.env['SCENARIO_ONLY'] ?? '';
  const every = Number(process.env['SCENARIO_EVERY'] ?? '1');
  return CORPUS.filter(({ name }) => name.includes(only)).filter((_, index) => index % every === 0);
}
