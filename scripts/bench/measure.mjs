// Times whole programs, alternately, because the machines are noisy: only ratios within one run mean anything.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, memory?: boolean }} [options]
 * @returns {Promise<{ seconds: number, peakOwn: number, peakTree: number, output: string }>} peaks of resident memory in
 * bytes, of the process itself and of it with all its children; 0 unless `memory` is set
 */
export function runTimed(program, args, { cwd, env = process.env, memory = false } = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const peak = { own: 0, tree: 0 };
    const sampler = memory ? setInterval(() => sample(child.pid, peak), 50) : undefined;
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(sampler);
      const seconds = (performance.now() - started) / 1000;
      if (code === 0) resolve({ seconds, peakOwn: peak.own, peakTree: peak.tree, output });
      else reject(new Error(`${program} ${args.join(' ')} failed with ${code}:\n${output.slice(-3000)}`));
    });
  });
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
  peak.own = Math.max(peak.own, resident(root));
  peak.tree = Math.max(
    peak.tree,
    tree.map(resident).reduce((sum, bytes) => sum + bytes, 0),
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
