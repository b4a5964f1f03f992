import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersOf, type BuiltRelease } from '../../model/release.js';
import { nativeDigest } from '../../shared/native-code.js';

/** Shared objects as Linux names them; drivers and NIFs. */
export function isSharedObject(file: string): boolean {
  return /\.so(?:\.[0-9.]+)?$/.test(file);
}

/** Files below `priv` of an application, relative to its folder, in order, each with a digest of what counts of it. */
export async function privDigests(
  release: BuiltRelease,
  application: string,
  isWanted: (file: string) => boolean,
): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  const dir = release.applications.find(({ name }) => name === application)?.dir;
  if (dir === undefined) return digests;
  const priv = join(release.root, dir, 'priv');
  const files = await readdir(priv, { recursive: true }).catch(() => []);
  const builtIn = foldersOf(release.source);
  // One after the other: there may be many, and large ones.
  for (const file of files.filter(isWanted).sort()) {
    const path = join(priv, file);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === true) digests.set(join('priv', file), await nativeDigest(path, builtIn));
  }
  return digests;
}
