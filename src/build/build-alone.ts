import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { assemble } from './assemble.js';
import type { Provided } from './provided.js';
import { unpackBuilt } from './unpack-built.js';
import type { VersionProject } from './version-project.js';
import { worktreeFolder, type Assembly, type BuildContext, type Version } from './version.js';

/** Assembles and packs a version in its own worktree, see {@link assemble}. */
export async function assembleAlone(
  context: BuildContext,
  version: Version,
  project: VersionProject,
): Promise<Assembly> {
  return keepTarball(context, version, await assemble(context, version, project));
}

/** Puts the package where it stays, whatever becomes of the folder that it was built in. */
export async function keepTarball(
  { workspace }: BuildContext,
  { commit }: Version,
  assembly: Assembly,
): Promise<Assembly> {
  const folder = await workspace.folder('built', commit.slice(0, 12));
  const tarball = join(folder, basename(assembly.tarball));
  await rename(assembly.tarball, tarball);
  return { ...assembly, tarball };
}

/**
 * Looks at what was built in a version's own worktree.
 *
 * @param made `compiledIn`: the folders that its dependencies were compiled in; undefined when they were compiled with it
 */
export async function finishAlone(
  context: BuildContext,
  version: Version,
  made: {
    readonly project: VersionProject;
    readonly assembly: Promise<Assembly>;
    readonly compiledIn: readonly string[] | undefined;
  },
): Promise<Provided> {
  const { project, compiledIn } = made;
  const assembly = await made.assembly;
  const builtIn = [await worktreeFolder(context, version), ...(compiledIn ?? [])];
  const release = await unpackBuilt(context, version, { assembly, builtIn });
  const itself = { release: true, dependencies: compiledIn === undefined };
  return { version, project, assembly, release, made: itself };
}
