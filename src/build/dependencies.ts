import { info } from '@actions/core';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { run } from '../programs/exec.js';
import { errorMessage } from '../shared/errors.js';
import { neutralise } from '../shared/workflow-commands.js';
import type { Dependencies, VersionProject } from './version-project.js';
import { exists } from '../shared/exists.js';

/** A version whose build has begun. */
export interface StartedBuild {
  readonly project: Promise<VersionProject>;
  /** Settles when rebar3 has ended. */
  readonly built: Promise<unknown>;
}

/** How often the other build is looked at, in milliseconds. */
const INTERVAL = 50;

/**
 * Copies the compiled dependencies from another version's build, as soon as they are finished there, when they are the same:
 * rebar3 finds them in place, checks them against its lock file, and compiles nothing of them again.
 *
 * @param ref how the log names the version
 * @param profile as given to `rebar3 as`
 * @returns whether they were copied; otherwise the build starts from nothing
 * @throws the other build's failure: the run fails anyway
 */
export async function takeDependencies({
  project,
  from,
  ref,
  profile,
}: {
  readonly project: VersionProject;
  readonly from: StartedBuild;
  readonly ref: string;
  readonly profile: string;
}): Promise<boolean> {
  const { dir, dependencies } = project;
  if (dependencies === undefined || dependencies.names.length === 0) return false;
  const other = await from.project;
  if (other.dependencies?.digest !== dependencies.digest) return false;
  await untilCompiled({ dir: other.dir, dependencies, built: from.built, profile });
  if (!(await areComplete(other.dir, dependencies))) return false;
  const target = libraries(dir);
  try {
    await mkdir(target, { recursive: true });
    const sources = dependencies.names.map((name) => join(libraries(other.dir), name));
    await run('cp', ['-a', '--', ...sources, target]);
    const names = dependencies.names.join(', ');
    info(neutralise(`${ref}: the same dependencies as the new version, compiled once for both: ${names}`));
    return true;
  } catch (error) {
    info(neutralise(`${ref}: its dependencies are compiled anew (${errorMessage(error)}).`));
    await rm(join(dir, '_build'), { recursive: true, force: true });
    return false;
  }
}

/** Where rebar3 has dependencies in every profile; in other profiles there are links to them. */
function libraries(dir: string): string {
  return join(dir, '_build', 'default', 'lib');
}

/** rebar3 makes the folders of the project's own applications when all dependencies are compiled, and not before. */
async function untilCompiled({
  dir,
  dependencies,
  built,
  profile,
}: {
  readonly dir: string;
  readonly dependencies: Dependencies;
  readonly built: Promise<unknown>;
  readonly profile: string;
}): Promise<void> {
  const { names } = dependencies;
  const lib = join(dir, '_build', profile.replaceAll(',', '+'), 'lib');
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  built.then(end, end);
  while (!ended) {
    const found = await readdir(lib).catch(() => []);
    if (found.some((name) => !name.startsWith('.') && !names.includes(name))) return;
    await wait(INTERVAL);
  }
  await built;
}

/** Whether all dependencies are where rebar3 looks for them, compiled. */
export async function areComplete(dir: string, { names }: Dependencies): Promise<boolean> {
  const found = await Promise.all(
    names.map((name) => exists(join(libraries(dir), name, 'ebin', `${name}.app`))),
  );
  return !found.includes(false);
}
