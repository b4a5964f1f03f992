import { appendFileSync } from 'node:fs';
import type { Outcome, Seconds } from './outcome.js';

export interface ReportedOutcome extends Outcome {
  readonly name: string;
  /** What is wrong with it, in words; absent when it is as expected. */
  readonly wrong?: string;
}

/** Collects outcomes; with SCENARIO_REPORT they are also written to that file, one JSON text a line, as they come. */
export class Report {
  private readonly outcomes: ReportedOutcome[] = [];

  add(outcome: ReportedOutcome): void {
    this.outcomes.push(outcome);
    const file = process.env['SCENARIO_REPORT'];
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(outcome)}\n`);
  }

  /** How many of which kind there are, where the time went, and what is not as expected. */
  print(): void {
    if (this.outcomes.length === 0) return;
    const count = (verdict: Outcome['verdict']): number =>
      this.outcomes.filter((outcome) => outcome.verdict === verdict).length;
    const spent = (phase: keyof Seconds): string =>
      this.outcomes.reduce((sum, { seconds }) => sum + seconds[phase], 0).toFixed(0);
    const unexpected = this.outcomes.filter(({ wrong }) => wrong !== undefined);
    console.log(
      [
        `${this.outcomes.length} scenarios: ${count('equal')} equal, ${count('told')} told, ${count('refused')} refused, ` +
          `${count('different')} silently different, ${count('crash')} crashed; ${unexpected.length} not as expected.`,
        `Seconds: plan ${spent('plan')}, rehearsal ${spent('rehearsal')}, oracle ${spent('oracle')}.`,
        suspensions(this.outcomes),
        ...unexpected.map(({ wrong }) => `- ${wrong ?? ''}`),
      ].join('\n'),
    );
  }
}

/** How many processes wait meanwhile, and where it is most of the node. */
function suspensions(outcomes: readonly ReportedOutcome[]): string {
  const counted = outcomes.flatMap(({ name, suspended }) =>
    suspended === undefined ? [] : [{ name, ...suspended }],
  );
  const [processes, of] = [counted.map((one) => one.processes), counted.map((one) => one.of)].map((numbers) =>
    numbers.reduce((sum, one) => sum + one, 0),
  );
  const most = counted.filter((one) => 2 * one.processes > one.of);
  return [
    `Suspended: ${processes ?? 0} of ${of ?? 0} supervised processes in ${counted.length} scenarios; more than half in ${most.length}.`,
    ...most.map((one) => `  ${one.processes} of ${one.of}: ${one.name}`),
  ].join('\n');
}
