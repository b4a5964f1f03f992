import { info } from '@actions/core';
import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { CommittedFile } from '../programs/git/work-tree.js';
import { errorMessage } from '../shared/errors.js';
import { neutralise } from '../shared/workflow-commands.js';
import { assemble } from './assemble.js';
import { assembleAlone, finishAlone, keepTarball } from './build-alone.js';
import type { Provided, Providing } from './provided.js';
import { takeShared } from './shared-modules.js';
import { unpackBuilt } from './unpack-built.js';
import type { VersionProject } from './version-project.js';
import { worktreeFolder, type Assembly, type BuildContext, type Version } from './version.js';

interface After {
  readonly project: VersionProject;
  /** The version after which it is built. */
  readonly other: Providing;
  /** The sources of the modules that both have in common. */
  readonly shared: readonly CommittedFile[];
  /** Settles when it has the other's dependencies. */
  readonly taken: Promise<unknown>;
}

/**
 * Builds a version after another one, in its place and with its modules. If that fails it is built from nothing: only then the
 * failure is its own.
 */
export async function buildAfter(context: BuildContext, version: Version, after: After): Promise<Provided> {
  const { project, other, taken } = after;
  await Promise.all([taken, other.built]);
  const place = await worktreeFolder(context, other.version);
  let assembly: Assembly;
  try {
    assembly = await assembleIn(context, version, { ...after, place });
  } catch (error) {
    info(
      neutralise(
        `${version.ref}: all of it is compiled, as it did not build otherwise (${errorMessage(error)})`,
      ),
    );
    await rm(join(project.dir, '_build'), { recursive: true, force: true });
    const again = assembleAlone(context, version, project);
    return finishAlone(context, version, { project, compiledIn: undefined, assembly: again });
  }
  const builtIn = [place, ...((await other.dependencies) ?? [])];
  const release = await unpackBuilt(context, version, { assembly, builtIn });
  return { version, project, assembly, release, made: { release: true, dependencies: false } };
}

async function assembleIn(
  context: BuildContext,
  version: Version,
  { project, other, shared, place }: After & { readonly place: string },
): Promise<Assembly> {
  const { projectPath } = context;
  const { ref } = version;
  const dir = await worktreeFolder(context, version);
  const made = await other.folder.lend({
    dir,
    prepare: () => takeShared(context, shared, { ref, from: place, to: dir }),
    work: async () => {
      const there = { ...project, dir: join(place, projectPath) };
      return keepTarball(context, version, await assemble(context, version, there));
    },
  });
  const at = (path: string): string => join(dir, relative(place, path));
  const { projectDir, root, buildDir } = made;
  return { ...made, projectDir: at(projectDir), root: at(root), buildDir: at(buildDir) };
}
