import type { Tarball } from '../shared/tarball.js';
import type { Finding } from './finding.js';
import type { ReleaseApplication, ReleaseSource } from './release.js';

/** A package that is installed: `full` for fresh installations, `upgrade` for running nodes. */
export interface Package extends Tarball {
  readonly kind: 'full' | 'upgrade';
}

/** What the action makes of a release. */
export interface Packages {
  readonly full: Package;
  /** Absent for a first release and when no relup was made. */
  readonly upgrade?: Package;
  /** Compiled modules with their debug information, for the next build; absent when the packages hold it themselves. */
  readonly debug?: Tarball;
  readonly findings: readonly Finding[];
  /** Up-from release version → files of the upgrade package that it has with other content, which stays (H125). */
  readonly keeps: Readonly<Record<string, readonly string[]>>;
}

/** What the packages need to know of the new release; `BuiltRelease` has it all. */
export interface PackagedRelease {
  readonly name: string;
  readonly version: string;
  readonly erts: string;
  readonly applications: readonly Pick<ReleaseApplication, 'name' | 'version' | 'dir'>[];
  readonly source?: ReleaseSource;
}
