import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/manifest.js';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { keep, removeKept } from '../support/failures.js';
import { libraryApplication, projectRepository, rebarConfig } from '../support/projects.js';
import type { TestRepository } from '../support/repository.js';
import { InstalledRelease } from '../support/running-release.js';

afterAll(() => {
  removeRuns();
  removeKept();
});

function succeeded(run: ActionRun): ActionRun {
  expect(run.exitCode, run.log).toBe(0);
  return run;
}

/** A supervisor with some children, and what it needs to be an application. */
function tree(version: string, children: readonly string[]): Record<string, string> {
  const specs = children.map((name) => `#{id => ${name}, start => {${name}, start_link, []}}`);
  return {
    'rebar.config': rebarConfig(version, { name: 'helloworld', applications: 'helloworld, lib, sasl' }),
    'apps/helloworld/src/helloworld.app.src': `{application, helloworld, [{description, ""}, {vsn, "${version}"}, {registered, []},
 {mod, {helloworld_app, []}}, {applications, [kernel, stdlib, lib]}]}.\n`,
    'apps/helloworld/src/helloworld_app.erl': `-module(helloworld_app).\n-behaviour(application).\n-export([start/2, stop/1]).
start(_, _) -> helloworld_sup:start_link().\nstop(_) -> ok.\n`,
    'apps/helloworld/src/helloworld_sup.erl': `-module(helloworld_sup).\n-behaviour(supervisor).\n-export([start_link/0, init/1]).
start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).\ninit([]) -> {ok, {#{}, [${specs.join(', ')}]}}.\n`,
  };
}

function server(name: string, state: string, codeChange: string): Record<string, string> {
  return {
    [`apps/helloworld/src/${name}.erl`]: `-module(${name}).\n-behaviour(gen_server).
-export([start_link/0, state/0, init/1, handle_call/3, handle_cast/2, code_change/3]).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).\nstate() -> gen_server:call(?MODULE, state).
init([]) -> {ok, ${state}}.\nhandle_call(state, _, State) -> {reply, {State, lib:value()}, State}.\nhandle_cast(_, State) -> {noreply, State}.
${codeChange}\n`,
  };
}

test('a project without any appup is upgraded on a node, and downgraded again', async () => {
  const repository = keep(
    projectRepository({
      '1.0.0': {
        ...tree('1.0.0', ['kept', 'gone']),
        ...server('kept', '{counter, 7}', 'code_change(_, State, _) -> {ok, State}.'),
        ...server('gone', 'gone', 'code_change(_, State, _) -> {ok, State}.'),
        ...libraryApplication('lib', '1.0.0', 'old', 'apps/lib/'),
      },
      '1.1.0': {
        ...tree('1.1.0', ['added', 'kept']),
        ...server(
          'kept',
          '{counter, 7, new}',
          'code_change({down, _}, {counter, N, _}, _) -> {ok, {counter, N}};\ncode_change(_, {counter, N}, _) -> {ok, {counter, N, converted}}.',
        ),
        ...server('added', 'added', 'code_change(_, State, _) -> {ok, State}.'),
        ...libraryApplication('lib', '1.1.0', 'new', 'apps/lib/'),
      },
    }),
  );
  repository.git('rm', '-q', 'apps/helloworld/src/gone.erl');
  repository.commit('gone is gone');
  repository.git('tag', '--force', '1.1.0');
  const installed = await installFirst(repository);
  try {
    const node = await installed.start();
    const run = await upgrade(repository, installed);
    const manifest = JSON.parse(readFileSync(run.outputs.manifest as string, 'utf8')) as Manifest;
    expect(manifest.appups.map(({ application, origin }) => [application, origin])).toEqual([
      ['helloworld', 'generated'],
      ['lib', 'generated'],
    ]);
    expect(run.summary).toContain('Save it as <code>apps/helloworld/src/helloworld.appup.src</code>');
    const adoptable = join(dirname(run.outputs.manifest as string), 'appups/helloworld.appup.src');
    expect(readFileSync(adoptable, 'utf8')).toContain(
      '{apply,{supervisor,restart_child,[helloworld_sup,added]}}',
    );
    expect(await installed.ask('kept state')).toBe('{{counter, 7, converted}, new}');
    expect(await installed.ask('added state')).toBe('{added, new}');
    expect(await children(installed)).toEqual(['added', 'kept']);
    expect(await installed.ask('erlang whereis [gone]')).toBe('undefined');
    expect(await installed.ask('os getpid')).toBe(`"${node.pid}"`);

    expect(await installed.ask('release_handler install_release ["1.0.0"]')).toContain('ok');
    expect(await installed.ask('kept state')).toBe('{{counter, 7}, old}');
    expect(await installed.ask('gone state')).toBe('{gone, old}');
    expect(await children(installed)).toEqual(['gone', 'kept']);
    expect(await installed.ask('code is_loaded [added]')).toBe('false');
  } finally {
    await installed.remove();
  }
});

