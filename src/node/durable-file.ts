import { constants } from 'node:fs';
import { chmod, chown, copyFile, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Whose a new file on the node is, and how it may be used. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
}

/**
 * Makes `target` a copy of `source`, so that at any moment, power cuts included, `target` is wholly the old file or wholly
 * the new one: temporary file in the same folder, fsync, rename, fsync of the folder.
 */
export async function replaceFile(target: string, source: string, owner: FileOwner): Promise<void> {
  const temporary = temporaryOf(target);
  try {
    await rm(temporary, { force: true });
    // new, so that nobody can lead root elsewhere by a link of that name
    await copyFile(source, temporary, constants.COPYFILE_EXCL);
    if (process.getuid?.() === 0) await chown(temporary, owner.uid, owner.gid);
    await chmod(temporary, owner.mode);
    await sync(temporary);
    await rename(temporary, target);
    await sync(dirname(target));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What {@link replaceFile} leaves beside the target when it is killed; always the same name, so that it can be undone. */
export function temporaryOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.relup-action`);
}

/** Has the system write a file, or the names in a folder, to the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The same for files that other programs wrote, and the folders that they lie in; what is missing is left out. */
export async function syncAll(paths: readonly string[]): Promise<void> {
  for (const path of new Set([...paths, ...paths.map((path) => dirname(path))])) {
    await sync(path).catch((error: unknown) => {
      if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    });
  }
}
