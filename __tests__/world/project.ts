import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RELEASE } from '../scenarios/project.js';
import { TestRepository } from '../support/repository.js';
import { closure, type Library } from './libraries.js';
import type { Row } from './row.js';

// Libraries name what they need by package; here all that is needed stands in the project's own configuration.
/** Versions of our own application, of the release and, as tags, of the project. */
export const VERSIONS = ['1.0.0', '1.1.0'] as const;

/** Unpacks source tarballs, each once. */
export class Sources {
  constructor(
    private readonly tarballs: string,
    private readonly folder: string,
  ) {}

  /** False when the tarball could not be had. */
  has({ tarball }: Library): boolean {
    return existsSync(join(this.tarballs, tarball));
  }

  /** The library's folder. */
  folderOf({ tarball, path = '.' }: Library): string {
    const folder = join(this.folder, tarball);
    if (!existsSync(folder)) {
      const partial = mkdtempSync(`${folder}.`);
      execFileSync('tar', ['-xf', join(this.tarballs, tarball), '-C', partial, '--strip-components=1']);
      cpSync(partial, folder, { recursive: true, verbatimSymlinks: true });
      rmSync(partial, { recursive: true });
    }
    return join(folder, path);
  }
}

/**
 * A rebar3 project with the tags v1.0.0 and v1.1.0: our application uses libraries, which are git dependencies.
 *
 * @returns its folder
 */
export function makeProject(row: Row, sources: Sources, folder: string): TestRepository {
  const libraries = new Map<string, TestRepository>();
  const project = TestRepository.create(join(folder, 'project'));
  for (const [index, version] of VERSIONS.entries()) {
    const used = closure(index === 0 ? row.upFrom : (row.to ?? row.upFrom));
    for (const library of used) addLibrary(libraries, library, sources, join(folder, 'git'));
    const deps = used.map(({ name, vsn }) => dependency(name, vsn, join(folder, 'git', name)));
    project.write(ourFiles(row, version, used, deps, index + 1)).commit(version);
    project.tag(`v${version}`);
  }
  return project;
}

function dependency(name: string, vsn: string, repository: string): string {
  return `{${name}, {git, "file://${repository}", {tag, "${vsn}"}}}`;
}

function addLibrary(
  known: Map<string, TestRepository>,
  library: Library,
  sources: Sources,
  folder: string,
): void {
  const { name, vsn, files = {} } = library;
  const repository = known.get(name) ?? TestRepository.create(join(folder, name));
  known.set(name, repository);
  if (repository.git('tag', '--list', vsn) !== '') return;
  for (const entry of readdirSync(repository.dir)) {
    if (entry !== '.git') rmSync(join(repository.dir, entry), { recursive: true });
  }
  repository.copy(sources.folderOf(library));
  for (const [path, text] of Object.entries(files)) {
    const file = join(repository.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text === null) rmSync(file, { force: true });
    else writeFileSync(file, text);
  }
  rmSync(join(repository.dir, 'rebar.lock'), { force: true });
  repository.commit(vsn);
  repository.tag(vsn);
}

function ourFiles(
  row: Row,
  version: string,
  used: readonly Library[],
  deps: readonly string[],
  number: number,
): Record<string, string> {
  const applications = ['kernel', 'stdlib', ...(row.otp ?? []), ...used.map(({ name }) => name)];
  return {
    '.gitignore': '_build/\n',
    'rebar.config': `{erl_opts, [debug_info]}.
{deps, [${deps.join(',\n  ')}]}.
{overrides, [{override, [{deps, []}, {plugins, []}]}]}.
{relx, [{release, {${RELEASE}, "${version}"}, [sasl, world]}, {sys_config, "config/sys.config"}]}.
{profiles, [{prod, [{relx, [{mode, prod}]}]}]}.
`,
    'config/sys.config': `[${row.config ?? ''}].\n`,
    'apps/world/src/world.app.src': `{application, world, [{description, "uses libraries"}, {vsn, "${version}"},
  {registered, [world_sup, world_server]}, {mod, {world_app, []}}, {applications, [${applications.join(', ')}]}]}.\n`,
    'apps/world/src/world_app.erl': `-module(world_app).
-behaviour(application).
-export([start/2, stop/1]).
start(_Type, _Arguments) -> world_sup:start_link().
stop(_State) -> ok.\n`,
    'apps/world/src/world_sup.erl': `-module(world_sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).
start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).
init([]) -> {ok, {#{}, [#{id => world_server, start => {world_server, start_link, []}}]}}.\n`,
    'apps/world/src/world_server.erl': `-module(world_server).
-behaviour(gen_server).
-export([start_link/0, use/0, init/1, handle_call/3, handle_cast/2]).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
use() -> gen_server:call(?MODULE, use, 30000).
init([]) -> {ok, world_use:start()}.
handle_call(use, _From, State) -> {Answer, Next} = world_use:use(State), {reply, Answer, Next}.
handle_cast(_Message, State) -> {noreply, State}.\n`,
    'apps/world/src/world_use.erl': `-module(world_use).\n${row.use}`,
    'apps/world/src/world_version.erl': `-module(world_version).\n-export([number/0]).\nnumber() -> ${number}.\n`,
  };
}
