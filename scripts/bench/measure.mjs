// Times whole programs, alternately, because the machines are noisy: only ratios within one run mean anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a program and has bash write the processor time of it and its children, in seconds: "user system". */
const TIMED = 'TIMEFORMAT="%U %S"; exec 3>&2; { time "${@:2}" 2>&3; } 2>"$1"';

/** How often memory is looked at, in milliseconds: each look costs some, too. */
const SAMPLE_MS = 200;

/**
 * Runs a program to its end, or to its limit.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, limit?: number,
 *   onOutput?: (text: string, seconds: number) => void }} [options] `limit`: seconds after which it is ended with all its
 * children; `onOutput` gets what is printed, and when
 * @returns {Promise<{ seconds: number, cpu: number, peakOwn: number, peakTree: number, output: string, over: boolean }>} `cpu`:
 * processor time of the process and its children, in seconds; peaks of resident memory in bytes, of the process itself and of it
 * with all its children; `over`: whether it was ended by the limit
 */
export async function runTimed(program, args, { cwd, env = process.env, limit, onOutput } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'relup-bench-time-'));
  const file = join(folder, 'time');
  try {
    const started = performance.now();
    const limited = limit === undefined ? [] : ['timeout', '-k', '10', String(limit)];
    const child = spawn('bash', ['-c', TIMED, 'bash', file, ...limited, program, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const peak = { own: 0, tree: 0 };
    const sampler = setInterval(() => sample(child.pid, peak), SAMPLE_MS);
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
    const over = limit !== undefined && seconds >= limit;
    if (code !== 0 && !over) {
      throw new Error(`${program} ${args.join(' ')} failed with ${code}:\n${output.slice(-3000)}`);
    }
    // bash also says there when it was killed
    const times = readFileSync(file, 'utf8').trim().split('\n').at(-1).split(' ');
    const cpu = times.reduce((sum, part) => sum + Number(part), 0);
    return { seconds, cpu, peakOwn: peak.own, peakTree: peak.tree, output, over };
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

function sample(bash, peak) {
  const [program, ...others] = descendants(bash);
  if (program === undefined) return;
  const own = resident(program);
  peak.own = Math.max(peak.own, own);
  peak.tree = Math.max(
    peak.tree,
    others.map(resident).reduce((sum, bytes) => sum + bytes, own),
  );
}

/** From /proc/PID/task/TID/children, so that nothing but the tree is looked at. */
function descendants(root) {
  const found = [];
  const queue = [root];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    const children = tasks(pid).flatMap((task) => read(`/proc/${pid}/task/${task}/children`).split(' '));
    const pids = children.filter((one) => one !== '').map(Number);
    found.push(...pids);
    queue.push(...pids);
  }
  return found;
}

function tasks(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it has ended meanwhile
  }
}

function resident(pid) {
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
