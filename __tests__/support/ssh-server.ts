import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { signalAll } from './processes.js';

export interface SshServerOptions {
  /** PATH of what it starts. */
  readonly path?: string;
  /** More lines for its configuration. */
  readonly lines?: readonly string[];
  /** Whether /tmp is a small disk of its own there, with so much room (as for `mount -o size=`). */
  readonly tmp?: string;
}

/** A real sshd on 127.0.0.1, with keys of its own, and an agent that holds the key that it lets in. Only root may. */
export class SshServer {
  private constructor(
    private readonly dir: string,
    readonly port: number,
    private readonly daemon: ChildProcess,
    private readonly agent: ChildProcess,
  ) {}

  static async start({ path, lines = [], tmp }: SshServerOptions = {}): Promise<SshServer> {
    // not below /tmp, over which a disk may be mounted
    const dir = mkdtempSync('/run/relup-sshd-');
    chmodSync(dir, 0o755);
    for (const name of ['host', 'user', 'other']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(dir, name)]);
    }
    copyFileSync(join(dir, 'user.pub'), join(dir, 'authorized_keys'));
    const port = await freePort();
    writeFileSync(join(dir, 'config'), configuration(dir, port, [...lines, ...environment(path)]));
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const sshd = ['/usr/sbin/sshd', '-D', '-e', '-f', join(dir, 'config')];
    const mount = `mount -t tmpfs -o size=${tmp} tmpfs /tmp && exec "$@"`;
    const command = tmp === undefined ? sshd : ['unshare', '--mount', 'sh', '-c', mount, 'sh', ...sshd];
    const daemon = start(command);
    const agent = start(['ssh-agent', '-D', '-a', join(dir, 'agent')]);
    const server = new SshServer(dir, port, daemon, agent);
    await server.ready();
    server.hold('user');
    return server;
  }

  /** For `ssh-known-hosts`. */
  get knownHosts(): string {
    return this.line('host');
  }

  /** The same with a key that the server does not have. */
  get wrongKnownHosts(): string {
    return this.line('other');
  }

  /** The key that it lets in, as a secret holds it. */
  get key(): string {
    return readFileSync(join(this.dir, 'user'), 'utf8');
  }

  /** What a step has that can use the agent. */
  get env(): Readonly<Record<string, string>> {
    return { SSH_AUTH_SOCK: join(this.dir, 'agent') };
  }

  /** Has the agent hold this key alone. */
  hold(key: 'user' | 'other' | 'none'): void {
    const env = { ...process.env, ...this.env };
    execFileSync('ssh-add', ['-q', '-D'], { env, stdio: 'pipe' });
    if (key !== 'none') execFileSync('ssh-add', ['-q', join(this.dir, key)], { env, stdio: 'pipe' });
  }

  address(user: string): string {
    return `${user}@127.0.0.1:${this.port}`;
  }

  /** Signals the processes that hold connections, but not what runs in them. */
  signalConnections(signal: NodeJS.Signals): void {
    const pids = descendants(this.daemon.pid as number).filter((pid) => commandOf(pid) === 'sshd');
    signalAll(pids, signal);
  }

  stop(): void {
    this.signalConnections('SIGKILL');
    this.daemon.kill('SIGKILL');
    this.agent.kill('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }

  private line(key: string): string {
    const [type = '', value = ''] = readFileSync(join(this.dir, `${key}.pub`), 'utf8').split(' ');
    return `[127.0.0.1]:${this.port} ${type} ${value}`;
  }

  private async ready(): Promise<void> {
    for (let left = 100; left > 0; left -= 1) {
      if (existsSync(join(this.dir, 'agent')) && (await answers(this.port))) return;
      if (this.daemon.exitCode !== null) break;
      await setTimeout(100);
    }
    throw new Error('sshd did not start; is openssh-server installed, and are these tests run as root?');
  }
}

function configuration(dir: string, port: number, lines: readonly string[]): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(dir, 'host')}`,
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    // whatever a client sends arrives
    'AcceptEnv *',
    ...['PidFile none', 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'PermitRootLogin yes'],
    ...['MaxStartups 100', 'PrintMotd no', ...lines],
    '',
  ].join('\n');
}

function environment(path: string | undefined): string[] {
  return path === undefined ? [] : [`SetEnv PATH=${path}`];
}

function start([program = '', ...args]: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: 'ignore' });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function descendants(root: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const below = (parent: number): number[] =>
    [...parents].filter(([, one]) => one === parent).flatMap(([pid]) => [pid, ...below(pid)]);
  return below(root);
}

function parentOf(pid: string): number {
  const stat = readable(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function commandOf(pid: number): string {
  return readable(`/proc/${pid}/comm`).trim();
}

function readable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
