import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError } from './errors.js';

/** A member of a package, and the file on disk that it is read from. */
export interface TreeEntry {
  /** Path in the archive, relative to the release's root. */
  readonly path: string;
  /** Absolute path on disk. */
  readonly source: string;
  /** Folders are members only when they are empty, as in rebar3's own tarballs; others come with their files. */
  readonly type: 'file' | 'directory' | 'symlink';
  /** Bytes; 0 for folders and links. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  /** Where a link points to, as written. */
  readonly target?: string;
}

/**
 * Everything in an unpacked release, in the order in which packages hold it: by the bytes of the path.
 *
 * @throws {ActionError} for a link or a special file that release_handler would not unpack.
 */
export async function readTree(root: string): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  await readFolder(root, '', entries);
  return sortEntries(entries);
}

/** The order of a package's members, which is the same everywhere: by the bytes of the path. */
export function sortEntries(entries: readonly TreeEntry[]): TreeEntry[] {
  return [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

async function readFolder(root: string, folder: string, entries: TreeEntry[]): Promise<void> {
  // one after the other: a promise for each of some ten thousand files at once costs more than a hundred megabytes
  for (const name of await readdir(join(root, folder))) {
    await readEntry(root, folder === '' ? name : `${folder}/${name}`, entries);
  }
}

async function readEntry(root: string, path: string, entries: TreeEntry[]): Promise<void> {
  const source = join(root, path);
  const stats = await lstat(source);
  const common = { path, source, mode: stats.mode & 0o7777 };
  if (stats.isDirectory()) {
    const before = entries.length;
    await readFolder(root, path, entries);
    if (entries.length === before) entries.push({ ...common, type: 'directory', size: 0 });
  } else if (stats.isFile()) {
    entries.push({ ...common, type: 'file', size: stats.size });
  } else if (stats.isSymbolicLink()) {
    const target = await readlink(source);
    checkLink(path, target);
    entries.push({ ...common, type: 'symlink', size: 0, target });
  } else {
    throw new ActionError(`${path} in the release is neither a file nor a folder nor a symbolic link.`, {
      remedy: 'Leave it out of the release; create sockets, pipes and devices when the release starts.',
    });
  }
}

/**
 * Up to OTP 28 erl_tar judges a link's target as if it were seen from the release's root, so `..` is refused even where
 * it stays inside (H48); the node's OTP is not always the one that packs, so every package keeps to the narrower rule.
 */
function checkLink(path: string, target: string): void {
  if (!target.startsWith('/') && !target.split('/').includes('..')) return;
  throw new ActionError(
    `The symbolic link ${path} points to ${target}, which release_handler does not unpack.`,
    {
      remedy:
        'Replace the link by a copy of the file, or let it point to a place beside or below it, without ".." and not absolute.',
    },
  );
}
