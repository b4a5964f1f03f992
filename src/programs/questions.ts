import { debug } from '@actions/core';
import { CommandFailedError } from '../shared/errors.js';
import { AnswerSession, type SessionErrors, type StartSession } from './answer-session.js';
import { failure, TIMED_OUT } from './exec.js';

/** More bytes than that do not go through a line of standard input (src/erlang/relup_session.erl). */
const MAX_REQUEST = 500_000;

/** So long our modules may take to be compiled. */
const COMPILE_SECONDS = 120;

/** The emulator is gone; what it was asked can be asked elsewhere. */
class LostError extends Error {}

const ERRORS: SessionErrors = {
  lost: (how) => new LostError(how),
  unable: (how) => new LostError(how),
  late: (seconds) => failed(TIMED_OUT, seconds),
};

const OPENING_ERRORS: SessionErrors = {
  ...ERRORS,
  unable: (how, output, status) =>
    status === undefined
      ? new CommandFailedError(`erl ${how}`, undefined)
      : failed(status, undefined, output.join('\n')),
};

function failed(exitCode: number | null, limit: number | undefined, details = ''): CommandFailedError {
  return failure({ command: 'erl', exitCode, details, options: { limit, seconds: limit ?? 0 } });
}

/** An emulator that answers the first questions, and goes on to compile what the others need. */
export interface OpenQuestions {
  readonly session: AnswerSession;
  /** Settles when all of our modules are there; it fails as {@link openQuestions} does. */
  readonly compiled: Promise<void>;
}

/**
 * Starts an emulator that compiles our modules (src/erlang/relup_compile.eval), and waits until it answers.
 *
 * @throws {CommandFailedError} when it cannot
 */
export async function openQuestions(start: StartSession): Promise<OpenQuestions> {
  // It answers nothing while it compiles the first, and is told to be late before it is taken for hung.
  const session = new AnswerSession(start, OPENING_ERRORS, 2 * COMPILE_SECONDS);
  await opening(session, []);
  const compiled = opening(session, ['compiled']);
  compiled.catch(() => undefined); // who needs them waits for it; a bad input ends the run before
  return { session, compiled };
}

async function opening(session: AnswerSession, request: readonly string[]): Promise<void> {
  try {
    await session.ask(request, COMPILE_SECONDS);
  } catch (error) {
    if (!(error instanceof LostError)) throw error;
    throw failed(null, undefined, error.message);
  }
}

/** One emulator for many questions, side by side: each would otherwise wait for a start of its own. */
export class Questions {
  /** @param session an emulator that answers already; the next ones are started when they are needed */
  constructor(
    private readonly start: StartSession,
    private session?: AnswerSession,
  ) {}

  /**
   * Whether it was answered, into the file that the request begins with (`relup_cli:to_file/1`). If not, an emulator of its own
   * has to be asked: this one was ended, maybe by another question, or the request is too long for it.
   *
   * @param seconds that the answer may take
   * @throws {CommandFailedError} when it takes longer
   */
  async answered(request: readonly string[], seconds: number): Promise<boolean> {
    if (request.reduce((sum, text) => sum + Buffer.byteLength(text), 0) > MAX_REQUEST) return false;
    debug(`ask: ${JSON.stringify(request.slice(1))}`);
    if (this.session?.isOpen !== true) this.session = new AnswerSession(this.start, ERRORS);
    try {
      await this.session.ask(request, seconds);
      return true;
    } catch (error) {
      if (!(error instanceof LostError)) throw error;
      debug(`The emulator ${error.message}; another one is asked.`);
      return false;
    }
  }

  /** Ends the emulator, which a later question would start again. */
  async close(): Promise<void> {
    await this.session?.close();
  }
}
