import { userInfo } from 'node:os';
import { CommandFailedError } from '../shared/errors.js';
import { becoming, cannotBecome, type Becoming } from './becoming.js';
import { run, type RunOptions, type RunResult } from './exec.js';
import { startResident, type ResidentOptions, type ResidentProgram } from './resident-program.js';

const REMOVE = `cd -- "$1" || exit 0
pid=$(cat -- "$2" 2>/dev/null) && for ((n = 0; n < 300; n++)); do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
cd / && rm -rf -- "$1"`;

/** Programs that run as another user of this machine. */
export class OtherUser {
  private constructor(private readonly becoming: Becoming) {}

  /**
   * @param name as `run-as` has it, or as `userToBecome` gives it
   * @throws {NodeRefusedError} when what it takes is missing or does not allow it; both users are named.
   */
  static async become(name: string): Promise<OtherUser> {
    const how = await becoming(name);
    const user = new OtherUser(how);
    try {
      await user.run(['true'], { timeoutSeconds: 60 });
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      throw cannotBecome(how, userInfo().username, error);
    }
    return user;
  }

  /** As messages name it. */
  get name(): string {
    return this.becoming.name;
  }

  /** @throws {CommandFailedError} */
  run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const [program = '', ...args] = this.commandLine(command);
    // The folder that we are in may be closed to that user.
    return run(program, args, { cwd: '/', ...options });
  }

  /** Starts a program that stays; what it prints to standard error is among its lines, too. */
  start(command: readonly string[], on: Omit<ResidentOptions, 'cwd' | 'env'>): ResidentProgram {
    const [program = '', ...args] = this.commandLine(['sh', '-c', 'exec "$@" 2>&1', 'sh', ...command]);
    return startResident(program, args, { cwd: '/', ...on });
  }

  /** A new folder that only that user can enter. */
  async makeFolder(): Promise<string> {
    const { stdout } = await this.run(['mktemp', '-d', '/tmp/relup-action-XXXXXXXXXX'], {
      timeoutSeconds: 60,
    });
    return stdout.trim();
  }

  /** Copies what a folder of ours holds. Our files stay closed to that user: they go through a pipe. */
  async copy(from: string, to: string): Promise<void> {
    const [program = '', ...args] = this.commandLine(['tar', '-C', to, '-xf', '-']);
    const command = 'set -o pipefail; from=$1; shift; tar -C "$from" -cf - . | "$@"';
    await run('bash', ['-c', command, 'bash', from, program, ...args], { cwd: '/', timeoutSeconds: 600 });
  }

  /** Removes a folder; the process whose id is in `pidFile`, a file in it, may end first, for which it has a minute. */
  async remove(folder: string, pidFile: string): Promise<void> {
    await this.run(['bash', '-c', REMOVE, 'bash', folder, pidFile], { timeoutSeconds: 600 });
  }

  /** Ends a process of that user at once, one that hangs, too; its id is in a file. */
  async end(pidFile: string): Promise<void> {
    await this.run(['bash', '-c', 'kill -KILL "$(cat -- "$1")" 2>/dev/null || true', 'bash', pidFile], {
      timeoutSeconds: 60,
    });
  }

  private commandLine(command: readonly string[]): string[] {
    return [...this.becoming.prefix, ...command];
  }
}
