// The user of child processes, with resident-program.ts for those that stay and process-group.ts for the user's commands.
// Everything else calls `run`.
import { exec } from '@actions/exec';
import { debug } from '@actions/core';
import { StringDecoder } from 'node:string_decoder';
import { CommandFailedError, errorMessage, type CommandEnd } from '../shared/errors.js';
import { withoutRunnersOwn } from './runner-environment.js';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the action's own environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** After this many seconds the program and its children are ended, and `run` throws. */
  readonly timeoutSeconds?: number;
  /** Written to standard input. */
  readonly input?: string;
  /** Called for every complete line of standard output and standard error, as it comes. */
  readonly onLine?: (line: string) => void;
  /** Exit statuses that count as success; default `[0]`. */
  readonly okCodes?: readonly number[];
  /** Default true. False: output is given to `onLine` only, for output too large to keep. */
  readonly keepOutput?: boolean;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Exit status of coreutils' `timeout` when the limit was reached; busybox's gives that of the signal it sent. */
export const TIMED_OUT = 124;

/** Exit statuses with which shells and `timeout` tell that a program was ended by a signal. */
const SIGNALS: Readonly<Record<number, string>> = {
  134: 'SIGABRT',
  135: 'SIGBUS',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

/** What most often ends a program that nobody cancelled. */
const OUT_OF_MEMORY =
  'Most often memory ran out and the system ended it: use a runner with more memory, or let fewer programs run at once.';

/**
 * Runs a program with an argument vector (never a shell string) and judges it by its exit status alone:
 * rebar3 prints its errors on standard output, other tools print warnings on standard error (H42).
 *
 * @throws {CommandFailedError} when the program is missing, fails, or takes longer than `timeoutSeconds`.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const keep = options.keepOutput ?? true;
  const out = new LineCollector(keep, options.onLine);
  const err = new LineCollector(keep, options.onLine);
  // @actions/exec has no time limit; `timeout` also ends the children, as it leads a process group of its own.
  const limit = options.timeoutSeconds;
  const argv =
    limit === undefined ? [program, ...args] : ['timeout', '-k', '10', String(limit), program, ...args];
  debug(`run: ${JSON.stringify(argv)} in ${options.cwd ?? '.'}`);
  const started = performance.now();
  const exitCode = await start({ argv, options, out, err, program });
  const seconds = (performance.now() - started) / 1000;
  const stdout = out.finish();
  const stderr = err.finish();
  if (exitCode !== null && (options.okCodes ?? [0]).includes(exitCode)) return { exitCode, stdout, stderr };
  const details = [stdout, stderr].filter((text) => text.trim() !== '').join('\n');
  throw failure({ command: [program, ...args].join(' '), exitCode, details, options: { limit, seconds } });
}

/** @returns null when the program was ended by a signal, which @actions/exec does not tell in its types */
async function start({
  argv,
  options,
  out,
  err,
  program,
}: {
  readonly argv: readonly string[];
  readonly options: RunOptions;
  readonly out: LineCollector;
  readonly err: LineCollector;
  readonly program: string;
}): Promise<number | null> {
  const [tool, ...rest] = argv;
  try {
    return await exec(quoteTool(tool as string), rest, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: programEnvironment(options.env),
      silent: true,
      ignoreReturnCode: true,
      ...(options.input === undefined ? {} : { input: Buffer.from(options.input) }),
      listeners: { stdout: (data) => out.add(data), stderr: (data) => err.add(data) },
    });
  } catch (error) {
    throw new CommandFailedError(`${program} could not be started: ${errorMessage(error)}`, undefined, {
      cause: error,
    });
  }
}

/** @actions/exec splits its first argument at spaces, so a path needs quotes. */
function quoteTool(tool: string): string {
  return `"${tool.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Our own environment, without what is the runner's, with changes; `undefined` removes a variable. */
export function programEnvironment(changes: RunOptions['env']): Record<string, string> {
  const merged = { ...withoutRunnersOwn(process.env), ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** What to throw for a program that did not succeed. */
export function failure({
  command,
  exitCode,
  details,
  options,
}: {
  readonly command: string;
  readonly exitCode: number | null;
  readonly details: string;
  readonly options: { readonly limit: number | undefined; readonly seconds: number };
}): CommandFailedError {
  const { limit, seconds } = options;
  const end = endOf(exitCode, limit, seconds);
  return new CommandFailedError(
    `${command} ${end.text}.`,
    end.kind === 'exited' && exitCode !== null ? exitCode : undefined,
    { details, remedy: end.kind === 'killed' ? OUT_OF_MEMORY : undefined, end },
  );
}

function endOf(exitCode: number | null, limit: number | undefined, seconds: number): CommandEnd {
  const signal = exitCode === null ? 'a signal' : SIGNALS[exitCode];
  const late = limit !== undefined && seconds >= limit;
  if (limit !== undefined && (exitCode === TIMED_OUT || (late && signal !== undefined))) {
    return { kind: 'timed-out', text: `did not end within ${limit} seconds` };
  }
  if (signal !== undefined) return { kind: 'killed', text: `was killed by ${signal}` };
  return { kind: 'exited', text: `failed with exit status ${exitCode}` };
}

/** Of output that is kept for people only, so many characters: the last ones. */
const TAIL = 2 ** 18;

/** Lines that are longer are handed on in pieces. */
const LONGEST_LINE = 2 ** 16;

/** Keeps text and hands on complete lines; the runner also ends lines at a bare CR, so we do too (H107). */
export class LineCollector {
  private readonly decoder = new StringDecoder('utf8');
  private kept: string[] = [];
  private length = 0;
  private rest = '';

  constructor(
    private readonly keep: boolean | 'tail',
    private readonly onLine: ((line: string) => void) | undefined,
  ) {}

  add(data: Buffer): void {
    const text = this.decoder.write(data);
    if (this.keep !== false) this.take(text);
    if (this.onLine === undefined) return;
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.onLine(line);
    if (this.keep !== 'tail' || this.rest.length < LONGEST_LINE) return;
    this.onLine(this.rest);
    this.rest = '';
  }

  private take(text: string): void {
    this.kept.push(text);
    this.length += text.length;
    if (this.keep !== 'tail' || this.length < 2 * TAIL) return;
    // a copy: a piece of a text keeps the whole text in memory
    const tail = Buffer.from(this.kept.join('').slice(-TAIL)).toString();
    this.kept = [tail];
    this.length = tail.length;
  }

  finish(): string {
    if (this.rest !== '') this.onLine?.(this.rest.replace(/\r$/, ''));
    this.rest = '';
    const text = this.kept.join('');
    return this.keep === 'tail' ? text.slice(-TAIL) : text;
  }
}
