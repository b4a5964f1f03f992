import type { JournalEntry } from '../../model/deploy.js';

/** @returns undefined for a text that is no entry, e.g. one that was cut off. */
export function parseEntry(line: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<JournalEntry> | null;
    return typeof entry?.step === 'string' && typeof entry.at === 'string'
      ? (entry as JournalEntry)
      : undefined;
  } catch {
    return undefined;
  }
}
