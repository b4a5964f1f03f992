import { readdirSync, readFileSync } from 'node:fs';
import { vi } from 'vitest';

/** Whether a process is there and not merely waiting for its parent to take note of its end (state Z). */
export function isAlive(pid: number): boolean {
  try {
    return stateOf(String(pid)) !== 'Z';
  } catch {
    return false;
  }
}

/** The state of a process or thread, a letter (proc(5)). */
function stateOf(process: string): string | undefined {
  const stat = readFileSync(`/proc/${process}/stat`, 'utf8');
  return stat[stat.lastIndexOf(')') + 2];
}

/** Signals processes; each may have ended since it was looked for. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Makes a process hang. A signal takes a moment: until every thread stands still, one of them may still answer. */
export async function hang(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await vi.waitFor(
    () => {
      const states = readdirSync(`/proc/${pid}/task`).map((thread) => stateOf(`${pid}/task/${thread}`));
      if (states.some((state) => state !== 'T')) throw new Error(`Its threads are ${states.join(' ')}.`);
    },
    { timeout: 10_000, interval: 1 },
  );
}

/** Processes that have a variable in their environment: every one that a run with it started, whoever its parent is now. */
export function processesWith(variable: string, value: string): number[] {
  return processesThat((pid) => textsOf(pid, 'environ').includes(`${variable}=${value}`));
}

/** Emulators with a path among the arguments of their command lines. */
export function emulatorsWith(path: string): number[] {
  return processesThat((pid) => {
    const [program = '', ...args] = textsOf(pid, 'cmdline');
    return program.endsWith('beam.smp') && args.includes(path);
  });
}

function processesThat(is: (pid: number) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isAlive(pid) && is(pid));
}

/** Nothing for a process that has ended meanwhile. */
function textsOf(pid: number, file: 'environ' | 'cmdline'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
