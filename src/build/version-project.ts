import { addWorktree } from './assemble.js';
import { checkNames, type Named } from './release-checks.js';
import type { BuildContext, Version } from './version.js';
import { placeOf } from './version.js';

/** Dependencies that the files of a version determine: what has the same digest has the same ones, compiled equally. */
export interface Dependencies {
  readonly digest: string;
  /** Their folders below `_build/default/lib`. */
  readonly names: readonly string[];
}

/** One version, checked out and looked at before it is built. */
export interface VersionProject {
  /** The project folder in the worktree. */
  readonly dir: string;
  /** Absent when other things than the files may determine them. */
  readonly dependencies?: Dependencies;
}

/**
 * Checks a version out into a worktree of its own.
 *
 * @throws {RefusedError} when its files name releases or applications in a way that leads out of their folder (H15, H99)
 */
export async function openVersion(context: BuildContext, version: Version): Promise<VersionProject> {
  const dir = await addWorktree(context, version);
  const { named, dependencies } = await context.erlang.query<{
    named: readonly Named[];
    dependencies: Dependencies | null;
  }>('project', [dir, context.profile]);
  checkNames(named, placeOf(version));
  // The user's command may change what the files say.
  return dependencies === null || context.prepare.trim() !== '' ? { dir } : { dir, dependencies };
}
