import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Every file below a folder with the SHA-256 of its contents (links: their targets), to tell whether anything was changed.
 * git's object database is left out: it may gain objects without meaning anything.
 */
export function fingerprint(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      const key = relative(root, path);
      const stat = lstatSync(path);
      if (stat.isDirectory()) {
        if (/(^|\/)(\.git|modules\/[^/]+)\/objects$/.test(path)) continue;
        found[`${key}/`] = 'folder';
        visit(path);
      } else if (stat.isSymbolicLink()) found[key] = readlinkSync(path);
      else if (stat.isFile()) found[key] = createHash('sha256').update(readFileSync(path)).digest('hex');
    }
  };
  visit(root);
  return found;
}
