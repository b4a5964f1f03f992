import { CommandFailedError, NodeRefusedError } from '../shared/errors.js';
import { ErlangError, type Answer } from '../programs/erlang.js';
import type { ResidentOptions, ResidentProgram } from '../programs/resident-program.js';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How a control process is started, and what it tells us. */
export type StartControl = (
  on: Required<Pick<ResidentOptions, 'onLine' | 'onErrorLine' | 'onEnd'>>,
) => ResidentProgram;

/**
 * The control process cannot run with the distribution flags of the node: it ended before it answered anything. Asking
 * again does not help, and what it printed says why.
 */
export class ControlStartError extends NodeRefusedError {
  constructor(how: string, output: readonly string[]) {
    super(
      `The control process, which asks the node, cannot be started: it ${how} before it answered anything.`,
      {
        remedy:
          'See its output in the details: most often a module or a file that the -proto_dist, -epmd_module or ' +
          '-ssl_dist_optfile flags of vm.args name cannot be read on this machine.',
        details: output.join('\n'),
      },
    );
  }
}

/** Lines of its output that are kept until it answers. */
const OUTPUT_LINES = 100;

const ANSWER = /^relup-answer (\d+) (.*)$/;

/** The requests and answers of one control process (src/erlang/relup_session.erl). */
export class ControlSession {
  private readonly waiting = new Map<string, Waiting>();
  private lastId = 0;
  /** How it ended; undefined while it runs. */
  private end: Error | undefined;
  /** What it printed; no more once it answered, as it has started then. */
  private output: string[] | undefined = [];

  private readonly program: ResidentProgram;

  constructor(start: StartControl) {
    const keep = (line: string): void => {
      if (this.output !== undefined && this.output.length < OUTPUT_LINES) this.output.push(line);
    };
    this.program = start({
      onLine: (line) => (ANSWER.test(line) ? this.take(line) : keep(line)),
      onErrorLine: keep,
      onEnd: (how) => this.lose(how),
    });
  }

  get isOpen(): boolean {
    return this.end === undefined;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param seconds after which the control process itself is taken for hung, and ended
   * @throws {ErlangError} the node's own answer
   * @throws {ControlStartError} when the control process ended before any answer
   * @throws {CommandFailedError} when the control process ended or hung
   */
  async ask<T>(request: readonly string[], seconds: number): Promise<T> {
    const id = String(++this.lastId);
    const encoded = request.map((text) => Buffer.from(text).toString('base64'));
    const hung = setTimeout(() => this.giveUp(), 1000 * seconds);
    try {
      const answer = await new Promise<Answer<T>>((resolve, reject) => {
        if (this.end !== undefined) reject(this.end);
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
    this.end ??= lost('was closed');
    this.program.close();
  }

  private take(line: string): void {
    const [, id, json] = ANSWER.exec(line) ?? [];
    if (id === undefined || json === undefined) return;
    this.output = undefined;
    this.waiting.get(id)?.resolve(JSON.parse(json));
  }

  /** It hangs, which says nothing about how it was started. */
  private giveUp(): void {
    this.output = undefined;
    this.program.kill();
  }

  private lose(how: string): void {
    // What somebody ended was able to run.
    const unable = this.output !== undefined && !how.startsWith('was ended');
    this.end = unable ? new ControlStartError(how, this.output ?? []) : lost(how);
    for (const { reject } of this.waiting.values()) reject(this.end);
  }
}

function lost(how: string): CommandFailedError {
  return new CommandFailedError(`The control process, which asks the node, ${how}.`, undefined);
}
