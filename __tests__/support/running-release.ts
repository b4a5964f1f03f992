import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { DeployManifest, DeployPackage } from '../../src/node/deploy-input.js';
import { findNode, type NodeProcess } from '../../src/node/node-process.js';
import { startDaemon } from '../../src/node/release-script.js';
import type { Erlang } from '../../src/programs/erlang.js';
import type { ReleaseApplication } from '../../src/shared/release.js';
import { projectRoot, temporaryFolder } from './repository.js';

const execute = promisify(execFile);

/** examples/helloworld, both versions built by rebar3; change a folder's files before building to get another release. */
export interface Helloworld {
  readonly folder: string;
  /** The tarball that rebar3 made. */
  readonly oldTarball: string;
  /** Folders with lib and releases. */
  readonly oldRoot: string;
  readonly newRoot: string;
  readonly newTarball: string;
}

type Change = (project: string) => void;

/** Builds both versions; `change` edits the projects first, e.g. to give 0.2.0 templates. */
export async function buildHelloworld(change: { old?: Change; new?: Change } = {}): Promise<Helloworld> {
  const folder = temporaryFolder('relup-helloworld-');
  const build = async (version: string, edit: Change | undefined) => {
    const project = join(folder, version);
    cpSync(join(projectRoot, 'examples/helloworld', version), project, { recursive: true });
    edit?.(project);
    await execute('rebar3', ['as', 'prod', 'do', 'release,', 'tar'], { cwd: project });
    return join(project, '_build/prod/rel/helloworld');
  };
  const [oldRoot, newRoot] = await Promise.all([build('0.1.0', change.old), build('0.2.0', change.new)]);
  return {
    folder,
    oldRoot,
    newRoot,
    oldTarball: join(oldRoot, 'helloworld-0.1.0.tar.gz'),
    newTarball: join(newRoot, 'helloworld-0.2.0.tar.gz'),
  };
}

export interface TestPackage {
  readonly upgradePackage: DeployPackage;
  readonly manifest: DeployManifest;
}

/** Makes the relup and a plain upgrade package in a fresh folder; `change` edits its files before they are packed. */
export async function packHelloworld(
  erlang: Erlang,
  built: Helloworld,
  change: (tree: string) => void = () => undefined,
): Promise<TestPackage> {
  const folder = join(built.folder, `package-${randomBytes(4).toString('hex')}`);
  const tree = join(folder, 'tree');
  mkdirSync(tree, { recursive: true });
  await execute('tar', ['-xzf', built.newTarball, '-C', tree]);
  for (const path of ['releases/RELEASES', 'releases/start_erl.data']) rmSync(join(tree, path));
  cpSync(join(tree, 'releases/0.2.0/helloworld.rel'), join(tree, 'releases/helloworld-0.2.0.rel'));
  cpSync(
    join(built.folder, '0.2.0/src/helloworld.appup.src'),
    join(tree, 'lib/helloworld-0.2.0/ebin/helloworld.appup'),
  );
  await makeRelup(built, tree, folder);
  change(tree);
  const path = join(folder, 'helloworld-0.2.0.upgrade.tar.gz');
  await execute('tar', ['-czf', path, ...readdirSync(tree)], { cwd: tree });
  return { upgradePackage: describePackage(path, tree), manifest: await describeManifest(erlang, built) };
}

async function makeRelup(built: Helloworld, tree: string, folder: string): Promise<void> {
  cpSync(join(built.oldRoot, 'releases/0.1.0/helloworld.rel'), join(folder, 'old.rel'));
  cpSync(join(tree, 'releases/0.2.0/helloworld.rel'), join(folder, 'new.rel'));
  const paths = JSON.stringify([join(tree, 'lib/*/ebin'), join(built.oldRoot, 'lib/*/ebin')]);
  const make = `ok = systools:make_relup("new", ["old"], ["old"], [{path, ${paths}}]), halt().`;
  await execute('erl', ['-noinput', '-boot', 'no_dot_erlang', '-eval', make], { cwd: folder });
  cpSync(join(folder, 'relup'), join(tree, 'releases/0.2.0/relup'));
}

