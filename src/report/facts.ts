import type { ChosenAppup } from '../phases/appups.js';
import type { DeployResult, JournalEntry, NodeState } from '../phases/deploy.js';
import type { Packages } from '../phases/package.js';
import type { Refs } from '../phases/refs.js';
import type { Rehearsal } from '../phases/rehearsal.js';
import type { Relup } from '../phases/relup.js';
import type { Toolchain } from '../phases/toolchain.js';
import type { Correction } from '../shared/correction.js';
import type { ActionError } from '../shared/errors.js';
import type { Finding } from '../shared/findings.js';
import type { BuiltRelease } from '../shared/release.js';
import type { BuildSettings } from './reproduce.js';
import type { ReleaseDifference } from '../shared/release-difference.js';

/** `hot`: no emulator restart; `restart`: OTP/ERTS changed or the relup restarts the emulator; `none`: nothing to upgrade from. */
export type UpgradeKind = 'hot' | 'restart' | 'none';

/** What the run came to (design: verdicts). */
export type Verdict = UpgradeKind | 'refused' | 'unproven';

/** An artifact of the workflow run. */
export interface UploadedFiles {
  readonly name: string;
  readonly id: number;
  readonly url?: string;
  readonly digest?: string;
}

/** Everything a run learned, filled in as the phases go; what is absent did not come to pass. */
export interface Facts {
  readonly findings: Finding[];
  readonly phases: { readonly name: string; readonly seconds: number; readonly ok: boolean }[];
  toolchain?: Toolchain;
  build?: BuildSettings;
  refs?: Refs;
  release?: BuiltRelease;
  upFrom?: readonly BuiltRelease[];
  differences?: readonly ReleaseDifference[];
  appups?: readonly ChosenAppup[];
  relup?: Relup;
  upgradeKind?: UpgradeKind;
  verdict?: Verdict;
  /** Why a hot upgrade is not proven. */
  unproven?: string;
  /** The last rehearsal, and what generated appups were corrected by before it. */
  rehearsal?: Rehearsal & { readonly corrections: readonly Correction[] };
  packages?: Packages;
  /** Absolute paths of `<name>-<version>.manifest.json` and `report.json`. */
  manifest?: string;
  report?: string;
  artifact?: UploadedFiles;
  /** What explains a failure, without packages. */
  failedArtifact?: UploadedFiles;
  /** The release of a package that was made elsewhere, to be deployed. */
  brought?: { readonly name: string; readonly version: string; readonly commit: string };
  deployed?: DeployResult;
  /** The state the node is in after a deploy that was asked for, also a failed one. */
  nodeState?: NodeState;
  /** What the deploy noted, step by step, also a failed one. */
  journal?: readonly JournalEntry[];
  failure?: Pick<ActionError, 'message' | 'remedy' | 'details'>;
}

export function emptyFacts(): Facts {
  return { findings: [], phases: [] };
}
