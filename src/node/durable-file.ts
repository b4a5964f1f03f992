import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { NodeRefusedError } from '../shared/errors.js';
import type { FileOwner } from '../model/node.js';

/** Something could not be written as a whole. */
export class DiskFullError extends NodeRefusedError {}

/** @param what cannot be done; to follow `so` */
export function diskFull(dir: string, what: string, cause?: unknown): DiskFullError {
  return new DiskFullError(`There is no space left on the disk of ${dir}, so ${what}.`, {
    remedy: 'Free some space, then run this step again.',
    cause,
  });
}

/** Puts a full disk into words; everything else is given back as it is. */
export function explainFullDisk(error: unknown, dir: string, what: string): unknown {
  const isFull = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
  return isFull ? diskFull(dir, what, error) : error;
}

/**
 * Makes `target` a copy of `source`, so that at any moment, power cuts included, `target` is wholly the old file or wholly
 * the new one: temporary file in the same folder, fsync, rename, fsync of the folder.
 */
export async function replaceFile(target: string, source: string, owner: FileOwner): Promise<void> {
  await replaceBy({ target, source, owner, check: () => Promise.resolve() });
}

/**
 * The same for a file that must be the one that was checked: what was written is read again through the same open file, before
 * it gets its name.
 *
 * @param sha256 lower-case hex
 * @throws {NodeRefusedError} when it is another one
 */
export async function replaceByChecked({
  target,
  source,
  owner,
  sha256,
}: {
  readonly target: string;
  readonly source: string;
  readonly owner: FileOwner;
  readonly sha256: string;
}): Promise<void> {
  await replaceBy({
    target,
    source,
    owner,
    check: async (written) => {
      if ((await digestOf(written)) === sha256) return;
      throw new NodeRefusedError(`${source} was changed while the deploy was at work: its SHA-256 differs.`, {
        remedy: 'See what else writes to that folder, then run this step again.',
      });
    },
  });
}

async function replaceBy({
  target,
  source,
  owner,
  check,
}: {
  readonly target: string;
  readonly source: string;
  readonly owner: FileOwner;
  readonly check: (written: FileHandle) => Promise<void>;
}): Promise<void> {
  const temporary = temporaryOf(target);
  try {
    await rm(temporary, { force: true });
    await write({ path: temporary, source, owner, check });
    await rename(temporary, target);
    await sync(dirname(target));
  } catch (error) {
    throw explainFullDisk(error, dirname(target), `${basename(target)} cannot be written`);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** SHA-256 of an open file, lower-case hex. */
async function digestOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(2 ** 16);
  let position = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

/** On the disk when this returns. */
async function write({
  path,
  source,
  owner,
  check,
}: {
  readonly path: string;
  readonly source: string;
  readonly owner: FileOwner;
  readonly check: (written: FileHandle) => Promise<void>;
}): Promise<void> {
  // new, so that nobody can lead root elsewhere by a link of that name
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await handle.writeFile(createReadStream(source));
    if (process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
    await handle.chmod(owner.mode);
    await handle.sync();
    await check(handle);
  } finally {
    await handle.close();
  }
}

/** What {@link replaceFile} leaves beside the target when it is killed; always the same name, so that it can be undone. */
export function temporaryOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.relup-action`);
}

/** Has the system write a file, or the names in a folder, to the disk. */
export async function sync(path: string): Promise<void> {
  // a pipe is not waited for
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The same for files that other programs wrote, and the folders that they lie in; what is missing, or no file or folder, is left out. */
export async function syncAll(paths: readonly string[]): Promise<void> {
  for (const path of new Set([...paths, ...paths.map((path) => dirname(path))])) {
    await sync(path).catch((error: unknown) => {
      if (!['ENOENT', 'ENOTDIR', 'ENXIO', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
    });
  }
}
