import { readFile, mkdir, readdir, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ActionError, CommandFailedError } from '../shared/errors.js';
import { run, type RunOptions } from './exec.js';
import { startResident, type ResidentOptions, type ResidentProgram } from './resident-program.js';

/** The Erlang sources: `src/erlang` beside `src/programs`, `dist/erlang` beside `dist/<entry>` and `dist/chunks`. */
const SOURCES = fileURLToPath(new URL('../erlang/', import.meta.url));

/**
 * Flags a user's environment may carry (a node name, a cookie) must not reach our own emulators, and an emulator that
 * crashes must not leave a dump in the user's tree.
 */
const CLEAN_ENVIRONMENT = {
  ERL_FLAGS: undefined,
  ERL_AFLAGS: undefined,
  ERL_ZFLAGS: undefined,
  ERL_CRASH_DUMP_BYTES: '0',
};

/** What runs for some milliseconds is not worth the compiler's optimisations: they take half of its time. */
const QUICK_COMPILER = ['+no_ssa_opt', '+no_bool_opt', '+no_type_opt'];

/** An answer `{error, …}` of our Erlang code: what OTP said, in words (`text`) and as a term (`details`). */
export class ErlangError extends ActionError {
  constructor(
    /** Machine-readable reason, e.g. `enoent` or `no_relup`. */
    readonly reason: string,
    text: string,
    term: string,
  ) {
    super(text, { details: term });
  }
}

/** Our Erlang modules, compiled with the user's erlc; each query is one short-lived `erl`. */
export interface Erlang {
  /**
   * Runs `relup_cli` with a command and plain string arguments; the answer comes back as JSON through a file, so that
   * nothing that OTP prints can be taken for it.
   *
   * @throws {ErlangError} when the command answers an error.
   */
  query<T>(command: string, args: readonly string[], options?: QueryOptions): Promise<T>;
  /** Starts `Module:main()` of one of our modules in an emulator that stays. */
  start(module: string, args: readonly string[], options: StartOptions): ResidentProgram;
  /** Folder with the compiled modules. */
  readonly ebin: string;
}

export interface QueryOptions extends Pick<RunOptions, 'timeoutSeconds' | 'env' | 'cwd'> {
  /** Emulator flags before `-extra`, e.g. distribution flags of the control process. */
  readonly flags?: readonly string[];
  /** The `erl` to run; default: the one on the PATH. */
  readonly erl?: string;
}

export interface StartOptions extends ResidentOptions, Pick<QueryOptions, 'flags' | 'erl'> {}

/**
 * Compiles `src/erlang/*.erl` into `<folder>/ebin` with the user's own erlc.
 *
 * @throws {CommandFailedError} when erlc is missing or fails.
 */
export async function compileErlang(folder: string): Promise<Erlang> {
  const ebin = join(folder, 'ebin');
  const answers = join(folder, 'answers');
  await mkdir(ebin, { recursive: true });
  await mkdir(answers, { recursive: true, mode: 0o700 });
  const sources = (await readdir(SOURCES)).filter((file) => file.endsWith('.erl')).sort();
  await run('erlc', [...QUICK_COMPILER, '-o', ebin, ...sources.map((file) => join(SOURCES, file))], {
    env: { ...CLEAN_ENVIRONMENT, ERL_COMPILER_OPTIONS: undefined },
    timeoutSeconds: 120,
  });
  return {
    ebin,
    query: (command, args, options) => query(ebin, answers, command, args, options),
    start: (module, args, { flags, erl, ...options }) =>
      startResident(erl ?? 'erl', [...emulatorFlags(ebin, flags), '-s', module, 'main', '-extra', ...args], {
        ...options,
        env: { ...CLEAN_ENVIRONMENT, ...options.env },
      }),
  };
}

function emulatorFlags(ebin: string, flags: readonly string[] = []): string[] {
  // File names are UTF-8, whatever the runner's locale is.
  return ['-noinput', '+fnu', '-boot', 'no_dot_erlang', ...flags, '-pa', ebin];
}

/** What `relup_cli:answer/2` gives. */
export type Answer<T> = { ok: T } | { error: { reason: string; text: string; term: string } };

async function query<T>(
  ebin: string,
  answers: string,
  command: string,
  args: readonly string[],
  options: QueryOptions = {},
): Promise<T> {
  const answerFile = join(answers, randomUUID());
  const flags = emulatorFlags(ebin, options.flags);
  try {
    await run(
      options.erl ?? 'erl',
      [...flags, '-s', 'relup_cli', 'main', '-extra', answerFile, command, ...args],
      {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: { ...CLEAN_ENVIRONMENT, ...options.env },
        timeoutSeconds: options.timeoutSeconds ?? 300,
      },
    );
    const answer = JSON.parse(await readFile(answerFile, 'utf8')) as Answer<T>;
    if ('error' in answer) {
      throw new ErlangError(answer.error.reason, answer.error.text, answer.error.term);
    }
    return answer.ok;
  } catch (error) {
    if (error instanceof CommandFailedError) throw helperFailure(command, error);
    throw error;
  } finally {
    await rm(answerFile, { force: true });
  }
}

/** The command line is long and says nothing to a user; it stands in the details. */
function helperFailure(command: string, error: CommandFailedError): CommandFailedError {
  const { exitCode, remedy, end } = error;
  const details = [error.message, error.details ?? ''].join('\n');
  const message = `Erlang, asked for "${command}", ${end.text}.`;
  return new CommandFailedError(message, exitCode, { remedy, details, cause: error }, end);
}
