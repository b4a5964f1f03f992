import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of all files below a folder with the SHA-256 of each. */
export function fileHashes(dir: string, below = ''): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const entry of readdirSync(join(dir, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) Object.assign(hashes, { [`${path}/`]: '' }, fileHashes(dir, path));
    else if (entry.isSymbolicLink()) hashes[path] = readlinkSync(join(dir, path));
    else
      hashes[path] = createHash('sha256')
        .update(readFileSync(join(dir, path)))
        .digest('hex');
  }
  return hashes;
}
