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
  { root, applications }: CompiledRelease,
  buildDir: string,
): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for (const { name, dir } of applications) {
    const ebin = join(buildDir, 'lib', name, 'ebin');
    for (const file of (await readdir(ebin).catch(() => [])).filter((one) => one.endsWith('.beam'))) {
      const built = join(ebin, file);
      if (await isSame(built, join(root, dir, 'ebin', file))) continue;
      const { size } = await stat(built);
      const path = `lib/${name}/ebin/${file}`;
      entries.push({ path, source: await realpath(built), type: 'file', size, mode: 0o644 });
    }
  }
  return entries;
}

async function isSame(built: string, packed: string): Promise<boolean> {
  const [one, other] = await Promise.all([readFile(built), readFile(packed).catch(() => undefined)]);
  return other !== undefined && one.equals(other);
}
