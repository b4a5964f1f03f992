import { writeFileSync } from 'node:fs';
import type { Outcome, Seconds } from './outcome.js';

export interface ReportedOutcome extends Outcome {
  readonly name: string;
  /** What is wrong with it, in words; absent when it is as expected. */
  readonly wrong?: string;
}

/** Tells how many outcomes of which kind there are; with a file, writes all of them there. */
export function report(outcomes: readonly ReportedOutcome[], file: string | undefined): void {
  const count = (verdict: Outcome['verdict']): number =>
    outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const unexpected = outcomes.filter(({ wrong }) => wrong !== undefined);
  console.log(
    `${outcomes.length} scenarios: ${count('equal')} equal, ${count('refused')} refused, ` +
      `${count('different')} silently different, ${count('crash')} crashed; ${unexpected.length} not as expected.`,
  );
  const spent = (phase: keyof Seconds): string =>
    outcomes.reduce((sum, { seconds }) => sum + seconds[phase], 0).toFixed(0);
  console.log(`Seconds: plan ${spent('plan')}, rehearsal ${spent('rehearsal')}, oracle ${spent('oracle')}.`);
  for (const { wrong } of unexpected) console.log(`- ${wrong ?? ''}`);
  if (file !== undefined) writeFileSync(file, JSON.stringify(outcomes, null, 1));
}
