import { info, warning } from '@actions/core';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Toolchain } from '../../model/toolchain.js';
import { errorMessage } from '../../shared/errors.js';
import { neutralise } from '../../shared/workflow-commands.js';
import { areComplete } from '../dependencies.js';
import { worktreeFolder, type BuildContext, type Version } from '../version.js';
import type { Dependencies, VersionProject } from '../version-project.js';
import { restoreEntry, saveEntry } from './client.js';
import { packCompiled, unpackCompiled } from './compiled.js';
import { openEntry, sealEntry } from './entry.js';
import { cacheKey, environmentDigest, toolchainParts, type CacheKeyParts } from './key.js';

/** Compiled dependencies, and plugins, of a version. */
interface Place {
  readonly context: BuildContext;
  readonly toolchain: Toolchain;
  readonly project: VersionProject;
  readonly version: Version;
}

/**
 * Puts compiled dependencies and plugins that an earlier run saved where rebar3 looks for them: it checks the dependencies
 * against rebar.lock as it does with those that it compiled itself, and compiles none of them.
 *
 * @returns the folders that they were compiled in; undefined when the build starts from nothing. Never fails the job.
 */
export async function restoreDependencies(place: Place): Promise<readonly string[] | undefined> {
  const { project, version } = place;
  const { dependencies } = project;
  if (dependencies === undefined || !isWorthwhile(dependencies)) return undefined;
  const parts = dependencyParts(place, dependencies);
  const folder = await folderOf(place);
  if (!(await restoreEntry(keyOf(parts), folder))) return undefined;
  try {
    const { files, builtIn } = await openEntry(folder, parts);
    await unpackCompiled(files, project.dir);
    if (!(await areComplete(project.dir, dependencies))) throw new Error('dependencies are missing in it');
    const all = [...dependencies.names, ...(dependencies.plugins === 'pinned' ? ['plugins'] : [])];
    info(neutralise(`${version.ref}: compiled dependencies restored from the cache: ${all.join(', ')}`));
    return builtIn;
  } catch (error) {
    const reason = errorMessage(error);
    info(
      neutralise(
        `${version.ref}: the cache entry of its dependencies is not used (${reason}); they are compiled.`,
      ),
    );
    await rm(join(project.dir, '_build'), { recursive: true, force: true });
    return undefined;
  }
}

/** Saves the compiled dependencies and plugins of a version that was built. Never fails the job. */
export async function saveDependencies(place: Place): Promise<void> {
  const { context, project, version } = place;
  const { dependencies } = project;
  if (dependencies === undefined || !isWorthwhile(dependencies)) return;
  const parts = dependencyParts(place, dependencies);
  try {
    const folder = await folderOf(place);
    const files = await packCompiled(folder, { dir: project.dir, dependencies, profile: context.profile });
    const builtIn = [await worktreeFolder(context, version)];
    await saveEntry(keyOf(parts), folder, await sealEntry(folder, { files, builtIn }, parts));
  } catch (error) {
    warning(neutralise(`The compiled dependencies are not saved in the cache: ${errorMessage(error)}`));
  }
}

function isWorthwhile({ names, plugins }: Dependencies): boolean {
  return names.length > 0 || plugins === 'pinned';
}

/** The project's own rebar3 configuration is part of the digest: overrides and compiler options are in it. */
function dependencyParts({ context, toolchain }: Place, { digest }: Dependencies): CacheKeyParts {
  return {
    ...toolchainParts(toolchain),
    environment: environmentDigest(process.env),
    profile: context.profile,
    digest,
  };
}

function keyOf(parts: CacheKeyParts): string {
  const { os = '', arch = '', otp = '' } = parts;
  return cacheKey('dependencies', parts, [os, arch, `otp${otp}`]);
}

async function folderOf({ context, version }: Place): Promise<string> {
  return context.workspace.folder('cache', `${version.commit.slice(0, 12)}-dependencies`);
}
