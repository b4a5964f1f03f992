import { readFile } from 'node:fs/promises';
import type { Manifest } from '../model/manifest.js';
import { parseManifest, unreadable } from '../model/read-manifest.js';

/**
 * Reads a manifest back.
 *
 * @throws {ActionError} when it is missing, damaged, or of a version this code does not know
 */
export async function readManifest(path: string): Promise<Manifest> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return parseManifest(bytes, path);
}
