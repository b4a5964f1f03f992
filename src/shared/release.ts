/** An application as it lies in a release (`lib/<name>-<version>`). */
export interface ReleaseApplication {
  readonly name: string;
  /** Application version, `vsn` of the application resource file. */
  readonly version: string;
  /** Folder relative to the release's root, e.g. `lib/kernel-8.5.3`. */
  readonly dir: string;
  /** Module name → module MD5 (lower-case hex) as the loader reports it (`beam_lib:md5/1`). */
  readonly modules: Readonly<Record<string, string>>;
}

/** Where a built release came from. */
export type ReleaseSource =
  | {
      readonly kind: 'ref';
      readonly ref: string;
      readonly commit: string;
      /** The worktree's project folder (where rebar.config is). */
      readonly projectDir: string;
    }
  | { readonly kind: 'tarball'; readonly path: string }
  /** A packaged release that an earlier run stored in the cache under the commit's key. */
  | { readonly kind: 'cache'; readonly ref: string; readonly commit: string };

/** A release on disk, described by OTP itself. */
export interface BuiltRelease {
  /** Absolute path of the folder that holds `lib/` and `releases/`. */
  readonly root: string;
  /** Release name, from the release resource file. */
  readonly name: string;
  /** Release version, from the release resource file. */
  readonly version: string;
  /** ERTS version, from the release resource file. */
  readonly erts: string;
  /** Whether the release carries its own ERTS (`erts-<version>/`). */
  readonly includesErts: boolean;
  readonly applications: readonly ReleaseApplication[];
  readonly source: ReleaseSource;
  /** The release package that rebar3 made (or that was given); absent for an up-from release that was only assembled. */
  readonly tarball?: string;
}
