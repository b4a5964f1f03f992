import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../repository.js';
import { endProcessesOf } from './remains.js';

export interface ActOptions {
  /** Private folder of the run; everything that act and the jobs keep lies in it. */
  readonly dir: string;
  /** The repository that the run is for. */
  readonly cwd: string;
  readonly args: readonly string[];
  readonly cancelAt?: string;
}

/** `github.token` of every run. */
export const TOKEN = 'token-of-the-run';

/** Far above what a run takes, even on a busy machine; a run that hangs must not hang the tests. */
const LIMIT_SECONDS = 360;

/** Every label that the workflows' jobs ask for is this machine, without a container. */
const PLATFORMS = ['ubuntu-latest', 'ubuntu-24.04', 'self-hosted', 'web1', 'web2', 'web3'].flatMap(
  (label) => ['--platform', `${label}=-self-hosted`],
);

/**
 * Runs act until it ends.
 *
 * @throws {Error} when act is not on the PATH or does not end in time; whatever it started is then ended
 */
export async function runAct({ dir, cwd, args, cancelAt }: ActOptions): Promise<{
  exitCode: number | null;
  output: string;
}> {
  const fixed = [
    '--json',
    ...PLATFORMS,
    ...['--pull=false', '--action-offline-mode', '--no-skip-checkout', '--container-daemon-socket', '-'],
    // Else act asks GitHub's command-line client for one.
    ...['--secret', `GITHUB_TOKEN=${TOKEN}`],
  ];
  const child = spawn('act', [...args, ...fixed], {
    cwd,
    env: privateEnvironment(dir),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    return await finished(child, cancelAt);
  } finally {
    if (child.exitCode === null) endProcessesOf(dir);
  }
}

function finished(
  child: ChildProcess,
  cancelAt: string | undefined,
): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    let cancelled = false;
    const add = (data: Buffer): void => {
      output += data.toString();
      if (cancelled || cancelAt === undefined || !output.includes(cancelAt)) return;
      cancelled = true;
      child.kill('SIGINT');
    };
    const limit = setTimeout(() => {
      reject(new Error(`act did not end within ${LIMIT_SECONDS} seconds; it had printed:\n${output}`));
    }, LIMIT_SECONDS * 1000);
    child.stdout?.on('data', add);
    child.stderr?.on('data', add);
    child.once('error', (cause) => {
      clearTimeout(limit);
      reject(new Error('act could not be started; `npm run test:workflows` installs it.', { cause }));
    });
    child.once('close', (exitCode) => {
      clearTimeout(limit);
      resolve({ exitCode, output });
    });
  });
}

/** Nothing of the tests' own environment but the PATH, with the action's Node first; and no folder that others use. */
function privateEnvironment(dir: string): Record<string, string> {
  const folders = { HOME: 'home', TMPDIR: 'tmp', XDG_CACHE_HOME: 'cache', XDG_CONFIG_HOME: 'config' };
  const node = join(projectRoot, 'node_modules/node/bin');
  const environment: Record<string, string> = {
    PATH: [node, process.env.PATH].join(delimiter),
    LANG: 'C.UTF-8',
  };
  for (const [name, folder] of Object.entries(folders)) {
    environment[name] = join(dir, folder);
    mkdirSync(join(dir, folder));
  }
  // Where the tests run beside other Erlang nodes, epmd has a port of its own.
  const { ERL_EPMD_PORT } = process.env;
  return ERL_EPMD_PORT === undefined ? environment : { ...environment, ERL_EPMD_PORT };
}
