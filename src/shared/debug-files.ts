import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTarball, type Tarball } from './tarball.js';
import type { TreeEntry } from './tree.js';

/** A release and where it was compiled. */
export interface CompiledRelease {
  /** The unpacked release. */
  readonly root: string;
  /** `_build/<profile>`; undefined when it was not built here. */
  readonly buildDir: string | undefined;
  readonly applications: readonly { readonly name: string; readonly dir: string }[];
  /** Whether the appups that applications ship belong to it, compiled or not: an upgrade to this release needs them. */
  readonly withAppups?: boolean;
}

/**
 * Writes the compiled modules that the packages hold without their debug information: what the next version needs to compare
 * states, children and start code with when it upgrades from these packages. They are never installed.
 *
 * @param mtime - Unix seconds.
 * @returns undefined when nothing was taken out, or the release was not built here
 */
export async function writeDebugTarball(
  path: string,
  release: CompiledRelease,
  mtime: number,
): Promise<Tarball | undefined> {
  const entries = release.buildDir === undefined ? [] : await strippedModules(release, release.buildDir);
  return entries.length === 0 ? undefined : writeTarball(path, entries, mtime);
}

async function strippedModules(
  { root, applications, withAppups = false }: CompiledRelease,
  buildDir: string,
): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for (const { name, dir } of applications) {
    for (const file of await filesIn(join(buildDir, 'lib', name, 'ebin'), /\.beam$/)) {
      const built = join(buildDir, 'lib', name, 'ebin', file);
      if (await isSame(built, join(root, dir, 'ebin', file))) continue;
      entries.push(await entryOf(buildDir, `lib/${name}/ebin/${file}`));
    }
    for (const folder of withAppups ? ['ebin', 'src'] : []) {
      for (const file of await filesIn(join(buildDir, 'lib', name, folder), /\.appup(\.src)?$/)) {
        entries.push(await entryOf(buildDir, `lib/${name}/${folder}/${file}`));
      }
    }
  }
  return entries;
}

async function filesIn(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => pattern.test(name));
}

async function entryOf(buildDir: string, path: string): Promise<TreeEntry> {
  const source = await realpath(join(buildDir, path));
  const { size } = await stat(source);
  return { path, source, type: 'file', size, mode: 0o644 };
}

async function isSame(built: string, packed: string): Promise<boolean> {
  const [one, other] = await Promise.all([readFile(built), readFile(packed).catch(() => undefined)]);
  return other !== undefined && one.equals(other);
}
