import { userInfo } from 'node:os';
import { CommandFailedError, NodeRefusedError } from '../shared/errors.js';
import { run, type RunOptions, type RunResult } from './exec.js';
import { startResident, type ResidentOptions, type ResidentProgram } from './resident-program.js';

/** sudo asks for no password and for no terminal: it may, or it fails. */
function sudo(user: string, command: readonly string[]): string[] {
  return ['sudo', '-n', '-u', user, '--', ...command];
}

const REMOVE = `cd -- "$1" || exit 0
pid=$(cat -- "$2" 2>/dev/null) && for ((n = 0; n < 300; n++)); do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
cd / && rm -rf -- "$1"`;

/** Programs that run as another user of this machine. */
export class OtherUser {
  private constructor(readonly name: string) {}

  /** @throws {NodeRefusedError} when sudo is missing or does not allow it; both users are named. */
  static async become(name: string): Promise<OtherUser> {
    const user = new OtherUser(name);
    try {
      await user.run(['true'], { timeoutSeconds: 60 });
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      throw refusal(name, error);
    }
    return user;
  }

  /** @throws {CommandFailedError} */
  run(command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const [program = '', ...args] = sudo(this.name, command);
    // The folder that we are in may be closed to that user.
    return run(program, args, { cwd: '/', ...options });
  }

  /** Starts a program that stays; what it prints to standard error is among its lines, too. */
  start(command: readonly string[], on: Omit<ResidentOptions, 'cwd' | 'env'>): ResidentProgram {
    const [program = '', ...args] = sudo(this.name, ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...command]);
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
    const [program = '', ...args] = sudo(this.name, ['tar', '-C', to, '-xf', '-']);
    const command = 'set -o pipefail; from=$1; shift; tar -C "$from" -cf - . | "$@"';
    await run('bash', ['-c', command, 'bash', from, program, ...args], { cwd: '/', timeoutSeconds: 600 });
  }

  /** Removes a folder; the process whose id is in `pidFile`, a file in it, may end first, for which it has a minute. */
  async remove(folder: string, pidFile: string): Promise<void> {
    await this.run(['bash', '-c', REMOVE, 'bash', folder, pidFile], { timeoutSeconds: 600 });
  }
}

function refusal(name: string, cause: CommandFailedError): NodeRefusedError {
  const own = userInfo().username;
  if (cause.end.kind === 'not-started' || cause.exitCode === 127) {
    return new NodeRefusedError(`This step runs as ${own} and cannot become ${name}: there is no sudo.`, {
      remedy: `Install sudo and allow it, or run the job as ${name}.`,
      cause,
    });
  }
  return new NodeRefusedError(`sudo does not let ${own} run programs as ${name} without a password.`, {
    remedy: `Allow it with a line in /etc/sudoers.d, written by visudo: ${own} ALL=(${name}) NOPASSWD: ALL`,
    details: cause.details,
    cause,
  });
}
