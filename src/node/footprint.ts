import { randomUUID } from 'node:crypto';
import { copyFile, lstat, mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { explainFullDisk, replaceFile, sync, syncAll, temporaryOf, type FileOwner } from './durable-file.js';
import { sha256File } from '../shared/sha256.js';

/** What an attempt may add or change in the installed root, recorded before it begins, so that it can be undone exactly. */
export interface Footprint {
  /** Files, links and folders that were not there; relative to the root. */
  readonly absent: readonly string[];
  /** Files that were there, each with a copy. */
  readonly saved: readonly SavedFile[];
}

interface SavedFile extends FileOwner {
  readonly path: string;
  /** Where the copy lies, relative to the root, too. */
  readonly copy: string;
}

/**
 * Records what is there, on the disk when this returns.
 *
 * @param members files, links and folders that may be added; the folders above them are recorded, too.
 * @param changed files that may be changed or removed.
 * @param folder where the copies go; made anew.
 */
export async function recordFootprint(
  root: string,
  members: readonly string[],
  changed: readonly string[],
  folder: string,
): Promise<Footprint> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  const added = [...members, ...changed, ...changed.map(temporaryOf)];
  const paths = new Set(added.flatMap((path) => [path, ...foldersAbove(path)]));
  const absent: string[] = [];
  for (const path of paths) if (!(await exists(join(root, path)))) absent.push(path);
  const saved: SavedFile[] = [];
  for (const path of changed) {
    if (absent.includes(path)) continue;
    const copy = join(folder, randomUUID());
    try {
      await copyFile(join(root, path), copy);
      await sync(copy);
    } catch (error) {
      throw explainFullDisk(error, folder, `${path} cannot be kept for the way back`);
    }
    const { uid, gid, mode } = await stat(join(root, path));
    saved.push({ path, copy: relative(root, copy), uid, gid, mode: mode & 0o7777 });
  }
  await syncAll([folder]);
  return { absent, saved };
}

/** Removes what was added since. @returns what could not be removed: folders that hold something else now. */
export async function removeAdded(root: string, { absent }: Footprint): Promise<string[]> {
  const left: string[] = [];
  // what is deeper comes first
  for (const path of [...absent].sort((a, b) => b.split('/').length - a.split('/').length)) {
    if (!(await remove(join(root, path)))) left.push(path);
  }
  await syncAll(absent.map((path) => join(root, path)));
  return left;
}

/** Puts back the files that were changed or removed since. */
export async function putBack(root: string, { saved }: Footprint): Promise<void> {
  for (const file of saved) {
    const target = join(root, file.path);
    const copy = join(root, file.copy);
    const same = (await exists(target)) && (await sha256File(target)) === (await sha256File(copy));
    if (!same) await replaceFile(target, copy, file);
  }
}

async function remove(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(ignoreMissing);
  if (stats === undefined) return true;
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

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(ignoreMissing)) !== undefined;
}

function ignoreMissing(error: unknown): undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  return undefined;
}
