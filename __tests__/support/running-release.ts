import { execFile, spawn, type ChildProcess, type PromiseWithChild } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findNode, type NodeProcess } from '../../src/node/node-process.js';
import { startDaemon } from '../../src/node/release-script.js';
import { signalAll } from './processes.js';
import { listFiles, sha256 } from './helloworld-package.js';
import { temporaryFolder } from './repository.js';

const execute = promisify(execFile);

export interface InstallOptions {
  /** Where it is installed; default: a new folder. */
  readonly root?: string;
  /** `-sname NAME@localhost` or the like; `NAME` is replaced by a random one. */
  readonly name?: string;
  /** Where the cookie is kept; default `vm.args`. */
  readonly cookieIn?: 'vm.args' | 'file';
  /** Default: a random one. */
  readonly cookie?: string;
  /** More lines for vm.args. */
  readonly flags?: string;
  /** Added to the service's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Release name; default `helloworld`. */
  readonly release?: string;
}

/** An installed release, with a node of its own name and cookie. */
export class InstalledRelease {
  /** Pids of what was started, to stop exactly these. */
  private pid: number | undefined;
  /** Whether all its applications run, as far as we know. */
  private isBooted = false;

  private constructor(
    readonly folder: string,
    readonly root: string,
    readonly nodeFlags: readonly string[],
    readonly cookie: string,
    /** The service's. */
    readonly environment: Readonly<Record<string, string>>,
    private readonly release: string,
  ) {}

  /** @param source a full package, or an installed root, which stays as it is */
  static async install(source: string, options: InstallOptions = {}): Promise<InstalledRelease> {
    const folder = temporaryFolder('relup-installed-');
    const root = options.root ?? join(folder, 'opt');
    mkdirSync(root, { recursive: true });
    await (statSync(source).isDirectory()
      ? copyRoot(source, root)
      : execute('tar', ['-xzf', source, '-C', root]));
    const cookie = options.cookie ?? `cookie_${randomBytes(8).toString('hex')}`;
    const randomName = `hw_${randomBytes(6).toString('hex')}`;
    const name = (options.name ?? '-sname NAME@localhost').replace('NAME', randomName);
    const inFile = options.cookieIn === 'file';
    const flags = `${name}\n${inFile ? '' : `-setcookie ${cookie}\n`}${options.flags ?? ''}`;
    // outside the root, so that it stays the same when another version boots
    writeFileSync(join(folder, 'vm.args'), flags);
    const home = join(folder, 'home');
    mkdirSync(home);
    const environment = {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: home,
      LANG: 'C.UTF-8',
      PIPE_DIR: `${join(folder, 'pipes')}/`,
      VMARGS_PATH: join(folder, 'vm.args'),
      RUNNER_LOG_DIR: join(folder, 'log'),
      ...options.environment,
    };
    const installed = new InstalledRelease(
      folder,
      root,
      name.split(' '),
      cookie,
      environment,
      options.release ?? 'helloworld',
    );
    if (inFile) installed.writeCookieFile(cookie);
    return installed;
  }

  /** A cookie file in the home of the service's user. */
  writeCookieFile(cookie: string): void {
    const file = join(this.folder, 'home/.erlang.cookie');
    rmSync(file, { force: true });
    writeFileSync(file, cookie);
    chmodSync(file, 0o400);
  }

  /** relx's start script. */
  get script(): string {
    return join(this.root, 'bin', this.release);
  }

  /** For those who start it themselves. */
  started(pid: number): void {
    this.pid = pid;
  }

  async start(): Promise<NodeProcess> {
    await startDaemon({ root: this.root, name: this.release, environment: this.environment });
    const node = await findNode(this.root);
    this.pid = node.pid;
    this.isBooted = false;
    return node;
  }

  /** For releases that relx's `daemon` command cannot wait for; does not wait at all. */
  startInForeground(): ChildProcess {
    const child = spawn(this.script, ['foreground'], {
      env: { ...this.environment },
      cwd: this.root,
      stdio: 'ignore',
    });
    this.pid = child.pid;
    return child;
  }

  /** Calls an exported function without arguments on the node, e.g. `helloworld helloworld`; the answer as text. */
  async ask(call: string): Promise<string> {
    await this.untilBooted();
    return (await this.erlCall('-a', call)).stdout;
  }

  /** Evaluates expressions on the node; `{ok, Value}` as text. */
  async evaluate(expressions: string): Promise<string> {
    await this.untilBooted();
    const work = this.erlCall('-e');
    // when it ends before it has read all, it says why
    work.child.stdin?.on('error', () => undefined).end(`${expressions}.\n`);
    return (await work).stdout;
  }

  /** A node answers before its applications have started; one whose start hangs is asked all the same. */
  private async untilBooted(): Promise<void> {
    for (let tries = 0; !this.isBooted && tries < 100; tries += 1) {
      const { stdout } = await this.erlCall('-a', 'init get_status');
      this.isBooted = !stdout.startsWith('{starting,');
      if (!this.isBooted) await wait(100);
    }
    this.isBooted = true;
  }

  private erlCall(...what: string[]): PromiseWithChild<{ stdout: string }> {
    const erts = readdirSync(this.root).find((name) => name.startsWith('erts-')) ?? '';
    const args = [...this.nodeFlags, '-R', '-c', this.cookie, '-timeout', '20', ...what];
    const { ERL_EPMD_PORT } = this.environment;
    const env = ERL_EPMD_PORT === undefined ? process.env : { ...process.env, ERL_EPMD_PORT };
    return execute(join(this.root, erts, 'bin/erl_call'), args, { env });
  }

  /** All files of the installed root with their SHA-256 and permission bits, but those that deploys keep for themselves. */
  files(): Record<string, string> {
    const files = listFiles(this.root).filter((file) => !file.startsWith('.relup-action/'));
    return Object.fromEntries(
      files.map((file) => {
        const path = join(this.root, file);
        return [file, `${(statSync(path).mode & 0o7777).toString(8)} ${sha256(readFileSync(path))}`];
      }),
    );
  }

  /** Ends the node by its pid, if it still runs, and removes everything. */
  async remove(): Promise<void> {
    const node = await findNode(this.root).catch(() => undefined);
    for (const pid of new Set([this.pid, node?.pid])) {
      const cmdline = pid === undefined ? '' : readable(`/proc/${pid}/cmdline`);
      const ours = [this.root, this.folder].some((folder) => cmdline.includes(folder));
      if (pid !== undefined && ours) signalAll([pid], 'SIGKILL');
    }
    removeLastFiles(this.folder);
  }
}

/** What still ends may write there until it has. */
export function removeLastFiles(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Applications and emulator are only ever added or removed, so hard links do, where the file system is the same one. */
async function copyRoot(from: string, to: string): Promise<void> {
  const sameDisk = statSync(from).dev === statSync(to).dev;
  for (const name of readdirSync(from)) {
    const link = sameDisk && /^(lib|erts-.*)$/.test(name) ? ['--link'] : [];
    await execute('cp', ['-a', ...link, join(from, name), to]);
  }
}

function readable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
