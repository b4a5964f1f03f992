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

/** The control process ended or hung; that is ours, and says nothing about the node. A new one can be started. */
export class ControlLostError extends CommandFailedError {}

function lost(how: string): ControlLostError {
  return new ControlLostError(`The control process, which asks the node, ${how}.`, undefined, {
    remedy: 'Run this step again. If it is ended again, look at what ends it: most often memory ran out.',
    end: { kind: 'killed', text: how },
  });
}

/** How often a control process is asked whether it is there, while something waits for it. */
const PULSE_MS = 2000;

/** So many of these questions may stay without an answer, one after the other; more until it has started. */
const MISSED = { running: 5, starting: 30 };

/** The id of these questions; it belongs to no request. */
const PULSE = '0';

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
  /** Runs while something waits; it also keeps us from ending meanwhile. */
  private pulse: NodeJS.Timeout | undefined;
  private missed = 0;

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
   * Asks, and waits for the answer. Whatever the control process does, the wait ends: by its answer, its end, its silence or
   * the time limit.
   *
   * @param seconds after which the control process itself is taken for hung, and ended
   * @throws {ErlangError} the node's own answer
   * @throws {ControlStartError} when the control process ended before any answer
   * @throws {ControlLostError} when the control process ended or hung
   */
  async ask<T>(request: readonly string[], seconds: number): Promise<T> {
    if (this.end !== undefined) throw this.end;
    const id = String(++this.lastId);
    const encoded = request.map((text) => Buffer.from(text).toString('base64'));
    const hung = setTimeout(() => this.giveUp(`gave no answer within ${seconds} seconds`), 1000 * seconds);
    try {
      const answer = await new Promise<Answer<T>>((resolve, reject) => {
        this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
        this.watch();
        this.program.send([id, ...encoded].join(' '));
      });
      if ('error' in answer) {
        throw new ErlangError(answer.error.reason, answer.error.text, answer.error.term);
      }
      return answer.ok;
    } finally {
      clearTimeout(hung);
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.unwatch();
    }
  }

  /** Ends it; requests that still wait fail. */
  close(): void {
    this.fail(lost('was closed'));
    this.program.close();
  }

  private take(line: string): void {
    const [, id, json] = ANSWER.exec(line) ?? [];
    if (id === undefined || json === undefined) return;
    this.output = undefined;
    this.missed = 0;
    this.waiting.get(id)?.resolve(JSON.parse(json));
  }

  /** Questions are counted, not time: a machine that stood still has missed one only. */
  private watch(): void {
    if (this.pulse !== undefined) return;
    this.missed = 0;
    this.pulse = setInterval(() => {
      const allowed = this.output === undefined ? MISSED.running : MISSED.starting;
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
    this.fail(lost(how));
  }

  private lose(how: string): void {
    // What somebody ended was able to run.
    const unable = this.output !== undefined && !how.startsWith('was ended');
    this.fail(unable ? new ControlStartError(how, this.output ?? []) : lost(how));
  }

  private fail(end: Error): void {
    this.end ??= end;
    for (const { reject } of this.waiting.values()) reject(this.end);
  }
}
