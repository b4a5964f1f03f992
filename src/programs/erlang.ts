import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { shipped } from '../shared/shipped.js';
import { ERL, runningBy, startEmulator, type Running, type StartOptions } from './emulator.js';
import { queryBy, type QueryOptions } from './erlang-query.js';
import { type OpenQuestions, openQuestions, Questions } from './questions.js';
import type { ResidentProgram } from './resident-program.js';

const SOURCES = shipped('erlang/');

/** Where relup_on_node.erl, and the files that are evaluated, find the sources. */
const WITH_SOURCES = ['-relup_sources', SOURCES];

/** Ctrl-C at a terminal is ours to answer: an emulator that gets it asks what to do. */
const APART = { ownGroup: true } as const;

/** Our Erlang modules, compiled or interpreted. */
export interface Erlang {
  /**
   * Runs a command of `relup_cli` with plain string arguments; the answer comes back as JSON through a file, so that nothing that
   * OTP prints can be taken for it.
   *
   * @throws {ErlangError} when the command answers an error.
   * @throws {CommandFailedError} when the emulator is missing, fails, or takes longer than it may.
   */
  query<T>(command: string, args: readonly string[], options?: QueryOptions): Promise<T>;
  /**
   * Waits until our modules can be started.
   *
   * @throws {CommandFailedError} when they cannot be compiled
   */
  ready(): Promise<void>;
  /** Starts `Module:main()` of one of our modules in an emulator that stays; not before they are {@link Erlang.ready}. */
  start(module: string, args: readonly string[], options: StartOptions): ResidentProgram;
}

/**
 * {@link Erlang} by way of the user's compiler. One emulator answers all questions of a run but those that have flags, a folder or an
 * environment of their own, which it could not change for one of them alone.
 */
export interface CompiledErlang extends Erlang {
  /** Folder with the compiled modules. */
  readonly ebin: string;
  /** Ends the emulator that answers questions, and waits for that. It must not fail. */
  close(): Promise<void>;
}

/**
 * Compiles `src/erlang/*.erl` into `<folder>/ebin` with the user's own compiler, in the emulator that answers afterwards.
 *
 * @throws {CommandFailedError} when `erl` is missing or fails.
 */
export async function compileErlang(folder: string): Promise<CompiledErlang> {
  const ebin = join(folder, 'ebin');
  await mkdir(ebin, { recursive: true });
  const main = [...WITH_SOURCES, '-relup_ebin', ebin, ...evaluating('relup_compile.eval')];
  const emulator = runningBy(ERL, () => main)('relup_questions');
  const opened = await openQuestions((on) => startEmulator(emulator, [], { ...on, ...APART }));
  return compiledErlang(ebin, folder, opened);
}

/**
 * Runs modules that were compiled already, or are being compiled.
 *
 * @param folder for the answers
 * @param opened an emulator that answers questions already
 */
export async function compiledErlang(
  ebin: string,
  folder: string,
  opened?: OpenQuestions,
): Promise<CompiledErlang> {
  const running = runningBy(ERL, (module) => ['-pa', ebin, ...WITH_SOURCES, '-s', module, 'main']);
  const start = startBy(running);
  const questions = new Questions((on) => start('relup_questions', [], { ...on, ...APART }), opened?.session);
  const ready = (): Promise<void> => opened?.compiled ?? Promise.resolve();
  const query = await queryBy(running, folder, { ready, questions });
  return { ebin, ready, start, query, close: () => questions.close() };
}

/**
 * Runs the sources without a compiler, by relup_interpret.eval: for a machine where a release brings the only emulator.
 *
 * @param emulator of OTP 25 or newer with kernel and stdlib; without one, the `erl` on the PATH.
 */
export async function interpretErlang(folder: string, emulator = ERL): Promise<Erlang> {
  const running = runningBy(emulator, (module) => [
    ...[...WITH_SOURCES, '-relup_main', module],
    ...evaluating('relup_interpret.eval'),
  ]);
  const ready = (): Promise<void> => Promise.resolve();
  return { ready, start: startBy(running), query: await queryBy(running, folder, { ready }) };
}

function startBy(running: Running): Erlang['start'] {
  return (module, args, { flags, ...options }) => startEmulator(running(module, flags), args, options);
}

/** The flags that evaluate a file of ours. */
function evaluating(file: string): string[] {
  const path = `filename:join(Dir, "${file}")`;
  return ['-eval', `{ok, [[Dir]]} = init:get_argument(relup_sources), {ok, _} = file:script(${path}).`];
}
