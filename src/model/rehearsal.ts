import type { Correction } from './correction.js';
import type { Finding } from './finding.js';

/** A node that a rehearsal leaves running, for a person to look at. */
export interface KeptNode {
  /** Release version that was upgraded from. */
  readonly upFrom: string;
  readonly nodeName: string;
  readonly pid: number;
  /** A program that attaches a shell to it; with arguments, those of the release's own script. */
  readonly attach: string;
}

/** Moments at which the running node is given to the user's `check` (RELUP_STAGE) and to `onStage`. */
export type Stage =
  | 'before-upgrade'
  | 'after-upgrade'
  | 'after-downgrade'
  | 'after-second-upgrade'
  | 'after-permanent'
  | 'after-restart'
  | 'cluster-mixed'
  | 'cluster-upgraded';

/** What a rehearsal does, in this order; from `cold boot` on nodes of their own, the last two on connected ones. */
export type StepName =
  | 'boot'
  | 'upgrade'
  | 'downgrade'
  | 'upgrade again'
  | 'restart'
  | 'cold boot'
  | 'full package'
  | 'cluster'
  | 'cluster upgrade';

/** What is looked at in a step. */
export type CheckName =
  'done' | 'code' | 'applications' | 'environment' | 'supervision' | 'processes' | 'command' | 'cluster';

export type CheckResult = 'ok' | 'warning' | 'failed';

export interface RehearsedStep {
  readonly name: StepName;
  /** Seconds since the rehearsal of the up-from version began. */
  readonly start: number;
  readonly seconds: number;
  /** What was looked at; what is absent was not. */
  readonly checks: Partial<Record<CheckName, CheckResult>>;
}

export interface RehearsalFinding extends Finding {
  readonly upFrom: string;
  readonly step: StepName;
  readonly check: CheckName;
  /** Place of the process that it is about, e.g. `web: web_sup → cart`. */
  readonly process?: string;
}

/** The supervision tree of an application after a step, and as a boot makes it. */
export interface TreeDifference {
  readonly step: StepName;
  readonly application: string;
  readonly found: string;
  readonly booted: string;
}

/** What the upgrade did to a process: `new code` is the same process with another callback module's code. */
export type Fate = 'kept' | 'new code' | 'restarted' | 'started' | 'ended';

/** A place in a supervision tree, before and after the upgrade. */
export interface SupervisedProcess {
  /** The child's id, or the name of the top process, as Erlang text. */
  readonly name: string;
  readonly kind: 'worker' | 'supervisor' | 'dynamic' | 'unresponsive';
  readonly fate: Fate;
  /** In the order of their start. */
  readonly children: readonly SupervisedProcess[];
}

/** How long release_handler was at work. */
export interface Installation {
  readonly seconds: number;
  /** How many processes stood in the supervision trees before. */
  readonly supervised?: number;
  /** How many processes it suspended, and the longest time of one in seconds; absent when the node did not live to tell. */
  readonly suspended?: { readonly processes: number; readonly longestSeconds: number };
}

/** What the nodes of a cluster have in common. */
type SharedKind = 'connection' | 'global name' | 'process group' | 'mnesia node';

/** What of a kind was there while both nodes were connected, and what an upgrade of one of them took away. */
export interface Shared {
  readonly kind: SharedKind;
  readonly before: number;
  readonly lost: readonly string[];
}

/** Two connected nodes, of which the first was upgraded. */
export interface RehearsedCluster {
  /** The release versions that they ran before. */
  readonly versions: readonly [string, string];
  /** Whether both were upgraded at the same time, because the relup waits for that (sync_nodes). */
  readonly together: boolean;
  readonly shared: readonly Shared[];
}

export interface RehearsedVersion {
  /** Release version that was upgraded from. */
  readonly upFrom: string;
  readonly outcome: 'passed' | 'failed' | 'unproven';
  /** Why it did not pass, one sentence. */
  readonly reason?: string;
  readonly steps: readonly RehearsedStep[];
  readonly findings: readonly RehearsalFinding[];
  /** Instructions that the appups lack. */
  readonly corrections: readonly Correction[];
  readonly trees: readonly TreeDifference[];
  /** Of the applications in whose trees the upgrade changed something. */
  readonly supervision: readonly { readonly application: string; readonly top: SupervisedProcess }[];
  readonly installations: Partial<Record<StepName, Installation>>;
  /** Absent when nobody asked for it, and when the rehearsal did not come so far. */
  readonly cluster?: RehearsedCluster;
  /** Modules that the releases compile anew while they run. */
  readonly selfMade: readonly string[];
  readonly seconds: number;
}

export interface Rehearsal {
  /** The worst of all versions: failed, then unproven, then passed. */
  readonly outcome: 'passed' | 'failed' | 'unproven';
  readonly versions: readonly RehearsedVersion[];
}
