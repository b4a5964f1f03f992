import { readFileSync } from 'node:fs';

/** Whether a process is there and not merely waiting for its parent to take note of its end (state Z). */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
