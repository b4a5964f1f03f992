import { valueIn, type Answer } from './erlang-answer.js';
import type { ResidentOptions, ResidentProgram } from './resident-program.js';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How the emulator is started, and what it tells us. */
export type StartSession = (
  on: Required<Pick<ResidentOptions, 'onLine' | 'onErrorLine' | 'onEnd'>>,
) => ResidentProgram;

/** What is thrown when there is no answer. */
export interface SessionErrors {
  /** It ended or hung: `how` follows its name. Another one can be started. */
  readonly lost: (how: string) => Error;
  /** It ended before it answered anything, so another one would, too; `status` as for a resident program. */
  readonly unable: (how: string, output: readonly string[], status?: number | null) => Error;
  /** A request took longer than it may, in seconds. */
  readonly late: (seconds: number) => Error;
}

/** How often the emulator is asked whether it is there, while something waits for it. */
const PULSE_MS = 2000;

/** So many of these questions may stay without an answer, one after the other; until it has started, as many as it takes for that. */
const MISSED = 5;

/** So long a start may take. */
const START_SECONDS = 60;

/** The id of these questions; it belongs to no request. */
const PULSE = '0';

/** Lines of its output that are kept until it answers. */
const OUTPUT_LINES = 100;

/** What was told to end is waited for so long; it ends with its standard input in any case. */
const CLOSE_MS = 2000;

const ANSWER = /^relup-answer (\d+) (.*)$/;

/** The requests and answers of one emulator that stays (src/erlang/relup_session.erl). */
export class AnswerSession {
  private readonly waiting = new Map<string, Waiting>();
  private lastId = 0;
  /** How it ended; undefined while it runs. */
  private end: Error | undefined;
  /** What it printed; no more once it answered, as it has started then. */
  private output: string[] | undefined = [];

  private readonly program: ResidentProgram;
  private readonly gone = Promise.withResolvers<void>();
  /** Runs while something waits; it also keeps us from ending meanwhile. */
  private pulse: NodeJS.Timeout | undefined;
  private missed = 0;

  /** @param startSeconds so long it may do other things before it answers */
  constructor(
    start: StartSession,
    private readonly errors: SessionErrors,
    private readonly startSeconds = START_SECONDS,
  ) {
    const keep = (line: string): void => {
      if (this.output !== undefined && this.output.length < OUTPUT_LINES) this.output.push(line);
    };
    this.program = start({
      onLine: (line) => (ANSWER.test(line) ? this.take(line) : keep(line)),
      onErrorLine: keep,
      onEnd: (how, status) => {
        this.gone.resolve();
        this.lose(how, status);
      },
    });
  }

  get isOpen(): boolean {
    return this.end === undefined;
  }

  /**
   * Asks, and waits for the answer. Whatever the emulator does, the wait ends: by its answer, its end, its silence or the time
   * limit.
   *
   * @param seconds after which the emulator itself is taken for hung, and ended
   * @throws {ErlangError} the answer is an error
   * @throws what {@link SessionErrors} say
   */
  async ask<T>(request: readonly string[], seconds: number): Promise<T> {
    if (this.end !== undefined) throw this.end;
    const id = String(++this.lastId);
    const encoded = request.map((text) => Buffer.from(text).toString('base64'));
    const hung = setTimeout(() => {
      this.waiting.get(id)?.reject(this.errors.late(seconds));
      this.giveUp('did not answer in time, so it was ended');
    }, 1000 * seconds);
    try {
      const answer = await new Promise<Answer<T>>((resolve, reject) => {
        this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
        this.watch();
        this.program.send([id, ...encoded].join(' '));
      });
      return valueIn(answer);
    } finally {
      clearTimeout(hung);
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.unwatch();
    }
  }

  /** Ends it; requests that still wait fail. @returns when it has ended, or after two seconds */
  close(): Promise<void> {
    this.fail(this.errors.lost('was closed'));
    this.program.close();
    const late = setTimeout(() => this.gone.resolve(), CLOSE_MS);
    return this.gone.promise.finally(() => clearTimeout(late));
  }

  private take(line: string): void {
    const [, id, json] = ANSWER.exec(line) ?? [];
    if (id === undefined || json === undefined) return;
    this.output = undefined;
    this.missed = 0;
    try {
      this.waiting.get(id)?.resolve(JSON.parse(json));
    } catch {
      // OTP printed into the middle of it.
      this.giveUp('gave an answer that cannot be read, so it was ended');
    }
  }

  /** Questions are counted, not time: a machine that stood still has missed one only. */
  private watch(): void {
    if (this.pulse !== undefined) return;
    this.missed = 0;
    this.pulse = setInterval(() => {
      const allowed = this.output === undefined ? MISSED : (1000 * this.startSeconds) / PULSE_MS;
      if (this.missed >= allowed) return this.giveUp('does not answer any more, so it was ended');
      this.missed += 1;
      this.program.send(PULSE);
    }, PULSE_MS);
  }

  private unwatch(): void {
    clearInterval(this.pulse);
    this.pulse = undefined;
  }

  /** It hangs, which says nothing about how it was started. Its end is not waited for: who hangs may hang then, too. */
  private giveUp(how: string): void {
    this.program.kill();
    this.fail(this.errors.lost(how));
  }

  private lose(how: string, status?: number | null): void {
    // What somebody ended was able to run.
    const unable = this.output !== undefined && !how.startsWith('was ended');
    this.fail(unable ? this.errors.unable(how, this.output ?? [], status) : this.errors.lost(how));
  }

  private fail(end: Error): void {
    this.end ??= end;
    for (const { reject } of this.waiting.values()) reject(this.end);
  }
}
