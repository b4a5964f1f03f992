import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './repository.js';

/** A file system of its own, in memory. */
export interface SmallDisk {
  readonly dir: string;
  /**
   * Writes a file until so many bytes are left, or no more: others may write meanwhile. `name`: another one than the file of
   * an earlier call.
   */
  fill(left: number, name?: string): void;
  remove(): void;
}

/** Mounts a tmpfs; only root may. `options` as for `mount -o`, e.g. `size=20m` or `ro`. */
export function smallDisk(options: string): SmallDisk {
  const parent = temporaryFolder();
  const dir = join(parent, 'disk');
  mkdirSync(dir);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'relup-test', dir], { stdio: 'pipe' });
  } catch (cause) {
    rmSync(parent, { recursive: true, force: true });
    throw new Error(
      'This test mounts a small disk (tmpfs), so it must run as root with the right to mount.',
      {
        cause,
      },
    );
  }
  return {
    dir,
    fill: (left, name = 'filler') => fill(join(dir, name), left),
    remove: () => {
      // what ran from it may take a moment to end
      execFileSync('umount', ['--lazy', dir]);
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

function fill(path: string, left: number): void {
  const file = openSync(path, 'w');
  const { bavail, bsize } = statfsSync(path);
  const block = Buffer.alloc(1024 * 1024);
  try {
    for (let rest = bavail * bsize - left; rest > 0; rest -= block.length) {
      writeSync(file, block, 0, Math.min(rest, block.length));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
