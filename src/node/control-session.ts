import { CommandFailedError } from '../shared/errors.js';
import { ErlangError, type Answer } from '../programs/erlang.js';
import type { ResidentProgram } from '../programs/resident-program.js';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

const ANSWER = /^relup-answer (\d+) (.*)$/;

/** The requests and answers of one control process (src/erlang/relup_session.erl). */
export class ControlSession {
  private readonly waiting = new Map<string, Waiting>();
  private lastId = 0;
  /** How it ended; undefined while it runs. */
  private end: string | undefined;

  private readonly program: ResidentProgram;

  constructor(start: (on: { onLine(line: string): void; onEnd(how: string): void }) => ResidentProgram) {
    this.program = start({ onLine: (line) => this.take(line), onEnd: (how) => this.lose(how) });
  }

  get isOpen(): boolean {
    return this.end === undefined;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param seconds after which the control process itself is taken for hung, and ended
   * @throws {ErlangError} the node's own answer
   * @throws {CommandFailedError} when the control process ended or hung
   */
  async ask<T>(request: readonly string[], seconds: number): Promise<T> {
    const id = String(++this.lastId);
    const encoded = request.map((text) => Buffer.from(text).toString('base64'));
    const hung = setTimeout(() => this.program.kill(), 1000 * seconds);
    try {
      const answer = await new Promise<Answer<T>>((resolve, reject) => {
        if (this.end !== undefined) reject(lost(this.end));
        this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
        this.program.send([id, ...encoded].join(' '));
      });
      if ('error' in answer) {
        throw new ErlangError(answer.error.reason, answer.error.text, answer.error.term);
      }
      return answer.ok;
    } finally {
      clearTimeout(hung);
      this.waiting.delete(id);
    }
  }

  /** Ends it; requests that still wait fail. */
  close(): void {
    this.end ??= 'was closed';
    this.program.close();
  }

  private take(line: string): void {
    const [, id, json] = ANSWER.exec(line) ?? [];
    if (id !== undefined && json !== undefined) this.waiting.get(id)?.resolve(JSON.parse(json));
  }

  private lose(how: string): void {
    this.end = how;
    for (const { reject } of this.waiting.values()) reject(lost(how));
  }
}

function lost(how: string): CommandFailedError {
  return new CommandFailedError(`The control process, which asks the node, ${how}.`, undefined);
}
