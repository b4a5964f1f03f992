import { lstat, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Whether nobody but root can have put a file where it is: root may read it for another user, who could else have root
 * read any file through a link.
 */
export async function isRoots(path: string): Promise<boolean> {
  try {
    // as it is named, with the links on the way, and where it really is
    const paths = [...upwards(path), ...upwards(await realpath(path))];
    return (await Promise.all(paths.map(onlyRootWrites))).every(Boolean);
  } catch {
    return false;
  }
}

/** The path and all folders above it. */
function upwards(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...upwards(parent)];
}

async function onlyRootWrites(path: string): Promise<boolean> {
  const stats = await lstat(path);
  // what others may write to is theirs; a link's own permissions mean nothing
  return stats.uid === 0 && (stats.isSymbolicLink() || (stats.mode & 0o022) === 0);
}
