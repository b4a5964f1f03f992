import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { DeployManifest, DeployPackage } from '../../src/model/deploy-input.js';
import type { Erlang } from '../../src/programs/erlang.js';
import type { ReleaseApplication } from '../../src/model/release.js';
import { builtOnce } from './built-once.js';
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

/**
 * Both versions in a folder of their own, which the caller removes; `change` edits the projects before they are built, e.g. to
 * give 0.2.0 templates. Unchanged they are copies of what is built once a run.
 */
export async function buildHelloworld(change: { old?: Change; new?: Change } = {}): Promise<Helloworld> {
  const folder = temporaryFolder('relup-helloworld-');
  if (change.old === undefined && change.new === undefined) {
    const { folder: built } = await builtHelloworld();
    await execute('cp', ['-a', '--reflink=auto', `${built}/.`, folder]);
  } else {
    await build(folder, change);
  }
  return helloworldIn(folder);
}

/** Both versions as they are, built once a run: only to be read. */
export async function builtHelloworld(): Promise<Helloworld> {
  return helloworldIn(await builtOnce('helloworld', (folder) => build(folder, {})));
}

async function build(folder: string, change: { old?: Change; new?: Change }): Promise<void> {
  const versions = { '0.1.0': change.old, '0.2.0': change.new };
  await Promise.all(
    Object.entries(versions).map(async ([version, edit]) => {
      const project = join(folder, version);
      cpSync(join(projectRoot, 'examples/helloworld', version), project, { recursive: true });
      edit?.(project);
      await execute('rebar3', ['as', 'prod', 'do', 'release,', 'tar'], { cwd: project });
    }),
  );
}

function helloworldIn(folder: string): Helloworld {
  const root = (version: string): string => join(folder, version, '_build/prod/rel/helloworld');
  const [oldRoot, newRoot] = [root('0.1.0'), root('0.2.0')];
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

export function describePackage(path: string, tree: string): DeployPackage {
  const files = listFiles(tree).map((file) => {
    const content = readFileSync(join(tree, file));
    return { path: file, size: content.length, sha256: sha256(content) };
  });
  return { path, sha256: sha256(readFileSync(path)), files };
}

export async function describeManifest(erlang: Erlang, built: Helloworld): Promise<DeployManifest> {
  type Description = { erts: string; applications: ReleaseApplication[] };
  const describe = (root: string, version: string) => erlang.query<Description>('describe', [root, version]);
  const old = await describe(built.oldRoot, '0.1.0');
  const { erts, applications } = await describe(built.newRoot, '0.2.0');
  const toolchain = await erlang.query<DeployManifest['toolchain']>('toolchain', []);
  const upFrom = [{ version: '0.1.0', applications: old.applications }];
  return { name: 'helloworld', version: '0.2.0', erts, toolchain, applications, upFrom };
}

/** Every file below a folder, relative to it. */
export function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Lower-case hex. */
export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