function describePackage(path: string, tree: string): DeployPackage {
  const files = listFiles(tree).map((file) => {
    const content = readFileSync(join(tree, file));
    return { path: file, size: content.length, sha256: sha256(content) };
  });
  return { path, sha256: sha256(readFileSync(path)), files };
}

async function describeManifest(erlang: Erlang, built: Helloworld): Promise<DeployManifest> {
  type Description = { erts: string; applications: ReleaseApplication[] };
  const describe = (root: string, version: string) => erlang.query<Description>('describe', [root, version]);
  const old = await describe(built.oldRoot, '0.1.0');
  const { erts, applications } = await describe(built.newRoot, '0.2.0');
  const toolchain = await erlang.query<DeployManifest['toolchain']>('toolchain', []);
  const upFrom = [{ version: '0.1.0', applications: old.applications }];
  return { name: 'helloworld', version: '0.2.0', erts, toolchain, applications, upFrom };
}

/** An installed 0.1.0, with a node of its own name and cookie. */
export class InstalledRelease {
  /** Pids of what was started, to stop exactly these. */
  private pid: number | undefined;

  private constructor(
    readonly folder: string,
    readonly root: string,
    readonly nodeFlags: readonly string[],
    readonly cookie: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /**
   * @param name `-sname x@localhost` or the like; `NAME` is replaced by a random one.
   * @param environment added to the service's environment.
   */
  static async install(
    tarball: string,
    options: { name?: string; environment?: Record<string, string>; cookieIn?: 'vm.args' | 'file' } = {},
  ): Promise<InstalledRelease> {
    const folder = temporaryFolder('relup-installed-');
    const root = join(folder, 'opt');
    mkdirSync(root);
    await execute('tar', ['-xzf', tarball, '-C', root]);
    const cookie = `cookie_${randomBytes(8).toString('hex')}`;
    const name = (options.name ?? '-sname NAME@localhost').replace(
      'NAME',
      `hw_${randomBytes(6).toString('hex')}`,
    );
    const inFile = options.cookieIn === 'file';
    writeFileSync(
      // outside the root, so that it stays the same when another version boots
      join(folder, 'vm.args'),
      inFile ? `${name}\n` : `${name}\n-setcookie ${cookie}\n`,
    );
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
    const installed = new InstalledRelease(folder, root, name.split(' '), cookie, environment);
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

  async start(): Promise<NodeProcess> {
    await startDaemon({ root: this.root, name: 'helloworld', environment: this.environment });
    const node = await findNode(this.root);
    this.pid = node.pid;
    return node;
  }

  /** Calls an exported function without arguments on the node, e.g. `helloworld helloworld`; the answer as text. */
  async ask(call: string): Promise<string> {
    const erts = readdirSync(this.root).find((name) => name.startsWith('erts-')) ?? '';
    const args = [...this.nodeFlags, '-R', '-c', this.cookie, '-timeout', '20', '-a', call];
    const { stdout } = await execute(join(this.root, erts, 'bin/erl_call'), args);
    return stdout;
  }

  /** All files of the installed root with their SHA-256 and permission bits. */
  files(): Record<string, string> {
    return Object.fromEntries(
      listFiles(this.root).map((file) => {
        const path = join(this.root, file);
        return [file, `${(statSync(path).mode & 0o7777).toString(8)} ${sha256(readFileSync(path))}`];
      }),
    );
  }

  /** Ends the node by its pid, if it still runs, and removes everything. */
  async remove(): Promise<void> {
    const node = await findNode(this.root).catch(() => undefined);
    for (const pid of new Set([this.pid, node?.pid])) {
      if (pid !== undefined && readable(`/proc/${pid}/cmdline`).includes(this.root))
        process.kill(pid, 'SIGKILL');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function readable(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
