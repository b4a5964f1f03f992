import type { BuiltRelease } from '../model/release.js';
import type { BuildFolder } from './build-folder.js';
import type { StartedBuild } from './dependencies.js';
import type { VersionProject } from './version-project.js';
import type { Assembly, Version } from './version.js';

/** A version's release, and where its files are. */
export interface Provided {
  readonly version: Version;
  readonly project: VersionProject;
  readonly assembly: Assembly;
  readonly release: BuiltRelease & { readonly tarball: string };
  /** What this run made itself, and later runs can use. */
  readonly made: { readonly release: boolean; readonly dependencies: boolean };
}

/** Work on a version that has begun. */
export interface Providing extends StartedBuild {
  readonly version: Version;
  /** The folders that its dependencies were compiled in; undefined when they are compiled with it. */
  readonly dependencies: Promise<readonly string[] | undefined>;
  readonly provided: Promise<Provided>;
  /** Its worktree. */
  readonly folder: BuildFolder;
}
