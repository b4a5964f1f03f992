import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Erlang } from '../../src/programs/erlang.js';
import type { BuiltRelease, ReleaseApplication } from '../../src/model/release.js';
import { projectRoot, temporaryFolder } from './repository.js';

const execute = promisify(execFile);

/** One version of an application. */
export interface PlainApplication {
  readonly version: string;
  /** Module name → source. */
  readonly modules: Readonly<Record<string, string>>;
  /** Properties of the application resource file besides `vsn` and `modules`, as Erlang text. */
  readonly properties?: string;
  /** The appup; only in the new release. */
  readonly appup?: string;
}

export interface PlainRelease {
  readonly version: string;
  readonly applications: Readonly<Record<string, PlainApplication>>;
  /** Applications of OTP besides kernel, stdlib and sasl. */
  readonly otp?: readonly string[];
  /** Default: `[].` */
  readonly sysConfig?: string;
}

/** Two releases without rebar3 and relx, whose OTP applications and emulator are links, and the upgrade package. */
export interface PlainUpgrade {
  readonly folder: string;
  readonly upFrom: BuiltRelease;
  readonly release: BuiltRelease;
  /** Absolute path. */
  readonly upgrade: string;
}

const NAME = 'plain';

export async function buildPlainUpgrade(
  erlang: Erlang,
  old: PlainRelease,
  next: PlainRelease,
  change: (tree: string) => void = () => undefined,
): Promise<PlainUpgrade> {
  const folder = temporaryFolder('relup-plain-');
  for (const release of [old, next]) writeSources(folder, release);
  const releases = [old, next].map(({ version, applications, otp = [] }) => {
    const list = Object.entries(applications).map(([name, { version: vsn }]) => `{${name}, "${vsn}"}`);
    return `{"${version}", [${list.join(', ')}], [${otp.join(', ')}]}`;
  });
  writeFileSync(join(folder, 'spec.config'), `{"${NAME}", [${releases.join(', ')}]}.\n`);
  await execute('escript', [join(projectRoot, '__tests__/support/plain_release.escript'), folder]);
  const [upFrom, release] = await Promise.all(
    [old, next].map(({ version }) => describe(erlang, folder, version)),
  );
  if (upFrom === undefined || release === undefined) throw new Error('nothing was built');
  return { folder, upFrom, release, upgrade: await pack(folder, old, next, change) };
}

function writeSources(folder: string, { version, applications, sysConfig }: PlainRelease): void {
  const root = join(folder, 'src', version);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'sys.config'), sysConfig ?? '[].\n');
  for (const [name, { modules, properties, appup }] of Object.entries(applications)) {
    const dir = join(root, name);
    mkdirSync(dir);
    for (const [module, source] of Object.entries(modules)) {
      writeFileSync(join(dir, `${module}.erl`), `-module(${module}).\n${source}\n`);
    }
    const rest = properties ?? `{registered, []}, {applications, [kernel, stdlib]}, {mod, {${name}_app, []}}`;
    writeFileSync(join(dir, 'app'), `{application, ${name}, [{description, "test"}, ${rest}]}.\n`);
    if (appup !== undefined) writeFileSync(join(dir, 'appup'), appup);
  }
}

async function describe(erlang: Erlang, folder: string, version: string): Promise<BuiltRelease> {
  const root = join(folder, version);
  type Description = { name: string; erts: string; applications: ReleaseApplication[] };
  const { name, erts, applications } = await erlang.query<Description>('describe', [root, version]);
  const buildDir = join(root, '_build');
  const source = { kind: 'ref', ref: version, commit: '0'.repeat(40), projectDir: root, buildDir } as const;
  return { root, name, version, erts, includesErts: true, applications, source };
}

/** Only what the up-from release lacks; `change` edits it first. */
async function pack(
  folder: string,
  old: PlainRelease,
  next: PlainRelease,
  change: (tree: string) => void,
): Promise<string> {
  const tree = join(folder, 'package');
  const from = join(folder, next.version);
  for (const [name, { version }] of Object.entries(next.applications)) {
    const dir = `lib/${name}-${version}`;
    if (existsSync(join(folder, old.version, dir))) continue;
    cpSync(join(from, dir), join(tree, dir), { recursive: true });
  }
  cpSync(join(from, 'releases', next.version), join(tree, 'releases', next.version), { recursive: true });
  cpSync(
    join(from, 'releases', next.version, `${NAME}.rel`),
    join(tree, `releases/${NAME}-${next.version}.rel`),
  );
  change(tree);
  const path = join(folder, `${NAME}-${next.version}.upgrade.tar.gz`);
  await execute('tar', ['-czf', path, ...readdirSync(tree)], { cwd: tree });
  rmSync(tree, { recursive: true });
  return path;
}

/** An application with a supervisor that has these children, each a module of the application. */
export function supervised(name: string, children: readonly string[]): Record<string, string> {
  const specs = children.map((child) => `#{id => ${child}, start => {${child}, start_link, []}}`);
  return {
    [`${name}_app`]: `-behaviour(application).
-export([start/2, stop/1]).
start(_, _) -> ${name}_sup:start_link().
stop(_) -> ok.`,
    [`${name}_sup`]: `-behaviour(supervisor).
-export([start_link/0, init/1]).
start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).
init([]) -> {ok, {#{intensity => 5, period => 1}, [${specs.join(', ')}]}}.`,
  };
}

/** A gen_server that counts, and answers its version. */
export function counter(
  module: string,
  version: string,
  codeChange = '{ok, State}',
  state = '0',
): Record<string, string> {
  return {
    [module]: `-behaviour(gen_server).
-export([start_link/0, count/0, version/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
count() -> gen_server:call(?MODULE, count).
version() -> gen_server:call(?MODULE, version).
init([]) -> {ok, ${state}}.
handle_call(version, _, State) -> {reply, ${version}, State};
handle_call(count, _, State) when is_integer(State) -> {reply, State + 1, State + 1}.
handle_cast(_, State) -> {noreply, State}.
code_change(_, State, _) -> ${codeChange}.`,
  };
}
