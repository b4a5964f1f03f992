import type { Finding } from './finding.js';
import type { FileOwner, HandlerRelease, NodeSnapshot } from './node.js';

/** Tells a process from another one that got the same id later, also after the machine was started again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in clock ticks since the machine was. */
  readonly started: string;
  /** A random text, another one after every start of the machine. */
  readonly boot: string;
  /** The namespace that the process id belongs to: containers number theirs anew. */
  readonly namespace: string;
}

/** What an attempt may add or change in the installed root, recorded before it begins, so that it can be undone exactly. */
export interface Footprint {
  /** Files, links and folders that were not there; relative to the root. */
  readonly absent: readonly string[];
  /** Files that were there, each with a copy. */
  readonly saved: readonly SavedFile[];
}

export interface SavedFile extends FileOwner {
  readonly path: string;
  /** Where the copy lies, relative to the root, too. */
  readonly copy: string;
}

/** A process that release_handler did not suspend, because it gave no answer in time. */
export interface BusyProcess {
  readonly pid: string;
  /** Whether it is still there. */
  readonly alive: boolean;
  /** For people: process, name, what it does, how it was begun. */
  readonly text: string;
}

/** In which state a deploy left the node; output `node-state`. */
export type NodeState =
  | 'untouched'
  | 'unpacked'
  | 'environment-changed'
  | 'installed-not-permanent'
  | 'upgraded'
  | 'installed'
  | 'restarted'
  | 'stopped'
  | 'downgraded'
  | 'rebooted-into-old'
  | 'unknown';

/** How a release comes to a node. */
export type Way = 'install' | 'hot' | 'restart';

/** How far the user's `before` had come in an earlier run of the same deploy. */
export type BeforeRun = 'done' | 'interrupted';

/** What a deploy found and did, for the report. */
export interface DeployRecord {
  readonly findings: readonly Finding[];
  readonly journal: readonly JournalEntry[];
}

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
  /** Absent: hot. */
  readonly way?: Way;
  /** ERTS version of the release that ran before; only of a restart. */
  readonly fromErts?: string;
  /** Whether a node ran before; only of a restart. */
  readonly ran?: boolean;
  /** An installed version was asked for, not a package. */
  readonly goesBack?: true;
  /** Of the run that this one starts anew after. */
  readonly before?: BeforeRun;
}

/**
 * Whether a deploy that was begun is that of a release by one of these packages. Pure.
 *
 * @param packages SHA-256; empty for a release that is installed already
 */
export function isDeployOf(
  attempt: Attempt,
  { name, version }: { readonly name: string; readonly version: string },
  packages: readonly (string | undefined)[],
): boolean {
  return attempt.name === name && attempt.version === version && packages.includes(attempt.packageSha256);
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
  | { readonly step: 'begin'; readonly format: 1 | 2; readonly attempt: Attempt }
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
  /** The user's command runs; it has run. */
  | { readonly step: 'before' | 'before-done' }
  /** Of a restart: what the next start boots changes; `process`: the node that still runs the old release. */
  | { readonly step: 'switch'; readonly process: ProcessIdentity | null }
  /** Of an installation or a restart: the old release ends; the new one is started; it runs, by code. */
  | { readonly step: 'stop' | 'start' | 'started' }
  /** Of an installation or a restart: the old state of things is restored; the old release is started. */
  | { readonly step: 'back'; readonly reason: string }
  | { readonly step: 'start-old' }
  /** All is done, but for the user's command. */
  | { readonly step: 'after'; readonly nodeState: NodeState }
  | { readonly step: 'end'; readonly nodeState: NodeState; readonly before?: BeforeRun };

/** `at`: ISO 8601. */
export type JournalEntry = JournalStep & { readonly at: string };

/** One entry for people: `12:00:00 install`. */
export function entryText(entry: JournalEntry): string {
  return `${entry.at.slice(11, 19)} ${whatOf(entry)}`;
}

function whatOf(entry: JournalStep): string {
  const { step } = entry;
  if (step === 'begin') {
    const { name, from, version, way = 'hot' } = entry.attempt;
    return `begin: ${way === 'hot' ? '' : `${way} `}${name} ${from === '' ? '' : `${from} → `}${version}`;
  }
  if (step === 'undo' || step === 'downgrade' || step === 'back') return `${step}: ${entry.reason}`;
  if (step === 'remove-release') return `${step} ${entry.version}`;
  return step === 'after' || step === 'end' ? `${step}: ${entry.nodeState}` : step;
}

/** A node before or after, as far as a report needs it. */
export interface NodeSummary {
  readonly node: string;
  readonly osPid: string;
  /** When the emulator was started, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly releases: readonly HandlerRelease[];
}

export interface DeployResult {
  /** Release version. */
  readonly deployedVersion: string;
  readonly nodeState: NodeState;
  /** Absent when no node ran. */
  readonly before?: NodeSummary;
  readonly after?: NodeSummary;
  /** How, and why so; one sentence. */
  readonly way?: string;
  /** It was only asked whether it could be done. */
  readonly dryRun?: true;
  readonly record: DeployRecord;
}
