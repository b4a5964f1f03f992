import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { CommandFailedError } from '../shared/errors.js';
import { oneByOne } from '../shared/one-by-one.js';
import type { Running } from './emulator.js';
import { valueIn, type Answer } from './erlang-answer.js';
import { run, type RunOptions } from './exec.js';
import type { Questions } from './questions.js';

/**
 * What gets an emulator of its own: `appups` evaluates the project's `.appup.src` files, and has its modules in the code path, which no
 * other question may see.
 */
const ALONE = ['appups'];

/**
 * What unpacks its first argument into the folder that is its second. An emulator does it one after the other: OTP's file server is one
 * process, and two that write many files at the same time take twice as long.
 */
const UNPACKING = ['unpack', 'describe-package'];

export interface QueryOptions extends Pick<RunOptions, 'timeoutSeconds' | 'env' | 'cwd'> {
  /** Emulator flags before `-extra`, e.g. distribution flags of the control process. */
  readonly flags?: readonly string[];
}

/** Asks a command of `relup_cli` with arguments. */
export type Query = <T>(command: string, args: readonly string[], options?: QueryOptions) => Promise<T>;

/**
 * Asks one emulator that stays, or, where there is none or the question must have one of its own, a short-lived one.
 *
 * @param folder for the answers
 * @param by `questions`: the emulator that stays; `ready`: settles when a short-lived one can be started
 */
export async function queryBy(
  running: Running,
  folder: string,
  { ready, questions }: { readonly ready: () => Promise<void>; readonly questions?: Questions },
): Promise<Query> {
  const answers = join(folder, 'answers');
  await mkdir(answers, { recursive: true, mode: 0o700 });
  const inTurn = oneByOne();
  return async <T>(command: string, args: readonly string[], options: QueryOptions = {}) => {
    const answerFile = join(answers, randomUUID());
    const request = [answerFile, command, ...args];
    const { timeoutSeconds = 300 } = options;
    const unpacks = UNPACKING.includes(command);
    try {
      const ask = async (): Promise<void> => {
        if (questions !== undefined && !isAlone(command, options)) {
          if (await questions.answered(request, timeoutSeconds)) return;
          // a file that was unpacked already, and may only be read, is in the way of users other than root
          if (unpacks) await rm(String(args[1]), { recursive: true, force: true });
        }
        await ready();
        await runAlone(running, request, options);
      };
      await (unpacks ? inTurn(ask) : ask());
      return valueIn(JSON.parse(await readFile(answerFile, 'utf8')) as Answer<T>);
    } catch (error) {
      if (error instanceof CommandFailedError) throw helperFailure(command, args, error);
      throw error;
    } finally {
      await rm(answerFile, { force: true });
    }
  };
}

function isAlone(command: string, { flags, cwd, env }: QueryOptions): boolean {
  return flags !== undefined || cwd !== undefined || env !== undefined || ALONE.includes(command);
}

async function runAlone(
  running: Running,
  request: readonly string[],
  { flags, cwd, env, timeoutSeconds = 300 }: QueryOptions,
): Promise<void> {
  const emulator = running('relup_cli', flags);
  await run(emulator.program, [...emulator.flags, ...request], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...emulator.env, ...env },
    timeoutSeconds,
  });
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
