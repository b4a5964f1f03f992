// Finds and ends what was started from an installed release, by process id.
import { readdirSync, readlinkSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** The emulator is asked first, in order: run_erl ends with it. What is deaf to that is killed. */
const STEPS = [
  { signal: 'SIGTERM', applies: (program) => basename(program).startsWith('beam') },
  { signal: 'SIGTERM', applies: () => true },
  { signal: 'SIGKILL', applies: () => true },
];

/**
 * The processes whose program lies in a folder.
 * @param {string} folder
 * @returns {{ pid: number, program: string }[]}
 */
export function processesFrom(folder) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const program = readlinkSync(`/proc/${pid}/exe`);
      return program.startsWith(folder + sep) ? [{ pid: Number(pid), program }] : [];
    } catch {
      return []; // another user's, or gone
    }
  });
}

/**
 * Ends them all.
 * @param {string} folder
 * @returns {Promise<number[]>} process ids that could not be ended
 */
export async function endProcessesFrom(folder, seconds = 15) {
  for (const { signal, applies } of STEPS) {
    const found = () => processesFrom(folder).filter(({ program }) => applies(program));
    for (const { pid } of found()) send(pid, signal);
    const deadline = Date.now() + 1000 * seconds;
    while (found().length > 0 && Date.now() < deadline) await wait(50);
  }
  return processesFrom(folder).map(({ pid }) => pid);
}

/**
 * @param {number} pid
 * @param {string} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
