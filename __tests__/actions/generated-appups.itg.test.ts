import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Manifest } from '../../src/phases/manifest.js';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { keep, removeKept } from '../support/failures.js';
import { libraryApplication, projectRepository, rebarConfig } from '../support/projects.js';
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
  repository.git('checkout', '-q', '1.0.0');
  const inputs = { upload: 'false', cache: 'false' };
  const first = succeeded(
    await runAction({ workspace: repository.dir, inputs: { ...inputs, 'upgrade-from': 'none' } }),
  );
  const installed = await InstalledRelease.install(first.outputs.tarball as string);
  try {
    const node = await installed.start();
    repository.git('checkout', '-q', 'main');
    const run = succeeded(
      await runAction({
        workspace: repository.dir,
        inputs: { ...inputs, deploy: 'true', 'deploy-root': installed.root },
      }),
    );
    expect(run.outputs).toMatchObject({ 'node-state': 'upgraded', 'deployed-version': '1.1.0' });
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

async function children(installed: InstalledRelease): Promise<string[]> {
  const text = await installed.ask('supervisor which_children [helloworld_sup]');
  return [...text.matchAll(/\{([a-z]+), ?[#<]/g)].map(([, name]) => name as string).sort();
}
