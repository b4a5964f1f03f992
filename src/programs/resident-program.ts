// With exec.ts the only user of child processes: here are the programs that stay while we go on.
import { debug } from '@actions/core';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endDescendants } from './processes.js';
import { programEnvironment, type RunOptions } from './exec.js';

export interface ResidentOptions extends Pick<RunOptions, 'cwd' | 'env'> {
  /** Called for every complete line of standard output. */
  readonly onLine: (line: string) => void;
  /** Called for every complete line of standard error, which nobody sees without it. */
  readonly onErrorLine?: (line: string) => void;
  /**
   * Called once, when it has ended or could not be started, with how: to follow the program's name. The status is undefined
   * when it could not be started, and null when it was ended by a signal.
   */
  readonly onEnd: (how: string, status?: number | null) => void;
  /** Whether it leads a process group of its own, which signals from a terminal do not reach. */
  readonly ownGroup?: boolean;
}

export interface ResidentProgram {
  /** Writes a line to its standard input. */
  send(line: string): void;
  /** Closes its standard input. */
  close(): void;
  /** Ends it at once, with what it started. */
  kill(): void;
}

/**
 * Starts a program that is spoken with through standard input and output. It must end when its standard input does, so
 * that it never outlives us. It does not keep us from ending: who waits for it needs a timer of their own, also because what
 * hangs may not even end when it is killed.
 */
export function startResident(
  program: string,
  args: readonly string[],
  options: ResidentOptions,
): ResidentProgram {
  debug(`start: ${JSON.stringify([program, ...args])} in ${options.cwd ?? '.'}`);
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: programEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: options.ownGroup ?? false,
  });
  const { stdin, stdout, stderr } = child;
  let ended = false;
  const end = (how: string, status?: number | null): void => {
    if (!ended) options.onEnd(how, status);
    ended = true;
  };
  child.once('error', (error) => end(`could not be started: ${error.message}`));
  // Of its end 'close' tells, which comes after its last line.
  child.once('close', (code, signal) =>
    end(signal === null ? `ended with ${code}` : `was ended by ${signal}`, code),
  );
  stdin.on('error', () => child.kill('SIGKILL'));
  createInterface({ input: stdout, crlfDelay: Infinity }).on('line', options.onLine);
  createInterface({ input: stderr, crlfDelay: Infinity }).on('line', (line) => options.onErrorLine?.(line));
  for (const handle of [child, stdin, stdout, stderr]) (handle as { unref?: () => void }).unref?.();
  return {
    send: (line) => void stdin.write(`${line}\n`),
    close: () => void stdin.end(),
    kill: () => {
      if (child.pid !== undefined) endDescendants(child.pid);
      child.kill('SIGKILL');
    },
  };
}
