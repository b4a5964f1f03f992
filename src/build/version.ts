import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../model/finding.js';
import type { Erlang } from '../programs/erlang.js';
import type { Git } from '../programs/git.js';
import type { Workspace } from '../shared/workspace.js';

/** One version to build from the repository. */
export interface Version {
  readonly ref: string;
  readonly commit: string;
  /** The release tag, when `ref` is one: the built release version must agree with it (H6, H40). */
  readonly tag?: string;
  readonly role: 'new' | 'up-from';
  /** Set when it is built once more, with a release version (and applications) that only this run sees. */
  readonly raised?: { readonly name: string; readonly version: string };
}

/** Commits that are being checked out, each in its {@link worktreeFolder}. A failure is told to whoever waits for it. */
export type Checkouts = ReadonlyMap<string, Promise<void>>;

export interface BuildContext {
  readonly git: Git;
  readonly erlang: Erlang;
  readonly workspace: Workspace;
  readonly profile: string;
  /** Release name; needed only when the configuration defines several. */
  readonly release?: string;
  /** The user's `prepare` command; empty for none. */
  readonly prepare: string;
  /** The project folder relative to the repository's top. */
  readonly projectPath: string;
  /** Whether nothing of this run is released, so that versions need not be final. */
  readonly check?: boolean;
  /** What is being checked out already. */
  readonly checkouts?: Checkouts;
}

/** What rebar3 made of one version in its worktree. */
export interface Assembly {
  /** The project folder in the worktree. */
  readonly projectDir: string;
  /** The assembled release, `_build/<profile>/rel/<name>`. */
  readonly root: string;
  /** `_build/<profile>`. */
  readonly buildDir: string;
  /** The release package. */
  readonly tarball: string;
  readonly findings: readonly Finding[];
}

/**
 * Where a version is built. The folders of all versions have names of equal length: paths that get into code then move
 * nothing else in it.
 */
export async function worktreeFolder(
  { workspace }: Pick<BuildContext, 'workspace'>,
  { commit }: Pick<Version, 'commit'>,
): Promise<string> {
  return join(await realpath(await workspace.folder('build')), commit.slice(0, 12));
}

/** How messages name a version. */
export function placeOf({ tag, ref }: Version): string {
  return tag === undefined ? ref : `tag ${tag}`;
}
