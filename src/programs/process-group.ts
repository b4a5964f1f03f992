// With exec.ts and resident-program.ts the only user of child processes: here are commands that may leave others behind.
import { debug } from '@actions/core';
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CommandFailedError } from '../shared/errors.js';
import { failure, LineCollector, programEnvironment, TIMED_OUT, type RunOptions } from './exec.js';

export interface GroupOptions extends Pick<RunOptions, 'cwd' | 'env' | 'timeoutSeconds' | 'onLine'> {
  /** What becomes of the processes that it started and that are still there when it has ended by itself. */
  readonly children: 'end' | 'leave';
  /** Once aborted it is ended as after the time limit. */
  readonly cancel?: AbortSignal | undefined;
}

/** After the time limit it may tidy up for so long. */
const GRACE_MS = 10_000;

/** What it wrote before it ended is in the pipe; whoever else holds that pipe is not waited for. */
const DRAIN_MS = 1000;

interface End {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
}

/**
 * Runs a program in a process group of its own, and judges it by its exit status as soon as it ends, whatever it started and
 * left running with its output open. What is left of the group is ended then (`children: 'end'`), and always after the time
 * limit; a process that made itself a session of its own (`setsid`, a daemon) is not of the group any more.
 *
 * @throws {CommandFailedError} as `run`
 */
export async function runGroup(
  program: string,
  args: readonly string[],
  options: GroupOptions,
): Promise<void> {
  debug(`run: ${JSON.stringify([program, ...args])} in ${options.cwd ?? '.'}`);
  const lines = [new LineCollector('tail', options.onLine), new LineCollector('tail', options.onLine)];
  const begun = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: programEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const outputs = [child.stdout, child.stderr];
  outputs.forEach((output, index) => output.on('data', (data: Buffer) => lines[index]?.add(data)));
  const drained = Promise.all(
    outputs.map((output) => new Promise((resolve) => output.once('close', resolve))),
  );
  const { exitCode, timedOut } = await ended(child, program, options);
  if (timedOut || options.children === 'end') signalGroup(child, 'SIGKILL');
  await Promise.race([drained, delay(DRAIN_MS)]);
  child.unref();
  outputs.forEach(letGo);
  const texts = lines.map((line) => line.finish());
  if (exitCode === 0 && !timedOut) return;
  const details = texts.filter((text) => text.trim() !== '').join('\n');
  throw failure({
    command: [program, ...args].join(' '),
    exitCode: timedOut ? TIMED_OUT : exitCode,
    details,
    options: {
      limit: options.timeoutSeconds,
      seconds: (performance.now() - begun) / 1000,
    },
  });
}

/** Its own end is waited for only, and not even that for ever. */
function ended(
  child: ChildProcess,
  program: string,
  { timeoutSeconds: limit, cancel }: Pick<GroupOptions, 'timeoutSeconds' | 'cancel'>,
): Promise<End> {
  return new Promise((resolve, reject) => {
    const timers: NodeJS.Timeout[] = [];
    let timedOut = false;
    const after = (milliseconds: number, work: () => void): void => {
      timers.push(setTimeout(work, milliseconds));
    };
    const settled = (): void => {
      timers.forEach(clearTimeout);
      cancel?.removeEventListener('abort', stop);
    };
    const end = (exitCode: number | null): void => {
      settled();
      resolve({ exitCode, timedOut });
    };
    /** In order, and if need be not. */
    function stop(): void {
      signalGroup(child, 'SIGTERM');
      after(GRACE_MS, () => signalGroup(child, 'SIGKILL'));
      after(2 * GRACE_MS, () => end(null));
    }
    child.once('error', (cause) => {
      settled();
      reject(
        new CommandFailedError(`${program} could not be started: ${cause.message}`, undefined, { cause }),
      );
    });
    child.once('exit', end);
    if (cancel?.aborted === true) stop();
    else cancel?.addEventListener('abort', stop, { once: true });
    if (limit === undefined) return;
    after(1000 * limit, () => {
      timedOut = true;
      stop();
    });
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // nobody is left
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Who still writes to it may, but it neither keeps us from ending nor is it told to anybody. */
function letGo(output: Readable): void {
  output.removeAllListeners('data').resume();
  (output as Readable & { unref?: () => void }).unref?.();
}
