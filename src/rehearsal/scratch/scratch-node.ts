import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Erlang } from '../../programs/erlang.js';
import { run } from '../../programs/exec.js';
import { endProcessesBelow } from '../../programs/processes.js';
import { nothingOfOurs, withoutRunnersOwn } from '../../programs/runner-environment.js';
import { ActionError, CommandFailedError, errorMessage } from '../../shared/errors.js';
import type { ReleaseApplication } from '../../model/release.js';
import { bootFailure } from './boot-failure.js';
import { BootLog } from './boot-log.js';
import { controlNode, type NodeControl } from '../../node/control.js';
import { ControlStartError } from '../../node/control-session.js';
import type { PrivateEpmd } from './epmd.js';
import { findNode, type NodeProcess } from '../../node/node-process.js';
import { readNodeState } from '../../node/node-state.js';
import { isAlive, stopNode } from '../../node/release-script.js';
import { startCommand, type ScratchIdentity } from './scratch-start.js';
import { unended } from '../../shared/unended.js';

export interface ScratchOptions {
  readonly erlang: Erlang;
  /** The installed release; what it would boot next is started. */
  readonly root: string;
  /** Release name. */
  readonly name: string;
  /** Whose code it may run. */
  readonly releases: readonly { readonly applications: readonly ReleaseApplication[] }[];
  readonly identity: ScratchIdentity;
  readonly epmd: PrivateEpmd;
  /** What the release finds in its environment; see {@link releaseEnvironment}. */
  readonly environment: Readonly<Record<string, string>>;
  /** A private folder for the node's home, its vm.args and our control process. */
  readonly folder: string;
  /** Where the node's output is kept. */
  readonly logFile: string;
  /** How long it may take until its applications run. */
  readonly bootSeconds: number;
  /** After which it is ended, whatever becomes of this process. */
  readonly lifetimeSeconds: number;
}

/** A release that did not boot; what it printed is in the details. */
export class BootError extends ActionError {}

/** A release that runs on this machine for us alone. */
export interface ScratchNode {
  readonly process: NodeProcess;
  readonly control: NodeControl;
  /** What a program needs to run the release's own script against this node: VMARGS_PATH, ERL_EPMD_PORT, HOME and so on. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lines that the node printed. */
  readonly log: readonly string[];
  /** Stops it in order and waits for its end. */
  stop(timeoutSeconds: number): Promise<void>;
  /** Ends it, and everything that it started, at once; by process id, and only what is ours (H55). */
  end(): void;
}

/** How many lines of a node's log a finding shows. */
export const LOG_DETAILS = 200;

/**
 * Starts an installed release as a scratch node, and waits until its applications run (H53).
 *
 * @throws {BootError} with the node's output; nothing runs then
 */
export async function bootScratchNode(options: ScratchOptions): Promise<ScratchNode> {
  const root = await realpath(options.root);
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(options.folder, 'node-'));
  const environment = await prepareEnvironment(options, folder);
  const log = new BootLog(options.logFile);
  const { program, args, env } = await startCommand({
    root,
    name: options.name,
    identity: options.identity,
    environment,
    folder,
  });
  const fullEnvironment = { ...environment, ...env };
  const started: Started = { root, log };
  void run(program, args, {
    cwd: root,
    env: { ...nothingOfOurs(), ...fullEnvironment },
    timeoutSeconds: options.lifetimeSeconds,
    onLine: (line) => log.add(line),
    keepOutput: false,
  }).then(
    () => (started.ended = 'ended'),
    (error: unknown) => (started.ended = howItEnded(error)),
  );
  try {
    const { process, control } = await running(options, started, folder);
    const end = (): void => {
      control.close();
      endProcessesBelow(root);
      log.close();
    };
    return {
      process,
      control,
      environment: fullEnvironment,
      log: log.lines,
      stop: async (seconds) => {
        await stopNode(control, process, seconds);
        end();
      },
      end,
    };
  } catch (error) {
    endProcessesBelow(root);
    log.close();
    throw error;
  }
}

/**
 * Our own environment as a release may see it: what the workflow gives to the step, without what would make the release's
 * script write elsewhere.
 */
export function releaseEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const elsewhere = /^(RELX_OUT_FILE_PATH|ERL_EPMD_.*|HEART_COMMAND)$/;
  return Object.fromEntries(Object.entries(withoutRunnersOwn(env)).filter(([name]) => !elsewhere.test(name)));
}

interface Started {
  readonly root: string;
  readonly log: BootLog;
  /** How it ended; absent while it runs. */
  ended?: string;
}

async function prepareEnvironment(
  { environment, epmd, root }: ScratchOptions,
  folder: string,
): Promise<Record<string, string>> {
  const home = join(folder, 'home');
  await mkdir(home);
  return {
    ...environment,
    HOME: home,
    ERL_EPMD_PORT: String(epmd.port),
    ERL_CRASH_DUMP: join(folder, 'erl_crash.dump'),
    PIPE_DIR: `${join(folder, 'pipes')}/`,
    // By this what is left of a killed run is found, wherever it works.
    RELUP_SCRATCH: root,
  };
}

async function running(
  options: ScratchOptions,
  started: Started,
  folder: string,
): Promise<{ process: NodeProcess; control: NodeControl }> {
  const deadline = performance.now() + 1000 * options.bootSeconds;
  let control: NodeControl | undefined;
  let found: NodeProcess | undefined;
  let last: unknown;
  let goneAt: number | undefined;
  try {
    for (;;) {
      try {
        found ??= await findNode(started.root);
        control ??= controlNode({
          erlang: options.erlang,
          node: found,
          privateFolder: folder,
          releases: options.releases,
        });
        if ((await readNodeState(control, 10)).status === 'started') return { process: found, control };
      } catch (error) {
        if (!(error instanceof ActionError) || error instanceof ControlStartError) throw error;
        last = error;
      }
      if (found !== undefined && !(await isAlive(found.pid))) {
        // How it ended, and its last words, are known a little later.
        goneAt ??= performance.now();
        if (performance.now() - goneAt > 3000) started.ended ??= 'ended';
      }
      if (started.ended !== undefined) throw notBooted(options, started, `it ${started.ended}`);
      if (performance.now() > deadline) {
        const why = last === undefined ? '' : ` (${unended(errorMessage(last))})`;
        throw notBooted(
          options,
          started,
          `its applications did not all run within ${options.bootSeconds} seconds${why}`,
        );
      }
      await setTimeout(50);
    }
  } catch (error) {
    control?.close();
    throw error;
  }
}

function notBooted({ name }: ScratchOptions, { log }: Started, how: string): BootError {
  const why = bootFailure(log.lines);
  return new BootError(`${name} did not boot: ${how}${why === undefined ? '' : ` (${why})`}.`, {
    details: log.lines.slice(-LOG_DETAILS).join('\n'),
  });
}

function howItEnded(error: unknown): string {
  return error instanceof CommandFailedError ? error.end.text : errorMessage(error);
}
