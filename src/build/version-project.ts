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

/** Who has a part in a build, as far as the configuration tells. */
export interface Alone {
  /** Whether nothing but rebar3's own compilers makes code of the project's files. */
  readonly compilersAlone: boolean;
  /** Whether nothing but relx has a part in assembling and packing the release. */
  readonly relxAlone: boolean;
}

/** One version, checked out and looked at before it is built. */
export interface VersionProject {
  /** The project folder in the worktree. */
  readonly dir: string;
  /** Whether the commit alone decides about all versions; if not, tags or commands may. */
  readonly fixed: boolean;
  readonly alone: Alone;
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
  const { named, fixed, alone, dependencies } = await context.erlang.query<{
    named: readonly Named[];
    fixed: boolean;
    alone: Alone;
    dependencies: Dependencies | null;
  }>('project', [dir, context.profile]);
  checkNames(named, placeOf(version));
  // With another configuration than that of the files nothing is known.
  if (process.env.REBAR_CONFIG !== undefined) return { dir, fixed, alone: UNKNOWN };
  return { dir, fixed, alone, ...(dependencies === null ? {} : { dependencies }) };
}

const UNKNOWN: Alone = { compilersAlone: false, relxAlone: false };
