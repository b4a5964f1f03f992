import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * The private folder of one run, below RUNNER_TEMP. Worktrees get the same path in every run, because two builds of a
 * commit are byte-identical only at the same path (beams hold it in their `Line` chunk).
 */
export class Workspace {
  private readonly undo: (() => Promise<void>)[] = [];

  private constructor(readonly dir: string) {}

  /** Makes the folder anew; what a cancelled run left there is removed. */
  static async open(runnerTemp: string): Promise<Workspace> {
    const dir = join(runnerTemp, 'relup-action');
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return new Workspace(dir);
  }

  /** A folder inside the workspace, made when missing. */
  async folder(...names: string[]): Promise<string> {
    const path = join(this.dir, ...names);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** Registers something to undo; run last-in-first-out by `close`. */
  onClose(undo: () => Promise<void>): void {
    this.undo.push(undo);
  }

  /** Undoes everything and removes the folder. Goes on after a failure, and returns what failed. */
  async close(): Promise<unknown[]> {
    const failures: unknown[] = [];
    for (const undo of this.undo.reverse()) {
      await undo().catch((error: unknown) => failures.push(error));
    }
    await rm(this.dir, { recursive: true, force: true }).catch((error: unknown) => failures.push(error));
    return failures;
  }

  /** For signal handlers, which cannot wait. */
  removeNow(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A folder for what outlives the run (packages, manifest, report), new for every run: `<runnerTemp>/<prefix>-XXXXXX`. */
export async function resultFolder(runnerTemp: string, prefix: string): Promise<string> {
  await mkdir(runnerTemp, { recursive: true });
  return mkdtemp(join(runnerTemp, `${basename(prefix)}-`));
}
