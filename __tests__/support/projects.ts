import { TestRepository } from './repository.js';

/** Files of an application with a gen_server that answers `answer`. */
export function serverApplication(
  name: string,
  version: string,
  answer: string,
  dir = '',
): Record<string, string> {
  return {
    [`${dir}src/${name}.app.src`]: `{application, ${name}, [{description, "test"}, {vsn, ${vsn(version)}},
 {registered, [${name}]}, {mod, {${name}_app, []}}, {applications, [kernel, stdlib]}, {env, []}]}.\n`,
    [`${dir}src/${name}_app.erl`]: `-module(${name}_app).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1]).
start(_, _) -> supervisor:start_link({local, ${name}_app}, ?MODULE, []).
stop(_) -> ok.
init([]) -> {ok, {#{}, [#{id => ${name}, start => {${name}, start_link, []}}]}}.\n`,
    [`${dir}src/${name}.erl`]: `-module(${name}).
-behaviour(gen_server).
-export([start_link/0, answer/0, init/1, handle_call/3, handle_cast/2, code_change/3]).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
answer() -> gen_server:call(?MODULE, answer).
init([]) -> {ok, 0}.
handle_call(answer, _, N) -> {reply, ${answer}, N + 1}.
handle_cast(_, N) -> {noreply, N}.
code_change(_, N, _) -> {ok, N}.\n`,
  };
}

/** A library application with one module. */
export function libraryApplication(
  name: string,
  version: string,
  value: string,
  dir = '',
): Record<string, string> {
  return {
    [`${dir}src/${name}.app.src`]: `{application, ${name}, [{description, "test"}, {vsn, ${vsn(version)}},
 {registered, []}, {applications, [kernel, stdlib]}, {env, []}]}.\n`,
    [`${dir}src/${name}.erl`]: `-module(${name}).\n-export([value/0]).\nvalue() -> ${value}.\n`,
  };
}

/** `git` stays a word: rebar3 then asks git. */
function vsn(version: string): string {
  return version === 'git' ? 'git' : `"${version}"`;
}

export interface ConfigOptions {
  readonly name?: string;
  readonly applications?: string;
  /** Options of the relx section; default: a release as it should be. */
  readonly relx?: string;
  /** The profile's relx options. */
  readonly profile?: string;
  readonly rest?: string;
}

/** A rebar.config with one release. */
export function rebarConfig(version: string, options: ConfigOptions = {}): string {
  const {
    name = 'app',
    applications = `${name}, sasl`,
    relx = '{dev_mode, false}, {include_erts, true}',
  } = options;
  return `{erl_opts, [debug_info]}.
{relx, [{release, {${name}, ${vsn(version)}}, [${applications}]}, {extended_start_script, true}, ${relx}]}.
{profiles, [{prod, [{relx, [${options.profile ?? ''}]}]}]}.
${options.rest ?? ''}\n`;
}

/** An appup that loads one module, both ways. */
export function loadModule(version: string, from: string, module: string): string {
  const entry = `[{"${from}", [{load_module, ${module}}]}]`;
  return `{"${version}", ${entry}, ${entry}}.\n`;
}

/**
 * A repository with one commit and tag for each version; `files` gives what the version adds or replaces, an empty text
 * removes a file.
 */
export function projectRepository(
  versions: Readonly<Record<string, Record<string, string>>>,
): TestRepository {
  const repository = TestRepository.create();
  repository.write({ '.gitignore': '_build/\n' });
  for (const [version, files] of Object.entries(versions)) {
    repository.write(files);
    repository.commit(version);
    repository.tag(version);
  }
  return repository;
}

/** The plain case: one application `app` with a server, versions 1.0.0 and 1.1.0, and an appup. */
export function plainProject(changes: Readonly<Record<string, string>> = {}): TestRepository {
  return projectRepository({
    '1.0.0': { 'rebar.config': rebarConfig('1.0.0'), ...serverApplication('app', '1.0.0', 'old') },
    '1.1.0': {
      'rebar.config': rebarConfig('1.1.0'),
      ...serverApplication('app', '1.1.0', 'new'),
      'src/app.appup.src': loadModule('1.1.0', '1.0.0', 'app'),
      ...changes,
    },
  });
}
