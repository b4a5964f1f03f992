import { afterAll, expect, test } from 'vitest';
import { removeRuns, runAction } from '../support/action.js';
import { keep, removeKept } from '../support/failures.js';
import { loadModule, projectRepository, rebarConfig, serverApplication } from '../support/projects.js';
import { TestRepository } from '../support/repository.js';

afterAll(() => {
  removeRuns();
  removeKept();
});

/** A plugin of that name, as a git repository. */
function pluginRepository(code: string): TestRepository {
  const plugin = keep(TestRepository.create());
  plugin.write({
    'rebar.config': '{erl_opts, [warnings_as_errors]}.\n',
    'src/rebar3_appup_plugin.app.src':
      '{application, rebar3_appup_plugin, [{description, ""}, {vsn, "2.4.7"}, {applications, [kernel]}]}.\n',
    'src/rebar3_appup_plugin.erl': code,
  });
  plugin.commit('plugin');
  return plugin;
}

const DOES_NOT_COMPILE = '-module(rebar3_appup_plugin).\n-export([init/1]).\ninit(S) -> X = 1, {ok, S}.\n';

/** Builds as 2.4.7 does, and crashes in its hook. */
const CRASHES = `-module(rebar3_appup_plugin).
-export([init/1, do/1, format_error/1]).
init(State) ->
    {ok, rebar_state:add_provider(State, providers:create([{name, compile}, {namespace, appup}, {module, ?MODULE},
        {bare, true}, {deps, []}, {example, ""}, {short_desc, ""}, {desc, ""}, {opts, []}]))}.
do(_State) -> error({badmatch, rebar3_appup_compile}).
format_error(Reason) -> io_lib:format("~p", [Reason]).
`;

/** Works, and like 2.4.7 its `tar` hook reads the assembled release. */
const NEEDS_THE_RELEASE = `-module(rebar3_appup_plugin).
-export([init/1, do/1, format_error/1]).
init(State) ->
    {ok, rebar_state:add_provider(State, providers:create([{name, tar}, {namespace, appup}, {module, ?MODULE},
        {bare, true}, {deps, []}, {example, ""}, {short_desc, ""}, {desc, ""}, {opts, []}]))}.
do(State) ->
    case filelib:wildcard(filename:join([rebar_dir:base_dir(State), "rel", "*", "releases", "start_erl.data"])) of
        [] -> {error, "releases/start_erl.data is missing"};
        _ -> {ok, State}
    end.
format_error(Reason) -> io_lib:format("~p", [Reason]).
`;

const HOOKS = '{provider_hooks, [{post, [{compile, {appup, compile}}]}]}.';
const pluginEntry = ({ dir }: TestRepository): string =>
  `{rebar3_appup_plugin, {git, "file://${dir}", {branch, "main"}}}`;

/** Two tags of a project whose rebar.config, at both, is what `config` gives. */
function twoTags(config: (version: string) => Record<string, string>): TestRepository {
  return keep(
    projectRepository({
      '1.0.0': { ...config('1.0.0'), ...serverApplication('app', '1.0.0', 'old') },
      '1.1.0': {
        ...config('1.1.0'),
        ...serverApplication('app', '1.1.0', 'new'),
        'src/app.appup.src': loadModule('1.1.0', '1.0.0', 'app'),
      },
    }),
  );
}

test.each([
  ['does not compile', DOES_NOT_COMPILE],
  ['crashes in its hook', CRASHES],
])('a project with the appup plugin that %s is built without it, at both tags (H16)', async (_, code) => {
  const rest = `{plugins, [${pluginEntry(pluginRepository(code))}]}.\n${HOOKS}`;
  const repository = twoTags((version) => ({ 'rebar.config': rebarConfig(version, { rest }) }));
  const run = await runAction({ workspace: repository.dir, inputs: { upload: 'false' } });
  expect(run.exitCode, run.log).toBe(0);
  for (const tag of ['1.0.0', '1.1.0']) {
    expect(run.log).toContain(
      `rebar3_appup_plugin does not build or crashes on this Erlang/OTP, so tag ${tag} was built without it.`,
    );
  }
  expect(run.log).toMatch(/^::warning title=relup%3A appup-plugin-left-out,file=rebar\.config::/m);
  expect(repository.git('status', '--porcelain')).toBe('');
});

test("the plugin's tar hook, as its README has it, finds the assembled release (H126)", async () => {
  const hooks = '{provider_hooks, [{pre, [{tar, {appup, tar}}]}]}.';
  const rest = `{plugins, [${pluginEntry(pluginRepository(NEEDS_THE_RELEASE))}]}.\n${hooks}`;
  const repository = twoTags((version) => ({ 'rebar.config': rebarConfig(version, { rest }) }));
  for (const release of ['', 'app']) {
    const inputs = { upload: 'false', rehearse: 'false', release };
    const run = await runAction({ workspace: repository.dir, inputs });
    expect(run.exitCode, run.log).toBe(0);
    expect(run.log).not.toContain('appup-plugin-left-out');
  }
});

test('a plugin that cannot be fetched is said to be that, and is left out, too', async () => {
  const rest = `{plugins, [{rebar3_appup_plugin, {git, "file:///nonexistent", {tag, "2.4.7"}}}]}.\n${HOOKS}`;
  const repository = twoTags((version) => ({ 'rebar.config': rebarConfig(version, { rest }) }));
  const run = await runAction({ workspace: repository.dir, inputs: { upload: 'false', rehearse: 'false' } });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).toContain('rebar3_appup_plugin could not be fetched, so tag 1.1.0 was built without it.');
});

test('the plugin is left out of profiles and of what rebar.config.script adds; the script goes on to count', async () => {
  const entry = pluginEntry(pluginRepository(DOES_NOT_COMPILE));
  const script = `CONFIG ++ [{profiles, [{prod, [{relx, [{include_erts, true}]}, {plugins, [${entry}]}]}]}].\n`;
  const repository = twoTags((version) => ({
    'rebar.config': `${rebarConfig(version, { relx: '{dev_mode, false}, {include_erts, false}' }).replace(/^\{profiles.*$/m, '')}${HOOKS}\n`,
    'rebar.config.script': script,
  }));
  const run = await runAction({ workspace: repository.dir, inputs: { upload: 'false' } });
  // without include_erts, which only the script sets, the release would be refused
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).toContain('appup-plugin-left-out');
});
