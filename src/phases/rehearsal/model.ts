import type { NodeControl } from '../../node/control.js';
import type { ScratchNode } from '../../node/scratch-node.js';
import type { Erlang } from '../../programs/erlang.js';
import type { Correction } from '../../shared/correction.js';
import type { Finding } from '../../shared/findings.js';
import type { BuiltRelease } from '../../shared/release.js';

/** Moments at which the running node is given to the user's `check` (RELUP_STAGE) and to `onStage`. */
export type Stage =
  | 'before-upgrade'
  | 'after-upgrade'
  | 'after-downgrade'
  | 'after-second-upgrade'
  | 'after-permanent'
  | 'after-restart';

/** What a rehearsal does, in this order; the last two on nodes of their own. */
export type StepName =
  'boot' | 'upgrade' | 'downgrade' | 'upgrade again' | 'restart' | 'cold boot' | 'full package';

/** What is looked at in a step. */
export type CheckName =
  'done' | 'code' | 'applications' | 'environment' | 'supervision' | 'processes' | 'command';

export type CheckResult = 'ok' | 'warning' | 'failed';

export interface RehearsedStep {
  readonly name: StepName;
  readonly seconds: number;
  /** What was looked at; what is absent was not. */
  readonly checks: Partial<Record<CheckName, CheckResult>>;
}

export interface RehearsalFinding extends Finding {
  readonly upFrom: string;
  readonly step: StepName;
  readonly check: CheckName;
  /** Output or terms that explain it; for a fold. */
  readonly details?: string;
  /** Place of the process that it is about, e.g. `web: web_sup → cart`. */
  readonly process?: string;
}

/** A finding before it is known of which up-from version. */
export type Found = Omit<RehearsalFinding, 'upFrom'>;

/** The supervision tree of an application after a step, and as a boot makes it. */
export interface TreeDifference {
  readonly step: StepName;
  readonly application: string;
  readonly found: string;
  readonly booted: string;
}

/** How long release_handler was at work. */
export interface Installation {
  readonly seconds: number;
  /** How many processes stood in the supervision trees before. */
  readonly supervised?: number;
  /** How many processes it suspended, and the longest time of one in seconds; absent when the node did not live to tell. */
  readonly suspended?: { readonly processes: number; readonly longestSeconds: number };
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
  readonly installations: Partial<Record<StepName, Installation>>;
  /** Modules that the releases compile anew while they run. */
  readonly selfMade: readonly string[];
  readonly seconds: number;
}

export interface Rehearsal {
  /** The worst of all versions: failed, then unproven, then passed. */
  readonly outcome: 'passed' | 'failed' | 'unproven';
  readonly versions: readonly RehearsedVersion[];
}

export interface RehearsalOptions {
  readonly erlang: Erlang;
  /** A private folder (0700) for installed roots and our own files; the caller removes it. */
  readonly folder: string;
  /** Where what the nodes print is kept; made when missing. */
  readonly logFolder: string;
  readonly release: BuiltRelease;
  /** `_build/<profile>/lib` of the new version, whose beams may still have debug information. */
  readonly buildDir?: string;
  /** Absolute path of the full package; without it the new release is booted from a copy of its root. */
  readonly full?: string;
  /** Absolute path of the upgrade package. */
  readonly upgrade: string;
  /** Each by its package when there is one, else by a copy of its root. */
  readonly upFrom: readonly BuiltRelease[];
  /** The user's `check` command; empty or absent for none. */
  readonly check?: string;
  /** Where the check runs; default: the process's own folder. */
  readonly checkFolder?: string;
  /** How long the rehearsal of one up-from version may take. */
  readonly timeoutSeconds: number;
  readonly nodeName: 'random' | 'keep';
  /** What the releases find in their environment; default: our own (see `releaseEnvironment`). */
  readonly env?: Readonly<Record<string, string>>;
  /** Called at every stage on the running node, after the check. What it throws fails the stage. */
  readonly onStage?: (stage: Stage, node: ScratchNode, control: NodeControl) => Promise<void>;
}
