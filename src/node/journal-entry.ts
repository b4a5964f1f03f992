import type { NodeState } from './deploy-error.js';
import type { Footprint } from './footprint.js';
import type { NodeSnapshot } from './node-state.js';
import type { BusyProcess } from './suspensions.js';
import type { ProcessIdentity } from './process-identity.js';

/** What one deploy is about; the first entry of its journal. */
export interface Attempt {
  /** Release name, and the versions that are upgraded to and from. */
  readonly name: string;
  readonly version: string;
  readonly from: string;
  /** SHA-256 of the upgrade package. */
  readonly packageSha256: string;
  /** Whether release_handler knew the version before. */
  readonly wasRegistered: boolean;
  /** What the steps before the installation may add or change. */
  readonly footprint: Footprint;
}

/** The node right before the installation. */
export interface NodeBefore extends Pick<
  NodeSnapshot,
  'osPid' | 'instance' | 'environment' | 'applications'
> {
  readonly process: ProcessIdentity | null;
}

/** Each step is written, and on the disk, before the change that it names begins. */
export type JournalStep =
  | { readonly step: 'begin'; readonly format: 1; readonly attempt: Attempt }
  /** Files, and release_handler's records of them, change; the node runs what it ran. */
  | { readonly step: 'put-package' | 'unpack' | 'configure' }
  | { readonly step: 'undo'; readonly reason: string }
  /** What the node runs changes. */
  | { readonly step: 'install'; readonly before: NodeBefore }
  /** The new release runs, by code; its health is looked at. */
  | { readonly step: 'installed' }
  /** `leftOut`: whose state was never converted. */
  | { readonly step: 'downgrade'; readonly reason: string; readonly leftOut?: readonly BusyProcess[] }
  /** What the node boots changes. */
  | { readonly step: 'make-permanent' | 'start-script' }
  | { readonly step: 'remove-release'; readonly version: string }
  | { readonly step: 'end'; readonly nodeState: NodeState };

/** `at`: ISO 8601. */
export type JournalEntry = JournalStep & { readonly at: string };

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

/** One entry for people: `12:00:00 install`. */
export function entryText(entry: JournalEntry): string {
  const what =
    entry.step === 'begin'
      ? `begin: ${entry.attempt.name} ${entry.attempt.from} → ${entry.attempt.version}`
      : entry.step === 'undo' || entry.step === 'downgrade'
        ? `${entry.step}: ${entry.reason}`
        : entry.step === 'remove-release'
          ? `${entry.step} ${entry.version}`
          : entry.step === 'end'
            ? `end: ${entry.nodeState}`
            : entry.step;
  return `${entry.at.slice(11, 19)} ${what}`;
}
