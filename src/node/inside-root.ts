import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { NodeRefusedError } from '../shared/errors.js';

/**
 * Where an entry of an installed root really lies, to be made, replaced or removed there. Links on the way to it may lead
 * wherever their owner likes, and whoever follows them may have more rights than that owner: they must stay inside. The
 * entry itself is not followed.
 *
 * The folders right below the root may lie elsewhere, when root or the user that this step runs as linked them: that is how
 * the release was installed.
 *
 * @param path relative to it
 * @throws {NodeRefusedError} when its folder lies outside; the system's error when there is no such folder
 */
export async function placeInRoot(root: string, path: string): Promise<string> {
  const folder = await realpath(dirname(join(root, path)));
  if (!(await isInside(root, path, folder))) throw leadsOut(root, path, folder);
  return join(folder, basename(path));
}

/** The same for a file that is read: it must not be a link that leads out, either. */
export async function fileInRoot(root: string, path: string): Promise<string> {
  const file = await realpath(join(root, path));
  if (!(await isInside(root, path, file))) throw leadsOut(root, path, file);
  return file;
}

/** A folder of the release that lies elsewhere; undefined when there is none. */
export async function linkedOut(root: string): Promise<string | undefined> {
  for (const name of ['releases', 'lib', 'bin']) {
    const real = await realpath(join(root, name)).catch(() => undefined);
    if (real !== undefined && !isBelow(real, await realpath(root))) return join(root, name);
  }
  return undefined;
}

async function isInside(root: string, path: string, real: string): Promise<boolean> {
  if (isBelow(real, await realpath(root))) return true;
  const [first = '', ...others] = path.split('/');
  if (others.length === 0) return false;
  const top = join(root, first);
  const stats = await lstat(top);
  const own = stats.isSymbolicLink() && [0, process.getuid?.()].includes(stats.uid);
  return own && isBelow(real, await realpath(top));
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : `${folder}${sep}`);
}

function leadsOut(root: string, path: string, real: string): NodeRefusedError {
  return new NodeRefusedError(
    `${join(root, path)} is reached through a link that leads out of deploy-root, to ${real}.`,
    {
      remedy:
        'See who made that link, and remove it. Only the folders right below deploy-root may lie elsewhere.',
    },
  );
}
