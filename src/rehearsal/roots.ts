import { cp, lstat, mkdir, readdir, readlink, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { DeployFile, DeployPackage } from '../model/deploy-input.js';
import { run } from '../programs/exec.js';
import type { BuiltRelease } from '../model/release.js';
import { sha256File } from '../shared/sha256.js';

/** Installs a release in a fresh folder: by its package, as people do, else as a copy of its root (H52). */
export async function installRelease(
  release: Pick<BuiltRelease, 'root' | 'tarball'>,
  target: string,
): Promise<void> {
  if (release.tarball !== undefined) return unpackPackage(release.tarball, target);
  await cp(release.root, target, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    filter: (source) => !(dirname(source) === release.root && source.endsWith('.tar.gz')),
  });
  await mendLinks(release.root, target);
}

/** As a fresh installation is made by hand. */
export async function unpackPackage(path: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await run('tar', ['-xzf', path, '-C', target], { timeoutSeconds: 300 });
}

/** Applications and emulators may be links; those that are relative and lead out of the root would lead elsewhere now. */
async function mendLinks(root: string, target: string): Promise<void> {
  for (const folder of ['.', 'lib']) {
    for (const name of await readdir(join(root, folder)).catch((): string[] => [])) {
      const original = join(root, folder, name);
      if (!(await lstat(original)).isSymbolicLink()) continue;
      const to = await readlink(original);
      const leadsOut = relative(root, resolve(dirname(original), to)).startsWith('..');
      if (!leadsOut || to.startsWith('/')) continue;
      const copy = join(target, folder, name);
      await rm(copy);
      await symlink(await realpath(original), copy);
    }
  }
}

/**
 * What a package holds, as it comes out of it.
 *
 * @param folder an empty folder that it is unpacked into; it stays
 */
export async function describePackage(path: string, folder: string): Promise<DeployPackage> {
  await unpackPackage(path, folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: DeployFile[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const { size } = await lstat(file);
    files.push({ path: relative(folder, file), size, sha256: await sha256File(file) });
  }
  return { path, sha256: await sha256File(path), files };
}
