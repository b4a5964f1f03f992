import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * The text of a file in it; whoever put something else there, e.g. a link, or a pipe that is never written to, is not followed.
 *
 * @returns undefined when there is none; null when it is no plain file
 */
export async function readPlainFile(path: string): Promise<string | null | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (NOT_PLAIN.includes(code)) return null;
    throw error;
  }
  try {
    return (await handle.stat()).isFile() ? await handle.readFile('utf8') : null;
  } finally {
    await handle.close();
  }
}

/** What opening a link, a pipe, a socket or a folder fails with. */
export const NOT_PLAIN = ['ELOOP', 'ENXIO', 'EISDIR'];
