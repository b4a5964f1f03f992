// Child processes of the demo. Each leads a process group of its own, so that an interruption ends it with all its children.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

/** Something that is not as promised, told in one sentence. */
export class DemoError extends Error {}

/** Seconds after which a child that was told to end is killed. */
const GRACE_SECONDS = 10;

/** Variables of a surrounding workflow run, node or build that would change what the demo shows. */
const FOREIGN =
  /^(GITHUB|INPUT|ACTIONS|RUNNER|STATE)_|^(ERL_A?Z?FLAGS|ERL_EPMD_.*|REBAR_(BASE_DIR|PROFILE|CONFIG))$/;

// eslint-disable-next-line no-control-regex -- colours are escape sequences
const COLOUR = /\x1b\[[0-9;]*m/g;

/** This process's environment without them. */
export function ownEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
}

export class Commands {
  /** @type {Set<number>} */
  #groups = new Set();
  /** @type {string | undefined} */
  #interruption;

  /**
   * Ends what runs; from now on every call throws.
   * @param {string} reason
   */
  interrupt(reason) {
    this.#interruption ??= reason;
    for (const group of this.#groups) {
      signalGroup(group, 'SIGTERM');
      setTimeout(() => signalGroup(group, 'SIGKILL'), 1000 * GRACE_SECONDS).unref();
    }
  }

  throwIfInterrupted() {
    if (this.#interruption !== undefined) throw new DemoError(this.#interruption);
  }

  /**
   * Runs a program to its end.
   * @param {string} program
   * @param {readonly string[]} args
   * @param {{ cwd?: string, env?: Record<string, string | undefined>, onLine?: (line: string) => void }} [options]
   * @returns {Promise<{ exitCode: number | null, output: string }>} standard output and standard error together
   */
  async attempt(program, args, { cwd, env = ownEnvironment(), onLine } = {}) {
    this.throwIfInterrupted();
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const group = child.pid;
    if (group !== undefined) this.#groups.add(group);
    const lines = [];
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (coloured) => {
        const line = coloured.replaceAll(COLOUR, '');
        if (line === '' && coloured !== '') return;
        lines.push(line);
        onLine?.(line);
      });
    }
    try {
      const exitCode = await new Promise((resolve, reject) => {
        child.once('error', (error) =>
          reject(new DemoError(`${program} could not be started: ${error.message}.`)),
        );
        child.once('close', resolve);
      });
      this.throwIfInterrupted();
      return { exitCode, output: lines.join('\n') };
    } finally {
      if (group !== undefined) this.#groups.delete(group);
    }
  }

  /**
   * The same, but a failure is thrown.
   * @param {Parameters<Commands['attempt']>} call
   * @returns {Promise<string>} what it printed
   */
  async run(...call) {
    const { exitCode, output } = await this.attempt(...call);
    if (exitCode === 0) return output;
    const [program, args] = call;
    throw new DemoError(`${[program, ...args].join(' ')} failed with exit status ${exitCode}:\n${output}`);
  }

  /**
   * Starts a program that outlives the demo unless it is ended; it is not ended by `interrupt`.
   * @param {string} program
   * @param {readonly string[]} args
   */
  startInBackground(program, args) {
    this.throwIfInterrupted();
    const child = spawn(program, args, { env: ownEnvironment(), detached: true, stdio: 'ignore' });
    // whether it works is seen by asking it
    child.once('error', () => undefined);
    child.unref();
  }

  /**
   * Asks until the answer is yes.
   * @param {string} what for the error, e.g. "The node answers"
   * @param {() => Promise<boolean>} condition
   */
  async until(what, condition, seconds = 30) {
    const deadline = Date.now() + 1000 * seconds;
    while (!(await condition())) {
      this.throwIfInterrupted();
      if (Date.now() > deadline) throw new DemoError(`${what}: still not so after ${seconds} seconds.`);
      await wait(100);
    }
  }
}

/**
 * @param {number} group
 * @param {'SIGTERM' | 'SIGKILL'} signal
 */
function signalGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch {
    // It has ended.
  }
}
