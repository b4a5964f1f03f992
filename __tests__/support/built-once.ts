import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { temporaryFolder } from './repository.js';

/** Where it lies: of the whole run, or, without a global setup, of this process. */
const shared = process.env.RELUP_TEST_BUILT ?? temporaryFolder('relup-built-');
if (process.env.RELUP_TEST_BUILT === undefined)
  process.once('exit', () => rmSync(shared, { recursive: true, force: true }));

/**
 * What many test files start from, made by the first that asks; those that ask meanwhile wait for it. It is for all, so it must
 * not be changed.
 *
 * @param make makes it in this empty folder; its absolute path may be in what is made
 * @returns the folder
 */
export async function builtOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(shared, name);
  const lock = `${folder}.lock`;
  const done = `${folder}.done`;
  mkdirSync(shared, { recursive: true });
  while (!existsSync(done)) {
    if (!taken(lock)) {
      await setTimeout(100);
      continue;
    }
    try {
      if (existsSync(done)) break;
      mkdirSync(folder);
      await make(folder);
      renameSync(lock, done);
    } catch (error) {
      for (const path of [folder, lock]) rmSync(path, { recursive: true, force: true });
      throw error;
    }
  }
  return folder;
}

/** Whether it is ours to make. */
function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
