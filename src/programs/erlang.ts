import { readFile, mkdir, readdir, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { ActionError, CommandFailedError } from '../shared/errors.js';
import { shipped } from '../shared/shipped.js';
import { run, type RunOptions } from './exec.js';
import { startResident, type ResidentOptions, type ResidentProgram } from './resident-program.js';

const SOURCES = shipped('erlang/');

/** Where relup_on_node.erl, and relup_interpret.eval, find the sources. */
const WITH_SOURCES = ['-relup_sources', SOURCES];

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

/** Our Erlang modules, compiled or interpreted; each query is one short-lived emulator. */
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
}

/** {@link Erlang} by way of the user's compiler. */
export interface CompiledErlang extends Erlang {
  /** Folder with the compiled modules. */
  readonly ebin: string;
}

/** An emulator that can be started, and what it needs for that. */
export interface Emulator {
  readonly program: string;
  /** Boot file and the like. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface QueryOptions extends Pick<RunOptions, 'timeoutSeconds' | 'env' | 'cwd'> {
  /** Emulator flags before `-extra`, e.g. distribution flags of the control process. */
  readonly flags?: readonly string[];
}

interface StartOptions extends ResidentOptions, Pick<QueryOptions, 'flags'> {}

/** The `erl` on the PATH. */
const ERL: Emulator = { program: 'erl', flags: ['-boot', 'no_dot_erlang'], env: {} };

/**
 * Compiles `src/erlang/*.erl` into `<folder>/ebin` with the user's own erlc.
 *
 * @throws {CommandFailedError} when erlc is missing or fails.
 */
export async function compileErlang(folder: string): Promise<CompiledErlang> {
  const ebin = join(folder, 'ebin');
  await mkdir(ebin, { recursive: true });
  const sources = (await readdir(SOURCES)).filter((file) => file.endsWith('.erl')).sort();
  await run('erlc', [...QUICK_COMPILER, '-o', ebin, ...sources.map((file) => join(SOURCES, file))], {
    env: { ...CLEAN_ENVIRONMENT, ERL_COMPILER_OPTIONS: undefined },
    timeoutSeconds: 120,
  });
  return compiledErlang(ebin, folder);
}

/**
 * Runs modules that were compiled already.
 *
 * @param folder for the answers
 */
export async function compiledErlang(ebin: string, folder: string): Promise<CompiledErlang> {
  const main = (module: string): string[] => ['-pa', ebin, ...WITH_SOURCES, '-s', module, 'main'];
  return { ebin, ...(await startedBy(ERL, main, folder)) };
}

/**
 * Runs the sources without a compiler, by relup_interpret.eval: for a machine where a release brings the only emulator.
 *
 * @param emulator of OTP 25 or newer with kernel and stdlib; without one, the `erl` on the PATH.
 */
export async function interpretErlang(folder: string, emulator = ERL): Promise<Erlang> {
  const main = (module: string): string[] => [...WITH_SOURCES, '-relup_main', module, '-eval', INTERPRET];
  return startedBy(emulator, main, folder);
}

const INTERPRET =
  '{ok, [[Dir]]} = init:get_argument(relup_sources), {ok, _} = file:script(filename:join(Dir, "relup_interpret.eval")).';

/** @param main the flags that make an emulator run `Module:main()` */
async function startedBy(
  emulator: Emulator,
  main: (module: string) => readonly string[],
  folder: string,
): Promise<Erlang> {
  const answers = join(folder, 'answers');
  await mkdir(answers, { recursive: true, mode: 0o700 });
  const started = (module: string, flags: readonly string[] = []): Emulator => ({
    program: emulator.program,
    // File names are UTF-8, whatever the runner's locale is.
    flags: ['-noinput', '+fnu', ...emulator.flags, ...flags, ...main(module), '-extra'],
    env: emulator.env,
  });
  return {
    query: (command, args, options) =>
      query({ emulator: started('relup_cli', options?.flags), answers, command, args, options }),
    start: (module, args, { flags, ...options }) => {
      const { program, flags: allFlags, env } = started(module, flags);
      return startResident(program, [...allFlags, ...args], {
        ...options,
        env: { ...CLEAN_ENVIRONMENT, ...env, ...options.env },
      });
    },
  };
}

/** What `relup_cli:answer/2` gives. */
export type Answer<T> = { ok: T } | { error: { reason: string; text: string; term: string } };

async function query<T>({
  emulator,
  answers,
  command,
  args,
  options = {},
}: {
  readonly emulator: Emulator;
  readonly answers: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly options?: QueryOptions | undefined;
}): Promise<T> {
  const { program, flags, env } = emulator;
  const answerFile = join(answers, randomUUID());
  try {
    await run(program, [...flags, answerFile, command, ...args], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...CLEAN_ENVIRONMENT, ...env, ...options.env },
      timeoutSeconds: options.timeoutSeconds ?? 300,
    });
    const answer = JSON.parse(await readFile(answerFile, 'utf8')) as Answer<T>;
    if ('error' in answer) {
      throw new ErlangError(answer.error.reason, answer.error.text, answer.error.term);
    }
    return answer.ok;
  } catch (error) {
    if (error instanceof CommandFailedError) throw helperFailure(command, args, error);
    throw error;
  } finally {
    await rm(answerFile, { force: true });
  }
}

/** The command line is long and says nothing to a user; it stands in the details. */
function helperFailure(
  command: string,
  [subject = '']: readonly string[],
  error: CommandFailedError,
): CommandFailedError {
  const { exitCode, remedy, end } = error;
  const details = [error.message, error.details ?? ''].join('\n');
  // the file or folder that it was about
  const asked = isAbsolute(subject) ? `${command} ${subject}` : command;
  const message = `Erlang, asked for "${asked}", ${end.text}.`;
  return new CommandFailedError(message, exitCode, { remedy, details, cause: error, end });
}
