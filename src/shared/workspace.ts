import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * The private folder of one run, below RUNNER_TEMP. Worktrees get the same path in every run, because two builds of a
 * commit are byte-identical only at the same path (beams hold it in their `Line` chunk).
 */
export class Workspace {
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

  /** Removes everything. Not asynchronous: signal handlers cannot wait, and one by one its thousands of files take longer. */
  remove(): void {
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A folder for what outlives the run (packages, manifest, report), new for every run: `<runnerTemp>/<prefix>-XXXXXX`. */
export async function resultFolder(runnerTemp: string, prefix: string): Promise<string> {
  await mkdir(runnerTemp, { recursive: true });
  return mkdtemp(join(runnerTemp, `${basename(prefix)}-`));
}
