import { appendFileSync } from 'node:fs';
import type { Outcome } from './outcome.js';
import type { Row } from './row.js';
import { ROWS } from './rows/index.js';

/** Collects outcomes; with WORLD_REPORT they are also written to that file, one JSON text a line, as they come. */
export class Report {
  private readonly lines: string[] = [];
  private readonly skipped: string[] = [];
  private wrong = 0;

  /** @param otp the OTP release, e.g. `27` */
  constructor(private readonly otp: () => string) {}

  add(row: Row, outcome: Outcome, wrong: string | undefined): void {
    if (wrong !== undefined) this.wrong += 1;
    const mark = wrong === undefined ? 'ok   ' : 'WRONG';
    this.lines.push(
      `${mark} ${row.name.padEnd(42)} ${outcome.verdict.padEnd(8)} ${outcome.seconds} s  ${outcome.findings.join(', ')}`,
    );
    write({
      ...outcome,
      otp: this.otp(),
      order: ROWS.indexOf(row),
      why: row.why,
      ...(wrong === undefined ? {} : { wrong }),
    });
  }

  /** A row that this machine cannot have. */
  skip(name: string, reason: string): void {
    this.skipped.push(`skipped ${name}: ${reason}`);
    write({ name, skipped: reason });
  }

  print(): void {
    const { lines, skipped, wrong } = this;
    if (lines.length + skipped.length === 0) return;
    const summary = `${lines.length} pairs of real libraries, ${wrong} not as expected; ${skipped.length} could not be had.`;
    console.log([...lines.sort(), ...skipped, summary].join('\n'));
  }
}

function write(entry: object): void {
  const file = process.env['WORLD_REPORT'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`);
}
