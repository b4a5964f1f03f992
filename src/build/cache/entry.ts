import { basename, join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { sha256File } from '../../shared/sha256.js';
import type { CacheKeyParts } from './key.js';

/** What an entry says of itself: what it stands for, and the SHA-256 of each of its files. */
interface Seal {
  readonly parts: CacheKeyParts;
  readonly files: Readonly<Record<string, string>>;
  readonly builtIn: readonly string[];
}

/** What is in an entry. */
export interface Contents {
  /** Names of files in a folder, or their absolute paths. */
  readonly files: readonly string[];
  /** The folders that the code in them was compiled in: it may know their paths. */
  readonly builtIn: readonly string[];
}

const SEAL = 'entry.json';

/**
 * Seals files that are to become a cache entry.
 *
 * @returns the names of all that belongs to the entry
 */
export async function sealEntry(folder: string, contents: Contents, parts: CacheKeyParts): Promise<string[]> {
  const files: Record<string, string> = {};
  for (const name of contents.files) files[name] = await sha256File(join(folder, name));
  const seal: Seal = { parts, files, builtIn: contents.builtIn };
  await writeFile(join(folder, SEAL), JSON.stringify(seal));
  return [...contents.files, SEAL];
}

/**
 * Reads the seal of a restored entry: a key says what an entry should hold, not what it does.
 *
 * @returns its contents, with absolute paths
 * @throws {Error} when it stands for something else, or a file is not the one that was saved
 */
export async function openEntry(folder: string, parts: CacheKeyParts): Promise<Contents> {
  const seal = JSON.parse(await readFile(join(folder, SEAL), 'utf8')) as Seal;
  const names = new Set([...Object.keys(parts), ...Object.keys(seal.parts)]);
  const other = [...names].find((name) => seal.parts[name] !== parts[name]);
  if (other !== undefined) throw new Error(`it was made with another ${other}`);
  const files = await Promise.all(
    Object.entries(seal.files).map(async ([name, digest]) => {
      const path = join(folder, basename(name));
      if ((await sha256File(path)) === digest) return path;
      throw new Error(`its ${basename(name)} is not the one that was saved`);
    }),
  );
  return { files, builtIn: seal.builtIn };
}
