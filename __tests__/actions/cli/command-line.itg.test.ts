import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { folder, keep, removeKept } from '../../support/failures.js';
import { plainProject } from '../../support/projects.js';
import { projectRoot } from '../../support/repository.js';
import { commandLine, runCommandLine } from '../../support/command-line.js';

afterAll(removeKept);

test.each(['', 'check', 'build', 'rehearse', 'deploy', 'status'])('--help %s', async (command) => {
  const { status, stdout } = await runCommandLine(
    folder(),
    [...(command === '' ? [] : [command]), '--help'],
    {
      env: { COLUMNS: '100' },
    },
  );
  expect(status).toBe(0);
  await expect(stdout).toMatchFileSnapshot(`help/${command === '' ? 'relup-action' : command}.txt`);
});

test('every input of the actions is an option of the same name, or about workflow runs only', async () => {
  const inputs = (file: string): string[] =>
    Object.keys((parse(readFileSync(join(projectRoot, file), 'utf8')) as { inputs: object }).inputs);
  const options = async (command: string): Promise<string[]> =>
    [...(await runCommandLine(folder(), [command, '--help'])).stdout.matchAll(/^ {2}--([a-z-]+)/gm)].map(
      ([, name]) => name as string,
    );
  const known = new Set([
    ...(await options('rehearse')),
    ...(await options('build')),
    ...(await options('deploy')),
  ]);
  const left = [...inputs('action.yml'), ...inputs('deploy/action.yml')].filter((name) => !known.has(name));
  expect([...new Set(left)].sort()).toEqual([
    ...['artifact-digest', 'artifact-name', 'attest', 'attestation-trusted-root', 'cache', 'deploy'],
    ...['github-token', 'mode', 'overwrite', 'publish', 'report-artifact', 'retention-days', 'run-id'],
    ...['upload', 'verify-attestation'],
  ]);
});

test.each([
  [['check', '--nonsense'], "error: unknown option '--nonsense'"],
  [['deploy', '--package', 'x'], "error: required option '--deploy-root <value>' not specified"],
  [['deploy', '--deploy-root', 'x'], 'error: give --package, or --version'],
  [['fly'], "error: unknown command 'fly'"],
])('%j is a bad input: 2', async (args, message) => {
  const { status, stderr, stdout } = await runCommandLine(folder(), args);
  expect(stderr).toContain(message);
  expect([status, stdout]).toEqual([2, '']);
});

test('what the action finds bad about a value is told as there, with 2, and as JSON', async () => {
  const repository = keep(plainProject());
  const args = ['check', '--profile', 'a b', '--json'];
  const { status, stdout, stderr } = await runCommandLine(repository.dir, args);
  expect(status).toBe(2);
  expect(stderr).toContain(
    'error: The option `--profile` is "a b", which is not a rebar3 profile.\n  Write the name',
  );
  expect(JSON.parse(stdout)).toMatchObject({
    failure: { message: expect.stringContaining('`profile`') as string },
  });
});

test('a folder without a release: status says so, with 1', async () => {
  const { status, stdout, stderr } = await runCommandLine('/', ['status', '--deploy-root', folder()]);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('so deploy-root is not an installed release.\nGive the folder that holds bin');
});

test('package.json names it, and it can be executed', () => {
  const { bin } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  expect(bin).toEqual({ 'relup-action': 'dist/cli/index.mjs' });
  expect(readFileSync(commandLine, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('a version that is installed needs no package, and --version after a command is not that of the command line', async () => {
  const args = ['deploy', '--deploy-root', 'x', '--version', '../1'];
  const { status, stdout } = await runCommandLine(folder(), args);
  expect(stdout).toContain('The option `--version` is "../1", which is not a release version.');
  expect(status).toBe(2);
});
