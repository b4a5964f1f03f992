import { fileURLToPath } from 'node:url';

/**
 * A file or folder that is shipped with the action: beside this file's folder, in the sources (`src/shared`) as in the bundle
 * (`dist/<entry>`, `dist/chunks`).
 */
export function shipped(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}
