import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackagedRelease } from './foreign.js';
import type { TreeEntry } from './tree.js';

/**
 * The compiled modules of the release that the packages hold without their debug information: what the next version needs
 * to compare states, children and start code with when it upgrades from these packages. They are never installed.
 *
 * @param tree the unpacked release
 * @returns empty when nothing was taken out, or the release was not built here
 */
export async function debugEntries(release: PackagedRelease, tree: string): Promise<TreeEntry[]> {
  const { source } = release;
  if (source?.kind !== 'ref') return [];
  const entries: TreeEntry[] = [];
  for (const { name, dir } of release.applications) {
    const ebin = join(source.buildDir, 'lib', name, 'ebin');
    for (const file of (await readdir(ebin).catch(() => [])).filter((one) => one.endsWith('.beam'))) {
      const built = join(ebin, file);
      if (await isSame(built, join(tree, dir, 'ebin', file))) continue;
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
