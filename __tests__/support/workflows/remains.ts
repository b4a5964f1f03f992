import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Pids of all processes that were started with this folder in their environment: a run's children and theirs, whoever their
 * parent is by now.
 */
export function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name) && environment(name).includes(folder))
    .map(Number);
}

export function endProcessesOf(folder: string): void {
  for (const pid of processesOf(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** Empty for processes that end meanwhile or have ended, which the kernel lists until their parent takes note. */
function environment(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** Names of what lies in the folders; a missing folder is as good as an empty one. */
export function contentOf(...folders: string[]): string[] {
  return folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder));
}

/** RUNNER_TEMP of every job whose files act has kept, as it does for failed ones. */
export function runnerTemps(actCache: string): string[] {
  return contentOf(actCache).map((job) => join(actCache, job, 'tmp'));
}
