/** A release as `release_handler:which_releases/0` lists it. */
export interface HandlerRelease {
  readonly name: string;
  readonly version: string;
  /** `<application>-<application version>` each. */
  readonly applications: readonly string[];
  readonly status: 'unpacked' | 'current' | 'permanent' | 'old' | 'tmp_current';
}

export interface LoadedModule {
  readonly name: string;
  /** The file it was loaded from; `preloaded`, `cover_compiled` or empty when there is none. */
  readonly file: string;
  /** Module MD5 in lower-case hex; null for a module without. */
  readonly md5: string | null;
  /** Digest of its code, by which releases are compared; null for a module without MD5. */
  readonly code: string | null;
}

/** What runs on a node, told by its code. Versions are named, never trusted (H51). */
export interface NodeSnapshot {
  readonly node: string;
  readonly osPid: string;
  /** When the emulator was started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Another one after every restart of the emulator, or of the system within it. */
  readonly instance: string;
  /** Of `init`: `started` once all applications were started. */
  readonly status: 'starting' | 'started' | 'stopping';
  /** A hash of all applications' environment; tells only whether it changed. */
  readonly environment: number;
  /** OTP release, e.g. `27`. */
  readonly otp: string;
  readonly erts: string;
  /** `erlang:system_info(system_architecture)`, e.g. `x86_64-pc-linux-gnu`. */
  readonly architecture: string;
  readonly root: string;
  readonly cwd: string;
  readonly releasesDir: string;
  /** Null when sasl, and so release_handler, does not run. */
  readonly releases: readonly HandlerRelease[] | null;
  /** Running applications with the version that they claim. */
  readonly applications: Readonly<Record<string, string>>;
  /** The code path. */
  readonly path: readonly string[];
  readonly modules: readonly LoadedModule[];
}

/** The release that runs according to release_handler: the current one, else the permanent one. */
export function runningRelease(releases: readonly HandlerRelease[]): HandlerRelease | undefined {
  return (
    releases.find(({ status }) => status === 'current') ??
    releases.find(({ status }) => status === 'permanent')
  );
}

/** `0.2.0 permanent, 0.1.0 old` */
export function releasesText(releases: readonly HandlerRelease[] | null): string {
  return (releases ?? []).map(({ version, status }) => `${version} ${status}`).join(', ');
}

/** Whose a new file on the node is, and how it may be used. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
}
