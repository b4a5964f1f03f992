import { access } from 'node:fs/promises';

/** Whether something is there that a path leads to; false, too, when its folder may not be looked into. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
