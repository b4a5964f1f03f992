import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestText, type Manifest } from '../model/manifest.js';

/** Writes `<name>-<version>.manifest.json` into the folder and returns its path. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<string> {
  const path = join(folder, `${manifest.name}-${manifest.version}.manifest.json`);
  await writeFile(path, manifestText(manifest));
  return path;
}
