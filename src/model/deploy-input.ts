import type { AppupEntry, ChosenAppup } from './appup.js';
import type { ReleaseApplication } from './release.js';

/** A file of the upgrade package. Links and folders are members of the package, but not listed here. */
export interface DeployFile {
  /** Path relative to the installed root. */
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface DeployPackage {
  /** Absolute path of the release package (tarball). */
  readonly path: string;
  /** Of the package; lower-case hex. */
  readonly sha256: string;
  readonly files: readonly DeployFile[];
}

/** What a deploy needs of the manifest (design decision 4). */
export interface DeployManifest {
  /** Release name. */
  readonly name: string;
  /** Release version that is deployed. */
  readonly version: string;
  /** That it was made of. */
  readonly commit?: string;
  /** What was made, and what a rehearsal proved of it; absent: a proven hot upgrade. */
  readonly upgradeKind?: string;
  readonly verdict?: string;
  /** ERTS version. */
  readonly erts: string;
  readonly toolchain: {
    /** OTP release, e.g. `27`. */
    readonly otpRelease: string;
    /** `erlang:system_info(system_architecture)` of the build. */
    readonly architecture: string;
  };
  /** The new release's applications with their modules' MD5. */
  readonly applications: readonly ReleaseApplication[];
  /** The releases that the package's relup upgrades from. */
  readonly upFrom: readonly (ReleaseCode & {
    /** Files of the upgrade package that this release has with other content, which stays. */
    readonly keeps?: readonly string[];
    readonly commit?: string;
  })[];
  /** See {@link ReleaseCode}. */
  readonly selfMade?: readonly string[];
  /** The relup's scripts; null or absent when they are not known. */
  readonly relup?: {
    readonly up: readonly UpgradeScript[];
    readonly down: readonly UpgradeScript[];
  } | null;
  /** The appups that it was made of; absent when they are not known. */
  readonly appups?: readonly (Pick<ChosenAppup, 'application'> &
    Readonly<Record<'up' | 'down', readonly Pick<AppupEntry, 'instructions'>[]>>)[];
}

/** The instructions of a relup for one other release version, each as Erlang text. */
interface UpgradeScript {
  readonly version: string;
  readonly instructions: readonly string[];
}

/** A release as its code: what a node's loaded modules are compared with. */
export interface ReleaseCode {
  /** Release version. */
  readonly version: string;
  /** Modules that the release compiles anew while it runs, e.g. from its configuration: what is loaded is never the package's. */
  readonly selfMade?: readonly string[];
  readonly applications: readonly ReleaseApplication[];
}
