import { randomBytes } from 'node:crypto';
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
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await copyFile(source, temporary);
    if (process.getuid?.() === 0) await chown(temporary, owner.uid, owner.gid);
    await chmod(temporary, owner.mode);
    await sync(temporary);
    await rename(temporary, target);
    await sync(dirname(target));
  } finally {
    await rm(temporary, { force: true });
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
