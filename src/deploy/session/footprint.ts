import { randomUUID } from 'node:crypto';
import { copyFile, lstat, mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { explainFullDisk, replaceFile, sync, syncAll, temporaryOf } from '../../node/durable-file.js';
import { fileInRoot, placeInRoot } from '../../node/inside-root.js';
import { sha256File } from '../../shared/sha256.js';
import type { Footprint, SavedFile } from '../../model/deploy.js';

/**
 * Records what is there, on the disk when this returns.
 *
 * @param members files, links and folders that may be added; the folders above them are recorded, too.
 * @param changed files that may be changed or removed.
 * @param folder where the copies go; made anew.
 */
export async function recordFootprint({
  root,
  members,
  changed,
  folder,
}: {
  readonly root: string;
  readonly members: readonly string[];
  readonly changed: readonly string[];
  readonly folder: string;
}): Promise<Footprint> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  const added = [...members, ...changed, ...changed.map(temporaryOf)];
  const paths = new Set(added.flatMap((path) => [path, ...foldersAbove(path)]));
  const absent: string[] = [];
  for (const path of paths) if (!(await exists(root, path))) absent.push(path);
  const saved: SavedFile[] = [];
  for (const path of changed) {
    if (absent.includes(path)) continue;
    const copy = join(folder, randomUUID());
    const file = await fileInRoot(root, path);
    try {
      await copyFile(file, copy);
      await sync(copy);
    } catch (error) {
      throw explainFullDisk(error, folder, `${path} cannot be kept for the way back`);
    }
    const { uid, gid, mode } = await stat(file);
    saved.push({ path, copy: relative(root, copy), uid, gid, mode: mode & 0o7777 });
  }
  await syncAll([folder]);
  return { absent, saved };
}

/** Removes what was added since. @returns what could not be removed: folders that hold something else now. */
export async function removeAdded(root: string, { absent }: Footprint): Promise<string[]> {
  const left: string[] = [];
  // nothing is removed when one of them leads out
  for (const path of absent) await placeInRoot(root, path).catch(ignoreMissing);
  // what is deeper comes first
  for (const path of [...absent].sort((a, b) => b.split('/').length - a.split('/').length)) {
    if (!(await remove(root, path))) left.push(path);
  }
  await syncAll(absent.map((path) => join(root, path)));
  return left;
}

/** Puts back the files that were changed or removed since. */
export async function putBack(root: string, { saved }: Footprint): Promise<void> {
  for (const file of saved) {
    const target = await placeInRoot(root, file.path);
    const copy = await fileInRoot(root, file.copy);
    if ((await isFile(target)) && (await sha256File(target)) === (await sha256File(copy))) continue;
    // whoever wrote the journal must not make anybody's program of it
    await replaceFile(target, copy, { ...file, mode: file.mode & 0o777 });
  }
}

async function remove(root: string, relativePath: string): Promise<boolean> {
  const path = await placeInRoot(root, relativePath).catch(ignoreMissing);
  const stats = path === undefined ? undefined : await lstat(path).catch(ignoreMissing);
  if (path === undefined || stats === undefined) return true;
  if (!stats.isDirectory()) {
    await rm(path);
    return true;
  }
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return false;
    throw error;
  }
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
}

async function exists(root: string, path: string): Promise<boolean> {
  const place = await placeInRoot(root, path).catch(ignoreMissing);
  return place !== undefined && (await lstat(place).catch(ignoreMissing)) !== undefined;
}

async function isFile(path: string): Promise<boolean> {
  return (await lstat(path).catch(ignoreMissing))?.isFile() === true;
}

function ignoreMissing(error: unknown): undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  return undefined;
}
