import { constants } from 'node:fs';
import { chown, lstat, mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage, NodeRefusedError } from '../../shared/errors.js';
import { sync } from '../../node/durable-file.js';
import { NOT_PLAIN } from '../../node/plain-file.js';

/** Journal, lock and copies lie in it; relative to the installed root. */
export const DEPLOY_FOLDER = '.relup-action';

/** The folder in the installed root where deploys keep what must outlive them. */
export interface DeployFolder {
  readonly dir: string;
  /** Opens a file for writing and makes it the node's user's, so that root and that user can take turns. */
  openFile(name: string, flags: number): Promise<FileHandle>;
  /** Makes a new folder in it. @returns its path */
  makeFolder(name: string): Promise<string>;
  /** Has the system write names that were added or removed to the disk. */
  sync(): Promise<void>;
}

/**
 * Opens `<root>/.relup-action`, made when missing, for the node's user only.
 *
 * @throws {NodeRefusedError} when the installed root cannot be written to
 */
export async function openDeployFolder(
  root: string,
  owner: { readonly uid: number; readonly gid: number },
): Promise<DeployFolder> {
  const dir = join(root, DEPLOY_FOLDER);
  try {
    await makeOwned(dir, owner);
    await sync(root);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(root, error);
    await refuseForeign(dir, owner.uid);
  }
  return {
    dir,
    openFile: (name, flags) => openOwned(join(dir, name), flags, owner),
    makeFolder: (name) => makeOwned(join(dir, name), owner),
    sync: () => sync(dir),
  };
}

async function makeOwned(
  dir: string,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<string> {
  await mkdir(dir, { mode: 0o700 });
  if (process.getuid?.() === 0) await chown(dir, uid, gid);
  return dir;
}

/** Root must not be led elsewhere by a link, soft or hard, that the node's user put there. */
async function openOwned(
  path: string,
  flags: number,
  { uid, gid }: { uid: number; gid: number },
): Promise<FileHandle> {
  const handle = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600).catch(
    (error: unknown) => {
      throw NOT_PLAIN.includes((error as NodeJS.ErrnoException).code ?? '') ? notPlain(path, error) : error;
    },
  );
  const stats = await handle.stat();
  if (stats.isFile() && stats.nlink === 1) {
    if (process.getuid?.() === 0) await handle.chown(uid, gid);
    return handle;
  }
  await handle.close();
  throw notPlain(path);
}

function notPlain(path: string, cause?: unknown): NodeRefusedError {
  return new NodeRefusedError(`${path} is a link or not a file, so nothing is written to it.`, {
    remedy: 'See who put it there, then remove it; relup-action makes a new one.',
    cause,
  });
}

async function refuseForeign(dir: string, uid: number): Promise<void> {
  const stats = await lstat(dir);
  if (stats.isDirectory() && [0, uid, process.getuid?.()].includes(stats.uid)) return;
  throw new NodeRefusedError(`${dir} is not a folder of the node's user, so no journal can be kept in it.`, {
    remedy: 'See what it is, then remove it; relup-action makes a new one.',
  });
}

function notWritable(root: string, cause: unknown): NodeRefusedError {
  return new NodeRefusedError(`${root} cannot be written to: ${errorMessage(cause)}.`, {
    remedy: 'Give the user that this step runs as write access, and free some space if the disk is full.',
    cause,
  });
}
