import type { NodeControl } from '../node/control.js';
import type { ScratchNode } from './scratch/scratch-node.js';
import type { Erlang } from '../programs/erlang.js';
import type { BuiltRelease } from '../model/release.js';
import type { KeptNode, RehearsalFinding, Stage } from '../model/rehearsal.js';

/** A finding before it is known of which up-from version. */
export type Found = Omit<RehearsalFinding, 'upFrom'>;

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
  /** Whether the upgrade is also tried on one of two connected nodes. */
  readonly cluster?: boolean;
  /** What the releases find in their environment; default: our own (see `releaseEnvironment`). */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the nodes stay when all is done, for so many seconds at most; who asks for it ends them. */
  readonly keep?: { readonly seconds: number; readonly told: (node: KeptNode) => void } | undefined;
  /** Called at every stage on the running node, after the check. What it throws fails the stage. */
  readonly onStage?: (stage: Stage, node: ScratchNode, control: NodeControl) => Promise<void>;
}
