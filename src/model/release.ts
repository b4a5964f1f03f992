/** An application as it lies in a release (`lib/<name>-<version>`). */
export interface ReleaseApplication {
  readonly name: string;
  /** Application version, `vsn` of the application resource file. */
  readonly version: string;
  /** Folder relative to the release's root, e.g. `lib/kernel-8.5.3`. */
  readonly dir: string;
  /** How the release starts it: permanent, transient, temporary, load or none; absent in descriptions that were kept before. */
  readonly type?: string;
  /** Whether it is one of the OTP that the release was built with, in the same version; absent when not. */
  readonly otp?: boolean;
  /**
   * Module name → digest of its code (lower-case hex): the module MD5 (`beam_lib:md5/1`), or another one where the code
   * knows the folder it was compiled in, which is masked then (src/erlang/relup_code.erl).
   */
  readonly modules: Readonly<Record<string, string>>;
  /** Module MD5 as the loader reports it, of the modules for which that is not the digest. */
  readonly md5s?: Readonly<Record<string, string>>;
}

/** A package that an earlier run attached to a GitHub release. */
export interface PublishedSource {
  readonly tag: string;
  /** That it was made of; the tag may lead elsewhere now. */
  readonly commit: string;
}

/** Where a built release came from. */
export type ReleaseSource =
  | {
      readonly kind: 'ref';
      readonly ref: string;
      readonly commit: string;
      /** The folders that code was compiled in: it may know their paths. */
      readonly builtIn?: readonly string[];
      /** The worktree's project folder (where rebar.config is). */
      readonly projectDir: string;
      /** `_build/<profile>` in it: sources, and beams that may still have debug information. */
      readonly buildDir: string;
    }
  | {
      readonly kind: 'tarball';
      readonly path: string;
      readonly buildDir?: string;
      /** When it comes from a GitHub release. */
      readonly published?: PublishedSource;
    }
  /** A packaged release that an earlier run stored in the cache under the commit's key. */
  | {
      readonly kind: 'cache';
      readonly ref: string;
      readonly commit: string;
      readonly builtIn?: readonly string[];
      /** As of a ref, as far as it was kept: beams with debug information. */
      readonly buildDir?: string;
    };

/** What follows `<name>-<version>` in the name of the package with debug information. */
export const DEBUG_SUFFIX = '.debug.tar.gz';

/**
 * A release as its package holds it, described by OTP itself: what differs between two releases is only ever told by their
 * packages (H122).
 */
export interface BuiltRelease {
  /** Absolute path of the folder that the package was unpacked into. */
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
  /** The release package that rebar3 made, or that was given; absent where only its contents are at hand. */
  readonly tarball?: string;
}

/** The folders that a release's code was compiled in, as far as they are known. Pure. */
export function foldersOf(source: ReleaseSource): readonly string[] {
  return source.kind === 'tarball' ? [] : (source.builtIn ?? []);
}
