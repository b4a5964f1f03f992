import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** Looks through the process list, again and again while `work` runs, for a text in the arguments of any other process. */
export async function commandLinesWith(
  text: string,
  exceptPid: number,
  work: Promise<unknown>,
): Promise<{ found: string[]; looks: number }> {
  const found = new Set<string>();
  let looks = 0;
  const state = { done: false };
  const end = () => (state.done = true);
  work.then(end, end);
  while (!state.done) {
    for (const line of commandLines(exceptPid)) if (line.includes(text)) found.add(line);
    looks += 1;
    await setImmediate();
  }
  return { found: [...found], looks };
}

function commandLines(exceptPid: number): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== exceptPid);
  return pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });
}
