// Times whole programs, alternately, because the machines are noisy: only ratios within one run mean anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a program and has bash write the processor time of it and its children, in seconds: "user system". */
const TIMED = 'TIMEFORMAT="%U %S"; exec 3>&2; { time "${@:2}" 2>&3; } 2>"$1"';

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, memory?: boolean,
 *   onOutput?: (text: string, seconds: number) => void }} [options] `onOutput` gets what is printed, and when
 * @returns {Promise<{ seconds: number, cpu: number, peakOwn: number, peakTree: number, output: string }>} `cpu`: processor
 * time of the process and its children, in seconds; peaks of resident memory in bytes, of the process itself and of it with
 * all its children; 0 unless `memory` is set
 */
export async function runTimed(program, args, { cwd, env = process.env, memory = false, onOutput } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'relup-bench-time-'));
  const file = join(folder, 'time');
  try {
    const started = performance.now();
    const child = spawn('bash', ['-c', TIMED, 'bash', file, program, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const peak = { own: 0, tree: 0 };
    const sampler = memory ? setInterval(() => sample(child.pid, peak), 50) : undefined;
    let output = '';
    const take = (data) => {
      output += data;
      onOutput?.(String(data), (performance.now() - started) / 1000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const [code] = await once(child, 'close');
    clearInterval(sampler);
    const seconds = (performance.now() - started) / 1000;
    if (code !== 0) {
      throw new Error(`${program} ${args.join(' ')} failed with ${code}:\n${output.slice(-3000)}`);
    }
    const cpu = readFileSync(file, 'utf8')
      .trim()
      .split(' ')
      .reduce((sum, part) => sum + Number(part), 0);
    return { seconds, cpu, peakOwn: peak.own, peakTree: peak.tree, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the variants in turn, each `runs` times.
 * @template {string} Name
 * @param {Record<Name, () => Promise<number>>} variants each returns its seconds
 * @param {number} runs
 * @returns {Promise<Record<Name, number>>} medians, in seconds
 */
export async function alternate(variants, runs) {
  const names = Object.keys(variants);
  const seconds = Object.fromEntries(names.map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const name of names) {
      seconds[name].push(await variants[name]());
      process.stderr.write(`  ${name} ${seconds[name].at(-1).toFixed(2)} s\n`);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(seconds[name])]));
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function sample(root, peak) {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => status(Number(pid)))
    .filter((one) => one !== undefined);
  const tree = [root];
  for (const pid of tree)
    tree.push(...processes.filter(({ parent }) => parent === pid).map((one) => one.pid));
  const resident = (pid) => processes.find((one) => one.pid === pid)?.resident ?? 0;
  // the first is bash
  const [, program] = tree;
  peak.own = Math.max(peak.own, resident(program));
  peak.tree = Math.max(
    peak.tree,
    tree
      .slice(1)
      .map(resident)
      .reduce((sum, bytes) => sum + bytes, 0),
  );
}

function status(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { pid, parent: field('PPid'), resident: 1024 * field('VmRSS') };
  } catch {
    return undefined; // it has ended meanwhile
  }
}
