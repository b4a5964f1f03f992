import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Children that were just killed may still be at work for a moment. */
const REMOVE = { recursive: true, force: true, maxRetries: 5 } as const;

/**
 * The private folder of one run, below RUNNER_TEMP. Worktrees get the same path in every run, because two builds of a
 * commit are byte-identical only at the same path (beams hold it in their `Line` chunk).
 */
export class Workspace {
  private result: string | undefined;
  private background: Promise<unknown> = Promise.resolve();
  private readonly ends: (() => Promise<void>)[] = [];

  private constructor(readonly dir: string) {}

  /** Makes the folder anew; what a cancelled run left there is removed. */
  static async open(runnerTemp: string): Promise<Workspace> {
    const dir = join(runnerTemp, 'relup-action');
    await rm(dir, { recursive: true, force: true });
    await mkdir(runnerTemp, { recursive: true });
    // Not recursive: that would hide why it fails.
    await mkdir(dir, { mode: 0o700 });
    return new Workspace(dir);
  }

  /** A folder inside the workspace, made when missing. */
  async folder(...names: string[]): Promise<string> {
    const path = join(this.dir, ...names);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /**
   * The folder for what outlives the run (packages, manifest, report), new for every run and beside this one:
   * `<RUNNER_TEMP>/<prefix>-XXXXXX`. The same each time, until it is dropped.
   */
  resultFolder(prefix: string): string {
    // At once: between its making and its noting no signal may come.
    this.result ??= mkdtempSync(join(dirname(this.dir), `${basename(prefix)}-`));
    return this.result;
  }

  /** Removes the result folder, when what is in it is of no use. */
  dropResult(): void {
    if (this.result !== undefined) rmSync(this.result, REMOVE);
    this.result = undefined;
  }

  /** What else is at work in the workspace: {@link close} waits for it. It must not fail. */
  meanwhile(work: Promise<unknown>): void {
    this.background = Promise.all([this.background, work]);
  }

  /** What {@link close} has to end, and waits for. It must not fail. */
  atClose(end: () => Promise<void>): void {
    this.ends.push(end);
  }

  /** Waits for what is at work in the background, ends what stays, then removes everything but the result folder. */
  async close(): Promise<void> {
    await this.background;
    await Promise.all(this.ends.map((end) => end()));
    this.remove();
  }

  /**
   * Removes everything but the result folder. Not asynchronous: signal handlers cannot wait, and one by one its thousands of
   * files take longer.
   */
  remove(): void {
    rmSync(this.dir, REMOVE);
  }

  /**
   * Removes everything, the result folder too, because no output leads to it yet. For signal handlers: it does not throw,
   * and what is left is the post step's.
   */
  removeAll(): void {
    for (const remove of [() => this.dropResult(), () => this.remove()]) {
      try {
        remove();
      } catch {
        continue;
      }
    }
  }
}
