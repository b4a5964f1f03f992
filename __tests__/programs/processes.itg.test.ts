import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { endDescendants, endProcessesBelow } from '../../src/programs/processes.js';
import { isAlive, processesWith } from '../support/processes.js';
import { temporaryFolder } from '../support/repository.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A shell with a child of its own; gives both pids. */
async function family(cwd: string): Promise<[number, number]> {
  const shell = spawn('sh', ['-c', 'sleep 300 & echo $!; wait'], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [data] = (await once(shell.stdout, 'data')) as [Buffer];
  return [shell.pid as number, Number(data.toString())];
}

test('children and their children are ended, others are not', async () => {
  const [parent, child] = await family(folder);
  const [other] = await family('/');
  endDescendants(parent);
  await vi.waitFor(() => expect(isAlive(child)).toBe(false));
  expect(isAlive(other)).toBe(true);
  endDescendants(other);
});

test('a process that goes on starting others gets none past', async () => {
  const id = randomUUID();
  const script = 'echo; i=0; while [ $i -lt 300 ]; do sleep 300 & i=$((i+1)); done; wait';
  const shell = spawn('sh', ['-c', `sh -c '${script}' & wait`], {
    env: { ...process.env, RELUP_TEST_FAMILY: id },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(shell.stdout, 'data');
  endDescendants(shell.pid);
  shell.kill('SIGKILL');
  await vi.waitFor(() => expect(processesWith('RELUP_TEST_FAMILY', id)).toEqual([]));
});

test('what works below a folder is ended, what works beside it is not', async () => {
  mkdirSync(join(folder, 'work/deep'), { recursive: true });
  mkdirSync(join(folder, 'work-beside'));
  const [below, child] = await family(join(folder, 'work/deep'));
  const [beside] = await family(join(folder, 'work-beside'));
  endProcessesBelow(join(folder, 'work'));
  await vi.waitFor(() => expect([below, child].map(isAlive)).toEqual([false, false]));
  expect(isAlive(beside)).toBe(true);
  endProcessesBelow(join(folder, 'work-beside'));
});
