import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { erl } from './helloworld.js';

const COOKIE = randomBytes(12).toString('hex');

/** helloworld installed from a tarball and running in the foreground, with an epmd of its own on 127.0.0.1. */
export class Installation {
  private readonly processes: ChildProcess[] = [];
  private readonly node = `hello${randomBytes(6).toString('hex')}@localhost`;

  private constructor(
    readonly root: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async start(root: string, tarball: string, version: string): Promise<Installation> {
    mkdirSync(root, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', root]);
    const port = await freePort();
    const env = { ...process.env, ERL_EPMD_PORT: String(port), HOME: root, RELX_RPC_TIMEOUT: '60' };
    const installation = new Installation(root, env);
    await installation.spawn('epmd', ['-address', '127.0.0.1', '-port', String(port)], () =>
      execFileSync('epmd', ['-port', String(port), '-names'], { stdio: 'pipe' }),
    );
    await installation.boot(version);
    return installation;
  }

  /** Starts the node as its user would, and waits until it answers. */
  async boot(version: string): Promise<void> {
    writeFileSync(
      join(this.root, 'releases', version, 'vm.args'),
      `-sname ${this.node}\n-setcookie ${COOKIE}\n-kernel inet_dist_use_interface {127,0,0,1}\n`,
    );
    await this.spawn(join(this.root, 'bin/helloworld'), ['foreground'], () => this.call('helloworld:calls'));
  }

  /** Ends the node and waits until its process is gone. */
  async halt(): Promise<void> {
    const node = this.processes.pop()!;
    const exit = once(node, 'exit');
    this.call('init:stop');
    await exit;
  }

  /** Calls `module:function` with Erlang arguments on the node; the result as Erlang text. */
  call(name: string, args = ''): string {
    const [module, fun] = name.split(':');
    return erl(
      `io:format("~0p", [erpc:call('${this.node}', ${module}, ${fun}, [${args}], 60000)])`,
      ['-hidden', '-sname', `ctl${randomBytes(6).toString('hex')}@localhost`, '-setcookie', COOKIE],
      this.env,
    );
  }

  /** Runs relx's script; throws when it fails. */
  script(...args: string[]): string {
    return execFileSync(join(this.root, 'bin/helloworld'), args, {
      encoding: 'utf8',
      stdio: 'pipe',
      env: this.env,
      cwd: this.root,
    });
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  /** Where both relx's script and release_handler look for a package. */
  receive(tarball: string, version: string): void {
    copyFileSync(tarball, join(this.root, `releases/helloworld-${version}.tar.gz`));
  }

  async remove(): Promise<void> {
    for (const child of this.processes.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    rmSync(this.root, { recursive: true, force: true });
  }

  private async spawn(program: string, args: readonly string[], probe: () => unknown): Promise<void> {
    const child = spawn(program, args, { env: this.env, stdio: 'ignore', cwd: this.root });
    this.processes.push(child);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (child.exitCode !== null) throw new Error(`${program} ended with exit status ${child.exitCode}`);
      try {
        probe();
        return;
      } catch {
        // not yet; the test's time limit ends this
      }
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
