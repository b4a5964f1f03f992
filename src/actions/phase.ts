import { group } from '@actions/core';
import type { Facts } from '../report/facts.js';

/** Runs one phase in its own log group and notes how long it took (seconds), whether it succeeded or not. */
export async function phase<T>(facts: Facts, name: string, run: () => Promise<T>): Promise<T> {
  const started = performance.now();
  let ok = false;
  try {
    const result = await group(name, run);
    ok = true;
    return result;
  } finally {
    facts.phases.push({ name, seconds: (performance.now() - started) / 1000, ok });
  }
}