test('applications that are renamed, added and configured anew are upgraded on a node, and downgraded again (H35)', async () => {
  const service = (
    name: string,
    modules: string,
    version: string,
    ready: string,
    needs: string,
  ): Record<string, string> => ({
    [`apps/${name}/src/${name}.app.src`]: `{application, ${name}, [{description, ""}, {vsn, "${version}"}, {registered, [svc]},
 {mod, {${modules}_app, []}}, {applications, [kernel, stdlib, ${needs}]}]}.\n`,
    [`apps/${name}/src/${modules}_app.erl`]: `-module(${modules}_app).\n-behaviour(application).\n-behaviour(supervisor).\n-export([start/2, stop/1, init/1]).
start(_, _) -> ${ready}, supervisor:start_link({local, ?MODULE}, ?MODULE, []).\nstop(_) -> ok.
init([]) -> {ok, {#{}, [#{id => svc, start => {svc, start_link, []}}]}}.\n`,
    [`apps/${name}/src/svc.erl`]: `-module(svc).\n-behaviour(gen_server).\n-export([start_link/0, where/0, init/1, handle_call/3, handle_cast/2]).
start_link() -> gen_server:start_link({local, svc}, ?MODULE, [], []).\nwhere() -> gen_server:call(svc, where).
init([]) -> {ok, element(2, application:get_application())}.\nhandle_call(where, _, S) -> {reply, S, S}.\nhandle_cast(_, S) -> {noreply, S}.\n`,
  });
  const main = (version: string, applications: string, greeting: string): Record<string, string> => ({
    'rebar.config': rebarConfig(version, {
      name: 'helloworld',
      applications: `helloworld, ${applications}, sasl`,
    }),
    'apps/helloworld/src/helloworld.app.src': `{application, helloworld, [{description, ""}, {vsn, "${version}"}, {registered, []},
 {mod, {helloworld_app, []}}, {env, [{greeting, ${greeting}}]}, {applications, [kernel, stdlib, lib]}]}.\n`,
    'apps/helloworld/src/helloworld_app.erl': `-module(helloworld_app).\n-behaviour(application).\n-behaviour(supervisor).
-export([start/2, stop/1, init/1, config_change/3, told/0]).\nstart(_, _) -> supervisor:start_link(?MODULE, []).\nstop(_) -> ok.
init([]) -> {ok, {#{}, []}}.\nconfig_change(Changed, _, _) -> persistent_term:put(told, Changed).\ntold() -> persistent_term:get(told).\n`,
  });
  const repository = keep(
    projectRepository({
      '1.0.0': {
        ...main('1.0.0', 'lib, oldsvc', 'hi'),
        ...service('oldsvc', 'oldsvc', '1.0.0', 'ok', 'lib'),
        ...libraryApplication('lib', '1.0.0', 'old', 'apps/lib/'),
      },
      '1.1.0': {
        ...main('1.1.0', 'lib, newsvc', 'hello'),
        ...service('newsvc', 'newsvc', '0.1.0', 'new = lib:value()', 'lib'),
        ...libraryApplication('lib', '1.1.0', 'new', 'apps/lib/'),
      },
    }),
  );
  repository.git('rm', '-rq', 'apps/oldsvc');
  repository.commit('oldsvc is newsvc');
  repository.git('tag', '--force', '1.1.0');
  const installed = await installFirst(repository);
  try {
    await installed.start();
    expect(await installed.ask('svc where')).toBe('oldsvc');
    const run = await upgrade(repository, installed);
    const manifest = JSON.parse(readFileSync(run.outputs.manifest as string, 'utf8')) as Manifest;
    const ids = manifest.findings.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['application-added', 'application-removed', 'module-moved']));
    expect(await installed.ask('svc where')).toBe('newsvc');
    expect(await installed.ask('code which [svc]')).toContain('newsvc-0.1.0');
    expect(await installed.ask('helloworld_app told')).toBe('[{greeting, hello}]');
    expect(await installed.ask('application get_env [helloworld,greeting]')).toBe('{ok, hello}');

    expect(await installed.ask('release_handler install_release ["1.0.0"]')).toContain('ok');
    expect(await installed.ask('svc where')).toBe('oldsvc');
    expect(await installed.ask('lib value')).toBe('old');
    expect(await installed.ask('helloworld_app told')).toBe('[{greeting, hi}]');
    expect(await installed.ask('code is_loaded [newsvc_app]')).toBe('false');
  } finally {
    await installed.remove();
  }
});

const INPUTS = { upload: 'false', cache: 'false' };

/** Builds and installs the version tagged 1.0.0. */
async function installFirst(repository: TestRepository): Promise<InstalledRelease> {
  repository.git('checkout', '-q', '1.0.0');
  const inputs = { ...INPUTS, 'upgrade-from': 'none' };
  const run = succeeded(await runAction({ workspace: repository.dir, inputs }));
  repository.git('checkout', '-q', 'main');
  return InstalledRelease.install(run.outputs.tarball as string);
}

/** Runs the action on the newest commit and has it upgrade the node. */
async function upgrade(repository: TestRepository, installed: InstalledRelease): Promise<ActionRun> {
  const inputs = { ...INPUTS, rehearse: 'required', deploy: 'true', 'deploy-root': installed.root };
  const run = succeeded(await runAction({ workspace: repository.dir, inputs }));
  expect(run.outputs).toMatchObject({ 'node-state': 'upgraded', 'deployed-version': '1.1.0' });
  return run;
}

async function children(installed: InstalledRelease): Promise<string[]> {
  const text = await installed.ask('supervisor which_children [helloworld_sup]');
  return [...text.matchAll(/\{([a-z]+), ?[#<]/g)].map(([, name]) => name as string).sort();
}
