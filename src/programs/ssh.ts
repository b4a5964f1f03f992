import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailedError, NodeRefusedError } from '../shared/errors.js';
import { run, type RunOptions, type RunResult } from './exec.js';
import { startResident, type ResidentOptions, type ResidentProgram } from './resident-program.js';
import { sshAddressText, type SshAddress } from './ssh-address.js';
import { sshFailure } from './ssh-failure.js';

/** Exit status with which ssh tells of its own failures. */
const SSH_FAILED = 255;

/**
 * No file of the runner's may weaken or extend this: the host key is pinned, the agent's keys are the only ones, and nothing of
 * the runner is forwarded or sent. A machine that falls silent is given up after half a minute.
 */
const OPTIONS = [
  ...['BatchMode=yes', 'StrictHostKeyChecking=yes', 'GlobalKnownHostsFile=/dev/null', 'UpdateHostKeys=no'],
  ...['VerifyHostKeyDNS=no', 'CheckHostIP=no', 'PreferredAuthentications=publickey', 'IdentityFile=none'],
  ...['ForwardAgent=no', 'ForwardX11=no', 'ClearAllForwardings=yes', 'ControlMaster=no', 'ControlPath=none'],
  ...['PermitLocalCommand=no', 'EscapeChar=none', 'RequestTTY=no', 'LogLevel=ERROR'],
  ...['ConnectTimeout=20', 'ServerAliveInterval=5', 'ServerAliveCountMax=6', 'TCPKeepAlive=yes'],
];

/** ssh's own messages in English. */
const ENGLISH = { LC_ALL: 'C' };

/**
 * Whether an agent with a key is there, before anything else is done.
 *
 * @throws {NodeRefusedError}
 */
export async function requireAgent(): Promise<void> {
  if (!process.env.SSH_AUTH_SOCK) {
    throw new NodeRefusedError('The key for `ssh` comes from an ssh agent, but SSH_AUTH_SOCK is not set.', {
      remedy: 'Start an agent in an earlier step of the job, and add the key to it.',
    });
  }
  const { exitCode } = await run('ssh-add', ['-l'], { okCodes: [0, 1, 2], timeoutSeconds: 30 }).catch(
    (cause: unknown) => {
      throw noSsh(cause);
    },
  );
  if (exitCode === 0) return;
  throw new NodeRefusedError(
    exitCode === 1 ? 'The ssh agent holds no key.' : 'The ssh agent at SSH_AUTH_SOCK does not answer.',
    { remedy: 'Add the key to the agent in an earlier step of the job: `ssh-add - <<< "$KEY"`.' },
  );
}

function noSsh(cause: unknown): unknown {
  if (!(cause instanceof CommandFailedError) || cause.end.kind === 'timed-out') return cause;
  return new NodeRefusedError('There is no ssh on this runner.', {
    remedy: 'Install it (Debian, Ubuntu: apt-get install openssh-client).',
    cause,
  });
}

/** Programs on another machine, by the machine's own ssh. Commands are constant text; data goes through standard input. */
export class Ssh {
  private constructor(
    readonly address: SshAddress,
    private readonly knownHostsFile: string,
  ) {}

  /**
   * @param knownHosts lines as in a known_hosts file
   * @param folder a private one
   */
  static async prepare(address: SshAddress, knownHosts: string, folder: string): Promise<Ssh> {
    const file = join(folder, 'known_hosts');
    await writeFile(file, `${knownHosts}\n`, { mode: 0o600 });
    return new Ssh(address, file);
  }

  /** As messages name it. */
  get name(): string {
    return sshAddressText(this.address);
  }

  /**
   * @throws {NodeRefusedError} when there is no connection
   * @throws {CommandFailedError} when the command fails there
   */
  async run(command: string, options: RunOptions & { readonly timeoutSeconds: number }): Promise<RunResult> {
    return this.told(run('ssh', this.arguments(command), { ...options, env: ENGLISH }));
  }

  /** Runs a command with a line, then a file, as its standard input. @throws as `run` */
  async send(
    { line, file }: { readonly line: string; readonly file: string },
    command: string,
  ): Promise<RunResult> {
    const feed =
      'set -o pipefail; line=$1 file=$2; shift 2; { printf "%s\\n" "$line"; cat -- "$file"; } | "$@"';
    const args = ['-c', feed, 'bash', line, file, 'ssh', ...this.arguments(command)];
    return this.told(run('bash', args, { timeoutSeconds: 900, env: ENGLISH }));
  }

  /** Starts a command that stays; a signal to our group, as from a terminal, does not reach it. */
  start(command: string, on: Omit<ResidentOptions, 'cwd' | 'env' | 'ownGroup'>): ResidentProgram {
    return startResident('ssh', this.arguments(command), { ...on, env: ENGLISH, ownGroup: true });
  }

  private async told(work: Promise<RunResult>): Promise<RunResult> {
    return work.catch((error: unknown) => {
      if (!(error instanceof CommandFailedError) || error.exitCode !== SSH_FAILED) throw error;
      throw sshFailure(this.address, error.details ?? '') ?? this.broken(error);
    });
  }

  private broken(cause: CommandFailedError): NodeRefusedError {
    return new NodeRefusedError(`The connection to ${this.name} broke before the deploy began there.`, {
      remedy: 'Run this step again; nothing was changed on the node.',
      details: cause.details,
      cause,
    });
  }

  private arguments(command: string): string[] {
    const { user, host, port } = this.address;
    // ssh takes what is in quotes as it is, but for percent signs
    const knownHosts = `UserKnownHostsFile="${this.knownHostsFile.replaceAll('%', '%%')}"`;
    const options = [...OPTIONS, knownHosts].flatMap((option) => ['-o', option]);
    return ['-F', 'none', '-T', '-a', '-x', ...options, '-l', user, '-p', String(port), '--', host, command];
  }
}
