import type { ChosenAppup } from '../model/appup.js';
import type { Correction } from '../model/correction.js';
import type { DeployResult, JournalEntry, NodeState } from '../model/deploy.js';
import type { Finding } from '../model/finding.js';
import type { Packages } from '../model/package.js';
import type { Answer, VersionToRaise } from '../model/answer.js';
import type { RaisedVersions } from '../model/raised.js';
import type { Refs } from '../model/refs.js';
import type { Rehearsal } from '../model/rehearsal.js';
import type { ReleaseDifference } from '../model/release-difference.js';
import type { BuiltRelease } from '../model/release.js';
import type { Relup } from '../model/relup.js';
import type { Toolchain } from '../model/toolchain.js';
import type { UpgradeKind, Verdict } from '../model/upgrade.js';
import type { ActionError } from '../shared/errors.js';

/** An artifact of the workflow run. */
export interface UploadedFiles {
  readonly name: string;
  readonly id: number;
  readonly url?: string;
  readonly digest?: string;
}

export interface PhaseTime {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
}

/** Everything a run learned; what is absent did not come to pass. */
export interface RunRecord {
  readonly findings: readonly Finding[];
  readonly phases: readonly PhaseTime[];
  readonly toolchain?: Toolchain;
  readonly build?: BuildSettings;
  readonly refs?: Refs;
  readonly release?: BuiltRelease;
  readonly upFrom?: readonly BuiltRelease[];
  readonly differences?: readonly ReleaseDifference[];
  readonly appups?: readonly ChosenAppup[];
  readonly relup?: Relup;
  readonly upgradeKind?: UpgradeKind;
  readonly verdict?: Verdict;
  /** Why nodes must be restarted. */
  readonly restartReason?: string;
  /** Of a check: the files of the change, relative to the repository's top. */
  readonly change?: readonly string[];
  /** Of a check: versions that only this run sees, and those that a person must raise before the tag. */
  readonly raised?: RaisedVersions;
  readonly toRaise?: readonly VersionToRaise[];
  /** Of a check that was not refused. */
  readonly answer?: Answer;
  /** Why a hot upgrade is not proven. */
  readonly unproven?: string;
  /** The last rehearsal, and what generated appups were corrected by before it. */
  readonly rehearsal?: Rehearsal & { readonly corrections: readonly Correction[] };
  readonly packages?: Packages;
  /** Absolute paths of `<name>-<version>.manifest.json` and `report.json`. */
  readonly manifest?: string;
  readonly report?: string;
  readonly artifact?: UploadedFiles;
  /** Who made the packages, signed. */
  readonly attestation?: { readonly id: string; readonly url: string };
  /** The GitHub release that has the packages. */
  readonly published?: { readonly tag: string; readonly url: string; readonly draft: boolean };
  /** What explains a failure, without packages. */
  readonly failedArtifact?: UploadedFiles;
  /** The release of a package that was made elsewhere, to be deployed. */
  readonly brought?: { readonly name: string; readonly version: string; readonly commit: string };
  readonly deployed?: DeployResult;
  /** The state the node is in after a deploy that was asked for, also a failed one. */
  readonly nodeState?: NodeState;
  /** What the deploy noted, step by step, also a failed one. */
  readonly journal?: readonly JournalEntry[];
  readonly failure?: Pick<ActionError, 'message' | 'remedy' | 'details'>;
}

/** A run that has not learned anything yet. */
export const NOTHING: RunRecord = { findings: [], phases: [] };

/** How the releases were built; what the job summary needs to tell how to do the same elsewhere. */
export interface BuildSettings {
  readonly profile: string;
  /** The input `release`. */
  readonly release: string | undefined;
  /** Whether the input `prepare` was given; its text may hold secrets. */
  readonly prepared: boolean;
  /** The project folder relative to the repository's top; empty for the top itself. */
  readonly projectPath: string;
}
