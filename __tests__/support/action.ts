import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot, temporaryFolder } from './repository.js';

/** Where the bundle lies that these tests run: built from the sources by the global setup, not the committed one. */
export const bundle = process.env.RELUP_TEST_BUNDLE ?? join(projectRoot, 'dist');

/** What a run of the action left behind, as a runner would see it. */
export interface ActionRun {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output and standard error, without debug lines. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The job summary, Markdown. */
  readonly summary: string;
  /** What the post step gets. */
  readonly state: Readonly<Record<string, string>>;
  /** RUNNER_TEMP of the run. */
  readonly temp: string;
}

export interface ActionOptions {
  /** GITHUB_WORKSPACE: the checked-out repository. */
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** RUNNER_TEMP; default: a new folder. */
  readonly temp?: string;
  /** Another user to run as, and where the bundle and Node lie that this user can read. */
  readonly as?: {
    readonly uid: number;
    readonly gid: number;
    readonly bundle: string;
    readonly node: string;
  };
  /** Called with the running process, e.g. to cancel it, and each piece of output. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

const folders: string[] = [];

/** Removes what the runs of a test file left; to be called in `afterAll`. */
export function removeRuns(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Runs an action's main or post program in a process of its own, with the defaults of action.yml, as a runner does. */
export async function runAction(options: ActionOptions, program = 'relup'): Promise<ActionRun> {
  const dir = temporaryFolder();
  folders.push(dir);
  const temp = options.temp ?? join(dir, 'temp');
  mkdirSync(temp, { recursive: true });
  const files = Object.fromEntries(
    ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].map((name) => [name, join(dir, name)]),
  );
  for (const file of Object.values(files)) writeFileSync(file, '');
  if (options.as !== undefined) giveTo(options.as, dir, temp, ...Object.values(files));
  const env = {
    ...withoutRunner(process.env),
    GITHUB_WORKSPACE: options.workspace,
    RUNNER_TEMP: temp,
    GITHUB_EVENT_NAME: 'push',
    ...files,
    // Most tests are about something else than the rehearsal, which costs seconds.
    ...inputEnvironment(
      { ...(program === 'relup' ? { rehearse: 'false' } : {}), ...options.inputs },
      program,
    ),
    ...options.env,
  };
  const { exitCode, signal, output } = await start(program, env, options);
  return {
    exitCode,
    signal,
    log: output.replace(/^::debug::.*\n/gm, ''),
    outputs: keyValues(files.GITHUB_OUTPUT as string),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY as string, 'utf8'),
    state: keyValues(files.GITHUB_STATE as string),
    temp,
  };
}

function start(
  program: string,
  env: NodeJS.ProcessEnv,
  options: ActionOptions,
): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; output: string }> {
  return new Promise((resolve, reject) => {
    const { as } = options;
    const script = join(as?.bundle ?? bundle, program, 'index.mjs');
    const child = spawn(as?.node ?? process.execPath, [script], {
      cwd: options.workspace,
      env,
      ...(as === undefined ? {} : { uid: as.uid, gid: as.gid }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const add = (data: Buffer): void => {
      output += data.toString();
      options.onOutput?.(output, (signal) => child.kill(signal));
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, output }));
  });
}

function giveTo({ uid, gid }: { uid: number; gid: number }, ...paths: string[]): void {
  for (const path of paths) chownSync(path, uid, gid);
}

/** A runner of ours may run these tests: its own job's variables must not reach the action under test. */
function withoutRunner(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(GITHUB_|RUNNER_|ACTIONS_|INPUT_|STATE_)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

function inputEnvironment(inputs: Readonly<Record<string, string>>, program: string): Record<string, string> {
  const file = program === 'deploy' ? 'deploy/action.yml' : 'action.yml';
  const { inputs: declared } = parse(readFileSync(join(projectRoot, file), 'utf8')) as {
    inputs: Record<string, { default?: string }>;
  };
  for (const name of Object.keys(inputs)) {
    if (!(name in declared)) throw new Error(`${file} has no input ${name}`);
  }
  const all = Object.keys(declared).map((name): [string, string] => [
    name,
    inputs[name] ?? (declared[name]?.default ?? '').replace('${{ github.token }}', ''),
  ]);
  return Object.fromEntries(all.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

/** The runner's files: `name<<delimiter`, value, delimiter. */
export function keyValues(file: string): Record<string, string> {
  const text = readFileSync(file, 'utf8');
  return Object.fromEntries(
    [...text.matchAll(/^([^\n]+?)<<([^\n]+)\n([\s\S]*?)\n\2$/gm)].map(([, name, , value]) => [name, value]),
  ) as Record<string, string>;
}
