// Ends processes of ours when a job is cancelled. Synchronous, because signal handlers cannot wait; Linux only (/proc).
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

/** Ends every descendant of this process, deepest first, so that no parent can start another. */
export function endDescendants(root = process.pid): void {
  for (const pid of descendants(root).reverse()) end(pid);
}

/** Ends every process that works in a folder of ours: what a killed run left behind (H55). */
export function endProcessesBelow(folder: string): void {
  for (const pid of allPids()) {
    const cwd = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
    if (pid !== process.pid && cwd !== undefined && `${cwd}${sep}`.startsWith(`${folder}${sep}`)) end(pid);
  }
}

function descendants(root: number): number[] {
  const parents = new Map(allPids().map((pid) => [pid, parentOf(pid)]));
  const found: number[] = [];
  const queue = [root];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const children = [...parents].filter(([, parent]) => parent === next).map(([pid]) => pid);
    found.push(...children);
    queue.push(...children);
  }
  return found;
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Field 4 of /proc/PID/stat; the command in field 2 may hold spaces and parentheses, so counting starts after it. */
function parentOf(pid: number): number | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function end(pid: number): void {
  attempt(() => process.kill(pid, 'SIGKILL'));
}

/** A process may be gone at any moment. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
