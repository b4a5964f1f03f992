import { addWorktree, prepare } from './assemble.js';
import { checkNames, type Named } from './release-checks.js';
import type { BuildContext, Version } from './version.js';
import { placeOf } from './version.js';

/** Dependencies that the files of a version determine: what has the same digest has the same ones, compiled equally. */
export interface Dependencies {
  readonly digest: string;
  /** Their folders below `_build/default/lib`; there may be none. */
  readonly names: readonly string[];
  /** Whether the files determine the plugins, too: there are none, they do, or it is open. */
  readonly plugins: 'none' | 'pinned' | 'open';
}

/** One version, checked out and looked at before it is built. */
export interface VersionProject {
  /** The project folder in the worktree. */
  readonly dir: string;
  /** Whether the commit alone decides about all versions; if not, tags or commands may. */
  readonly fixed: boolean;
  /** Absent when other things than the files may determine them. */
  readonly dependencies?: Dependencies;
}

/**
 * Checks a version out into a worktree of its own.
 *
 * @throws {RefusedError} when its files name releases or applications in a way that leads out of their folder (H15, H99)
 */
export async function openVersion(context: BuildContext, version: Version): Promise<VersionProject> {
  return look(context, version, await addWorktree(context, version));
}

/**
 * Runs the user's `prepare` command, if there is one, and looks at what it has changed.
 *
 * @throws {ActionError} when it fails
 * @throws {RefusedError} as {@link openVersion}
 */
export async function prepareVersion(
  context: BuildContext,
  version: Version,
  project: VersionProject,
): Promise<VersionProject> {
  if (context.prepare.trim() === '') return project;
  await prepare(context, version, project.dir);
  return look(context, version, project.dir);
}

async function look(context: BuildContext, version: Version, dir: string): Promise<VersionProject> {
  const { named, fixed, dependencies } = await context.erlang.query<{
    named: readonly Named[];
    fixed: boolean;
    dependencies: Dependencies | null;
  }>('project', [dir, context.profile]);
  checkNames(named, placeOf(version));
  // With another configuration than that of the files nothing is known.
  const isKnown = dependencies !== null && process.env.REBAR_CONFIG === undefined;
  return isKnown ? { dir, fixed, dependencies } : { dir, fixed };
}
