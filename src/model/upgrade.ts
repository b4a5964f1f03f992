import type { ChosenAppup } from './appup.js';
import type { ReleaseDifference } from './release-difference.js';
import type { Rehearsal } from './rehearsal.js';
import type { Relup } from './relup.js';

/** `hot`: no emulator restart; `restart`: OTP/ERTS changed or the relup restarts the emulator; `none`: nothing to upgrade from. */
export type UpgradeKind = 'hot' | 'restart' | 'none';

/** What the run came to (design: verdicts). */
export type Verdict = UpgradeKind | 'refused' | 'unproven';

/** What an upgrade consists of; a relup and appups only where nodes can be upgraded hot. */
export interface Upgrade {
  readonly upgradeKind: UpgradeKind;
  readonly differences: readonly ReleaseDifference[];
  readonly appups: readonly ChosenAppup[];
  readonly relup?: Relup;
}

/** What decides about the verdict. */
export interface Outcome {
  readonly upgradeKind?: UpgradeKind | undefined;
  /** Whether the packages were made, and read back. */
  readonly packaged: boolean;
  /** Of the rehearsal; undefined when there was none. */
  readonly rehearsal?: Rehearsal['outcome'] | undefined;
  /** Whether a finding, or a refusal, ended the run. */
  readonly refused: boolean;
}

/** Proven is only what was rehearsed; undefined while nothing can be said. Pure. */
export function verdictOf({ upgradeKind, packaged, rehearsal, refused }: Outcome): Verdict | undefined {
  if (refused) return 'refused';
  if (!packaged || upgradeKind !== 'hot') return packaged ? upgradeKind : undefined;
  return rehearsal === 'passed' ? 'hot' : 'unproven';
}
