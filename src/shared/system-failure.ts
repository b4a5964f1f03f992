import { statfs } from 'node:fs/promises';
import { ActionError, errorMessage, RefusedError } from './errors.js';

/** With less than this (bytes) left, programs fail in ways that do not always name the reason. */
const FULL = 1_000_000;

const NO_SPACE = ['ENOSPC', 'EDQUOT'];

/** Codes of system calls that fail because of the machine, not because of us. */
const SYSTEM = ['EACCES', 'EPERM', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM'];

/**
 * Puts what the system refused into words: a full disk, whichever program noticed it first, and files that cannot be read
 * or written. Everything else is given back as it is.
 *
 * @param folder where the run does its work
 */
export async function explainFailure(error: unknown, folder: string): Promise<unknown> {
  if (error instanceof RefusedError) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (NO_SPACE.includes(code) || (await isFull(folder))) {
    return new ActionError(`There is no space left on the disk of ${folder}: ${errorMessage(error)}`, {
      remedy:
        'Free some space before this step, or use a runner with a larger disk: every version is built in a folder of its own.',
      details: error instanceof ActionError ? error.details : undefined,
      cause: error,
    });
  }
  if (!SYSTEM.includes(code) || error instanceof ActionError) return error;
  return new ActionError(`The runner's operating system refused: ${errorMessage(error)}.`, {
    remedy:
      'Check to whom the file belongs; on a self-hosted runner a container job may have left it to root.',
    cause: error,
  });
}

async function isFull(folder: string): Promise<boolean> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize < FULL,
    () => false,
  );
}
