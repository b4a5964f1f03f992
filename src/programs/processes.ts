// Ends processes of ours when a job is cancelled. Synchronous, because signal handlers cannot wait; Linux only (/proc).
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

/** Ends every descendant of this process. */
export function endDescendants(root = process.pid): void {
  endAll(() => descendants(root));
}

/**
 * Ends every process that works in a folder of ours or was started there as a scratch node (RELUP_SCRATCH), and what those
 * started: also what a killed run left behind (H55).
 */
export function endProcessesBelow(folder: string): void {
  endAll(() => {
    const others = allPids().filter((pid) => pid !== process.pid);
    const found = others.filter((pid) => worksBelow(pid, folder) || isScratch(pid, folder));
    return [...new Set(found.flatMap((pid) => [pid, ...descendants(pid)]))];
  });
}

/**
 * All are stopped before the first is ended: a process that still runs could start another meanwhile, which nobody would
 * find any more once its parent is gone.
 */
function endAll(find: () => number[]): void {
  const stopped = new Set<number>();
  for (let found = find(); found.some((pid) => !stopped.has(pid)); found = find()) {
    for (const pid of found) {
      signal(pid, 'SIGSTOP');
      stopped.add(pid);
    }
  }
  for (const pid of stopped) signal(pid, 'SIGKILL');
}

function worksBelow(pid: number, folder: string): boolean {
  const cwd = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
  return cwd !== undefined && isBelow(cwd, folder);
}

/** Programs of a release may work anywhere, but inherit its environment. */
function isScratch(pid: number, folder: string): boolean {
  const environment = attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8')) ?? '';
  const root = /(?:^|\0)RELUP_SCRATCH=([^\0]*)/.exec(environment)?.[1];
  return root !== undefined && isBelow(root, folder);
}

function isBelow(path: string, folder: string): boolean {
  return `${path}${sep}`.startsWith(`${folder}${sep}`);
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

function signal(pid: number, name: NodeJS.Signals): void {
  attempt(() => process.kill(pid, name));
}

/** A process may be gone at any moment. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
