import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { releaseEnvironment } from '../../src/rehearsal/scratch/scratch-node.js';
import { run } from '../../src/programs/exec.js';
import { startResident } from '../../src/programs/resident-program.js';
import { runUserCommand } from '../../src/programs/user-command.js';
import { temporaryFolder } from '../support/repository.js';

/** What a runner gives to the step of an action, and to no `run:` step but for the files. */
const RUNNERS = [
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'INPUT_GITHUB-TOKEN',
  'INPUT_PREPARE',
  'STATE_workspace',
  'GITHUB_ENV',
  'GITHUB_OUTPUT',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
];
/** What the workflow's `env:` sets, and what says which run this is. The runner finds what a job left by the last one. */
const WORKFLOWS = [
  'DATABASE_URL',
  'GITHUB_TOKEN',
  'MY_INPUT_FILE',
  'GITHUB_SHA',
  'GITHUB_ENVIRONMENT',
  'RUNNER_TRACKING_ID',
];

const folder = temporaryFolder();
beforeEach(() => {
  for (const name of [...RUNNERS, ...WORKFLOWS]) vi.stubEnv(name, `value of ${name}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seen = (names: Iterable<string>): string[] =>
  [...names].filter((name) => [...RUNNERS, ...WORKFLOWS].includes(name)).sort();
const namesOf = (environment: readonly string[]): string[] =>
  environment.map((entry) => entry.slice(0, entry.indexOf('=')));

test('a program gets what the workflow sets, and nothing of the runner', async () => {
  const { stdout } = await run('env', ['-0'], { env: { RELUP_REF: '0.2.0' } });
  expect(stdout).toContain('RELUP_REF=0.2.0\0');
  expect(stdout).toContain('DATABASE_URL=value of DATABASE_URL\0');
  expect(seen(namesOf(stdout.split('\0')))).toEqual([...WORKFLOWS].sort());
});

test('so does a program that stays, and what a node is told by us is not kept from it', async () => {
  const lines = await new Promise<string[]>((resolve) => {
    const found: string[] = [];
    const env = { ACTIONS_OF_THE_SERVICE: 'its own' };
    startResident('env', [], { env, onLine: (line) => found.push(line), onEnd: () => resolve(found) });
  });
  expect(lines).toContain('ACTIONS_OF_THE_SERVICE=its own');
  expect(seen(namesOf(lines))).toEqual([...WORKFLOWS].sort());
});

test('so does a command of the user', async () => {
  const lines: string[] = [];
  await runUserCommand({
    command: 'env\necho "output is ${GITHUB_OUTPUT-unset}"',
    cwd: folder,
    scriptFile: join(folder, 'prepare.sh'),
    env: {},
    onLine: (line) => lines.push(line),
  });
  expect(lines).toContain('output is unset');
  expect(seen(namesOf(lines))).toEqual([...WORKFLOWS].sort());
});

test('so does a scratch node, without what leads its script elsewhere', () => {
  const environment = releaseEnvironment({ ...process.env, RELX_OUT_FILE_PATH: '/x', ERL_EPMD_PORT: '1' });
  expect(seen(Object.keys(environment))).toEqual([...WORKFLOWS].sort());
  expect(Object.keys(environment)).not.toContain('RELX_OUT_FILE_PATH');
  expect(Object.keys(environment)).not.toContain('ERL_EPMD_PORT');
});
