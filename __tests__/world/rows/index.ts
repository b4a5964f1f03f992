import type { Row } from '../row.js';
import { P1 } from './p1.js';
import { POOLS } from './pools.js';
import { RABBITMQ } from './rabbitmq.js';

/** All rows. */
export const ROWS: readonly Row[] = [...RABBITMQ, ...P1, ...POOLS];

/** Those that WORLD_ONLY (parts of names, with commas) and WORLD_SAMPLE ask for. */
export function chosenRows(env: NodeJS.ProcessEnv = process.env): Row[] {
  const { WORLD_ONLY: only = '', WORLD_SAMPLE: sample } = env;
  return ROWS.filter(
    (row) =>
      only.split(',').some((part) => row.name.includes(part)) &&
      (sample === undefined || row.sample === true),
  );
}
