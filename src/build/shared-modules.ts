import { info } from '@actions/core';
import { copyFile, glob, lstat, mkdir, readdir, readFile, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CommittedFile } from '../programs/git/work-tree.js';
import { neutralise } from '../shared/workflow-commands.js';
import { hasKnownTransforms } from './read-by-source.js';
import { sameModules } from './same-modules.js';
import type { VersionProject } from './version-project.js';
import { worktreeFolder, type BuildContext, type Version } from './version.js';

/** A version whose build another one can go on from. */
export interface EarlierBuild {
  readonly version: Version;
  readonly project: Promise<VersionProject>;
}

/**
 * Bytes of source text that must be the same for it to be worth waiting for the other build: below, compiling them again beside
 * it ends sooner. Measured with two cores.
 */
const WORTHWHILE = 200_000;

/**
 * The sources of modules that a version has in common with another one, and that make the same code in both (see
 * {@link sameModules}). None where anything is in doubt, or where there are too few to wait for the other build.
 */
export async function findShared(
  context: BuildContext,
  { version, project }: { readonly version: Version; readonly project: VersionProject },
  earlier: EarlierBuild,
): Promise<readonly CommittedFile[]> {
  const { git, projectPath, prepare } = context;
  const { dependencies, alone } = project;
  const other = await earlier.project;
  if (!alone.compilersAlone || !other.alone.compilersAlone || prepare.trim() !== '') return [];
  if (dependencies === undefined || other.dependencies?.digest !== dependencies.digest) return [];
  const at = async (one: Version) => git.at(await worktreeFolder(context, one));
  const trees = { one: await at(version), other: await at(earlier.version) };
  const shared = await sameModules(trees, projectPath);
  return shared.reduce((sum, { size }) => sum + size, 0) < WORTHWHILE ? [] : shared;
}

/**
 * Puts the other build's beams of the shared modules where rebar3 looks for what it compiled itself. Nothing else of the project's own
 * applications is taken, so rebar3 makes all the rest. Nothing at all is taken where a header of a dependency brings a parse transform
 * that is not known.
 *
 * @param place `ref` is how the log names the version; `from` is the other build's worktree, `to` the version's own
 */
export async function takeShared(
  { profile, projectPath }: BuildContext,
  shared: readonly CommittedFile[],
  { ref, from, to }: { readonly ref: string; readonly from: string; readonly to: string },
): Promise<void> {
  if (!(await haveKnownTransforms(join(from, projectPath, '_build', 'default', 'lib')))) return;
  const sources = new Map(shared.map(({ path }) => [basename(path, '.erl'), path]));
  const lib = join(projectPath, '_build', profile.replaceAll(',', '+'), 'lib');
  const beams = (await beamsIn(join(from, lib))).filter((path) => sources.has(basename(path, '.beam')));
  const folders = new Set(beams.map((path) => dirname(path)));
  for (const folder of folders) await mkdir(join(to, lib, folder), { recursive: true });
  await Promise.all(
    beams.map(async (path) => {
      const beam = join(to, lib, path);
      await copyFile(join(from, lib, path), beam);
      // As old as its source: whatever else comes of this build is newer.
      const { mtime } = await stat(join(to, sources.get(basename(path, '.beam')) ?? ''));
      await utimes(beam, mtime, mtime);
    }),
  );
  const text = `${ref}: ${beams.length} modules are the same as in the new version, compiled once for both`;
  info(neutralise(text));
}

/** The beams of the project's own applications; those of dependencies lie elsewhere, and only links to them here. */
async function beamsIn(libraries: string): Promise<string[]> {
  const own = (await readdir(libraries, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const found = await Promise.all(
    own.map(async ({ name }) => {
      const files = await readdir(join(libraries, name, 'ebin')).catch(() => []);
      return files.filter((file) => file.endsWith('.beam')).map((file) => join(name, 'ebin', file));
    }),
  );
  return found.flat();
}

/** Headers of dependencies are read by the project's modules. */
async function haveKnownTransforms(libraries: string): Promise<boolean> {
  for await (const file of glob('*/{include,src}/**/*.hrl', { cwd: libraries })) {
    const path = join(libraries, file);
    if ((await lstat(path)).isFile() && !hasKnownTransforms(await readFile(path, 'latin1'))) return false;
  }
  return true;
}
