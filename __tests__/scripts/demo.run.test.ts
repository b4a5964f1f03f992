import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { projectRoot, temporaryFolder } from '../support/repository.js';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the demo with `folder` for everything temporary; `onText` gets all that it has printed so far. */
async function demo(
  onText?: (text: string, pid: number) => void,
): Promise<{ exitCode: number; text: string }> {
  const child = spawn(process.execPath, [join(projectRoot, 'scripts/demo/demo.mjs')], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      onText?.(text, child.pid as number);
    });
  }
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, text };
}

/** Programs of running processes that lie in the folder, or work in it. */
function running(): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const links = pids.flatMap((pid) => [`/proc/${pid}/exe`, `/proc/${pid}/cwd`]);
  return links.flatMap((link) => {
    try {
      const target = readlinkSync(link);
      return target.startsWith(folder) ? [target] : [];
    } catch {
      return []; // another user's, or gone
    }
  });
}

it('upgrades a running node by the committed bundle, keeps what was made, and leaves nothing running', async () => {
  const { exitCode, text } = await demo();

  expect(exitCode, text).toBe(0);
  const inOrder = [
    /call 3: "Helo, world!"/,
    /\| ▾ Build\n/,
    /\| ▾ Rehearsal\n/,
    /Proven on a node: 0\.1\.0 → 0\.2\.0/,
    /\| ▾ Deploy: preflight\n/,
    /\| ▾ Deploy: make permanent\n/,
    /✓ helloworld:helloworld\(\)\.: "Hello, world!"/,
    /✓ Calls counted, across the upgrade: 4/,
    /✓ Operating system process: (\d+), as before/,
    /✓ Emulator started: [\d.]+ s ago, as before/,
    /✓ Releases: \{"0\.2\.0":"permanent","0\.1\.0":"old"\}/,
    /Everything is as promised/,
  ].map((line) => text.search(line));
  expect(inOrder).not.toContain(-1);
  expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
  expect(running()).toEqual([]);
  const [kept = '', ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  expect(text).toContain(`Kept in ${join(folder, kept)}\n`);
  expect(readdirSync(join(folder, kept)).sort()).toEqual([
    'action.log',
    'helloworld-0.2.0-relup',
    'helloworld-0.2.0-relup.zip',
    'summary.md',
  ]);
  expect(readFileSync(join(folder, kept, 'summary.md'), 'utf8')).toContain(
    '# helloworld 0.2.0: upgrade from 0.1.0',
  );
});

it('stops everything when it is interrupted while the node runs', async () => {
  let programs: string[] = [];
  const { exitCode, text } = await demo((printed, pid) => {
    if (programs.length > 0 || !printed.includes('call 1:')) return;
    programs = running();
    process.kill(pid, 'SIGINT');
  });

  expect(exitCode, text).toBe(1);
  expect(text).toContain('The demo failed: Interrupted by SIGINT.');
  expect(programs.join('\n')).toContain('beam.smp');
  expect(running()).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});
