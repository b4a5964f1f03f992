import { RUNS, SEED } from './options.js';

/** Counts what became of each kind of fault, for the table of docs/deploying.md. */
export class Tally {
  private readonly outcomes = new Map<string, Map<string, number>>();
  private requests = 0;

  constructor(private readonly title: string) {}

  add(fault: string, outcome: string): void {
    const counts = this.outcomes.get(fault) ?? new Map<string, number>();
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    this.outcomes.set(fault, counts);
  }

  /** So many requests were answered meanwhile. */
  served(requests: number): void {
    this.requests += requests;
  }

  print(): void {
    if (this.outcomes.size === 0) return;
    const rows = [...this.outcomes].sort().map(([fault, counts]) => {
      const texts = [...counts].sort().map(([outcome, count]) => `${count} ${outcome}`);
      return `| ${fault} | ${texts.join(', ')} |`;
    });
    const head = `${this.title} (seed ${SEED}, ${RUNS} runs; ${this.requests} requests, none lost)`;
    console.log([head, '', '| fault | outcome |', '|---|---|', ...rows, ''].join('\n'));
  }
}
