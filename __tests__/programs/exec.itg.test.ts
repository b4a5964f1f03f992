import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from '../../src/programs/exec.js';
import { CommandFailedError } from '../../src/shared/errors.js';
import { isAlive } from '../support/processes.js';
import { temporaryFolder } from '../support/repository.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the exit status alone decides, whatever was printed (H42)', async () => {
  await expect(run('sh', ['-c', 'echo "===> Release successfully assembled"; exit 1'])).rejects.toThrow(
    /failed with exit status 1/,
  );
  const noisy = await run('sh', ['-c', 'echo warning >&2']);
  expect(noisy).toEqual({ exitCode: 0, stdout: '', stderr: 'warning\n' });
});

test('a failure carries standard output and standard error', async () => {
  const error = await run('sh', ['-c', 'echo out; echo err >&2; exit 3']).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(CommandFailedError);
  expect(error).toMatchObject({ exitCode: 3, details: 'out\n\nerr\n' });
});

test('arguments reach the program as they are, and no shell sees them (H99)', async () => {
  const hostile = ['v1;id', '$(id)', '`id`', "a'b", 'a"b', 'a b', '--x', 'ä', 'a\\b', ''];
  const { stdout } = await run('printf', ['%s|', ...hostile]);
  expect(stdout).toBe(`${hostile.join('|')}|`);
});

test('a program in a folder with spaces and quotes is found', async () => {
  const dir = join(folder, 'a "b" c');
  mkdirSync(dir);
  writeFileSync(join(dir, 'tool'), '#!/bin/sh\necho "$1"\n', { mode: 0o755 });
  expect((await run(join(dir, 'tool'), ['x y'])).stdout).toBe('x y\n');
});

test('a program that does not end is ended with its children', async () => {
  const file = join(folder, 'child');
  const script = `sleep 300 & echo $! > ${file}; wait`;
  await expect(run('sh', ['-c', script], { timeoutSeconds: 1 })).rejects.toThrow(
    /did not end within 1 seconds/,
  );
  expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false);
});

test('a program that is killed is told apart from one that fails, and from one that takes too long', async () => {
  const endOf = async (script: string, timeoutSeconds?: number): Promise<unknown> => {
    const options = timeoutSeconds === undefined ? {} : { timeoutSeconds };
    const error: unknown = await run('sh', ['-c', script], options).catch((thrown: unknown) => thrown);
    return (error as CommandFailedError).end;
  };
  expect(await endOf('kill -9 $$')).toEqual({ kind: 'killed', text: 'was killed by a signal' });
  expect(await endOf('kill -9 $$', 60)).toMatchObject({ kind: 'killed' });
  expect(await endOf('sh -c "kill -9 \\$\\$"; exit $?')).toEqual({
    kind: 'killed',
    text: 'was killed by SIGKILL',
  });
  expect(await endOf('exit 137', 60)).toEqual({ kind: 'killed', text: 'was killed by SIGKILL' });
  expect(await endOf('exit 129')).toEqual({ kind: 'exited', text: 'failed with exit status 129' });
  expect(await endOf('sleep 60', 1)).toEqual({ kind: 'timed-out', text: 'did not end within 1 seconds' });
});

test('a missing program is told', async () => {
  await expect(run('no-such-program', [])).rejects.toThrow(/no-such-program could not be started/);
});

test('lines come one by one, also at a bare CR, which ends a line for the runner too (H107)', async () => {
  const lines: string[] = [];
  await run('printf', ['a\\nb\\r::error::c\\r\\nd'], { onLine: (line) => lines.push(line) });
  expect(lines).toEqual(['a', 'b', '::error::c', 'd']);
});

test('a variable can be set and removed', async () => {
  const { stdout } = await run('sh', ['-c', 'echo "$A-${HOME-none}"'], { env: { A: 'x', HOME: undefined } });
  expect(stdout).toBe('x-none\n');
});
