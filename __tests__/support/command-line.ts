import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundle } from './action.js';

export interface CommandLineRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const commandLine = join(bundle, 'cli/index.mjs');

/** Runs the command line in a folder, as from a script: no terminal, and a workflow's variables that must not matter. */
export function runCommandLine(
  cwd: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly onOutput?: (text: string, pid: number) => void } = {},
): Promise<CommandLineRun> {
  return run(process.execPath, [commandLine, ...args], { cwd, ...options });
}

/** The same on a terminal, by `script` of util-linux; what is shown is in `stdout`. */
export function runOnTerminal(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<CommandLineRun> {
  const command = [process.execPath, commandLine, ...args].map((word) => `'${word}'`).join(' ');
  return run('script', ['--quiet', '--return', '--command', command, '/dev/null'], { cwd, env });
}

function run(
  program: string,
  args: readonly string[],
  {
    cwd,
    env = {},
    onOutput,
  }: {
    readonly cwd: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly onOutput?: (text: string, pid: number) => void;
  },
): Promise<CommandLineRun> {
  return new Promise((resolve, reject) => {
    const stray = { GITHUB_OUTPUT: '/nowhere/output', GITHUB_WORKSPACE: '/nowhere', INPUT_PROFILE: 'none' };
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the terminal decides about colours
    const { NO_COLOR, FORCE_COLOR, CI, ...inherited } = process.env;
    const child = spawn(program, args, {
      cwd,
      env: { ...inherited, ...stray, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      onOutput?.(stdout, child.pid as number);
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}
