import { appendFileSync } from 'node:fs';

/** What scripts/test-faults.mjs adds up over all test files. */
export type Figure =
  /** A deploy that ended, by the state that it told; `killed` when it could tell none. */
  | { readonly deploy: string }
  /** Visits of a node, and how many of them were lost; `spoilt`: while the fault itself kept the node from answering. */
  | { readonly requests: number; readonly lost: number; readonly spoilt: boolean };

export function note(figure: Figure): void {
  const file = process.env['FAULTS_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(figure)}\n`);
}
