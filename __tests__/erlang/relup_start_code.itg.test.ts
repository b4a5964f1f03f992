import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Step } from '../../src/plan/checks/facts.js';
import { writeErlangRequest } from '../../src/programs/erlang-request.js';
import { applicationPair, type ApplicationPair } from '../support/application-pair.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang, type SharedErlang } from '../support/shared-erlang.js';

let dir: string;
let erlang: SharedErlang;

beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const APPUP = '{"1.1.0", [{"1.0.0", []}], [{"1.0.0", []}]}.\n';
const LOGS = '-include_lib("kernel/include/logger.hrl").\n';

async function pair(
  name: string,
  old: Record<string, string>,
  next: Record<string, string>,
): Promise<ApplicationPair> {
  const made = await applicationPair(erlang, join(dir, name), { old, new: next, appup: APPUP });
  for (const [root, version] of [
    [made.upFrom.root, '1.0.0'],
    [made.release.root, '1.1.0'],
  ] as const) {
    writeFileSync(
      join(root, `lib/app-${version}/ebin/app.app`),
      `{application, app, [{vsn, "${version}"}, {mod, {app_app, []}}]}.\n`,
    );
  }
  return made;
}

async function check(made: ApplicationPair): Promise<Pick<Step, 'modules' | 'start'>> {
  const { release, upFrom, buildDir } = made;
  const modules = Object.keys(upFrom.applications[0]?.modules ?? {}).map((one) => [one, 'app', '1.0.0']);
  const steps = [['app', '1.0.0', '1.1.0', upFrom.root, join(upFrom.root, '../../lib'), '', modules]];
  const file = join(made.dir, 'request');
  await writeErlangRequest(file, [release.root, buildDir, steps]);
  const [answer] = await erlang.query<Pick<Step, 'modules' | 'start'>[]>('check', [file]);
  return answer as Pick<Step, 'modules' | 'start'>;
}

const callback = (body: string): string =>
  `${LOGS}-behaviour(application).\n-export([start/2, stop/1]).\nstart(_, _) -> ${body}, {ok, self()}.\nstop(_) -> ok.\n`;
const setup = (body: string): string => `-export([all/0]).\nall() -> ${body}.\n`;

test('the folder that a version was built in is no difference', async () => {
  const made = await pair(
    'files',
    { app_app: callback('gen_event:notify(log, {?FILE, begun})') },
    { app_app: callback('gen_event:notify(log, {?FILE, begun})') },
  );
  expect((await check(made)).start).toBeNull();
});

test('start code is followed through the application; what logs does not count', async () => {
  const made = await pair(
    'start',
    { app_app: callback('app_setup:all()'), app_setup: setup('ok') },
    {
      app_app: callback('?LOG_INFO("begins"), io:format("begins"), app_setup:all()'),
      app_setup: setup('persistent_term:put(limits, 5), ets:new(cache, [named_table])'),
    },
  );
  expect((await check(made)).start).toEqual({
    module: 'app_app',
    calls: ['ets:new(cache, [named_table])', 'persistent_term:put(limits, …)'],
  });
  const logs = await pair('logs', { app_app: callback('ok') }, { app_app: callback('?LOG_INFO("x"), ok') });
  expect((await check(logs)).start).toBeNull();
});

const server = (init: string, change: string): string => `-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
init(_) -> ${init}, {ok, s}.
handle_call(_, _, S) -> {reply, application:get_env(app, dynamic), S}.
handle_cast(_, S) -> {noreply, S}.
code_change(_, S, _) -> ${change}, {ok, S}.
`;

test('what init/1 makes otherwise, but for what code_change makes, too', async () => {
  const table = (options: string): string => `ets:new(cache, [${options}])`;
  const made = await pair(
    'init',
    { app_app: callback('ok'), a: server(table('public'), 'ok'), b: server('ok', 'ok') },
    {
      app_app: callback('ok'),
      a: server(table('protected'), 'ok'),
      b: server('persistent_term:put(k, 1)', 'persistent_term:put(k, 1)'),
    },
  );
  const { modules } = await check(made);
  expect(modules.map(({ module, makes }) => [module, makes])).toEqual([
    ['a', ['ets:new(cache, [protected])']],
    ['app_app', []],
    ['b', []],
  ]);
});

test('what init/1 sets up and did not, of whatever kind, but for what code_change does, too', async () => {
  const before = server('timer:send_interval(1000, tick), process_flag(priority, high)', 'ok');
  const cases: Record<string, [string, string, string[]]> = {
    flag: ['process_flag(trap_exit, true)', 'ok', ['erlang:process_flag(trap_exit, …)']],
    later: ['erlang:send_after(1000, self(), tick)', 'ok', []],
    handler: [
      'gen_event:add_handler(erl_signal_server, h, [])',
      'ok',
      ['gen_event:add_handler(erl_signal_server, …)'],
    ],
    nodes: ['net_kernel:monitor_nodes(true)', 'net_kernel:monitor_nodes(true)', []],
    same: ['process_flag(priority, low)', 'ok', []],
    other: ['lists:seq(1, 2), length([]), self()', 'ok', []],
  };
  const names = Object.keys(cases);
  const after = Object.entries(cases).map(([name, [init, change]]) => [name, server(init, change)] as const);
  const timers = { first: server('erlang:start_timer(1000, self(), tick)', 'ok') };
  const made = await pair(
    'sets-up',
    {
      app_app: callback('ok'),
      ...Object.fromEntries(names.map((name) => [name, before])),
      first: server('ok', 'ok'),
    },
    { app_app: callback('ok'), ...Object.fromEntries(after), ...timers },
  );
  const found = Object.fromEntries((await check(made)).modules.map(({ module, makes }) => [module, makes]));
  expect(found).toEqual({
    app_app: [],
    first: ['erlang:start_timer/3'],
    ...Object.fromEntries(Object.entries(cases).map(([name, [, , makes]]) => [name, makes])),
  });
});

const supervisor = (strategy: string): string => `-behaviour(supervisor).
-export([start_link/0, init/1]).
start_link() -> supervisor:start_link({local, sup}, sup, []).
init([]) -> {ok, {#{strategy => ${strategy}}, [#{id => w, start => {w, start_link, []}}]}}.
`;

test('restart strategies that are others now', async () => {
  const made = await pair(
    'strategy',
    { app_app: callback('ok'), sup: supervisor('one_for_one') },
    { app_app: callback('ok'), sup: supervisor('simple_one_for_one') },
  );
  const { modules } = await check(made);
  expect(modules.map(({ strategies }) => strategies)).toEqual([[], [['one_for_one', 'simple_one_for_one']]]);
});

test('settings that only start code reads, of an application without config_change/3', async () => {
  const modules = {
    app_app: callback('ok'),
    a: server('{ok, _} = application:get_env(app, limit), _ = app_config:of_b()', 'ok'),
    app_config: '-export([of_b/0]).\nof_b() -> application:get_env(port).\n',
  };
  const ask = async ({ release }: ApplicationPair): Promise<unknown> => {
    const settings = ['limit', 'port', 'dynamic', 'other'].map((key) => ['app', '1.1.0', key]);
    const file = join(dir, 'settings.request');
    await writeErlangRequest(file, [release.root, '', settings]);
    return erlang.query('settings', [file]);
  };
  const facts = { application: 'app', callback: 'app_app', readers: ['a:init/1'] };
  const only = (isStub: boolean): unknown[] => ['limit', 'port'].map((key) => ({ ...facts, isStub, key }));
  expect(await ask(await pair('settings', modules, modules))).toEqual(only(false));
  const telling = (body: string): Record<string, string> => ({
    ...modules,
    app_app: `${callback('ok')}config_change(Changed, _, _) -> ${body}.\n`.replace(
      '-export([start/2',
      '-export([config_change/3, start/2',
    ),
  });
  expect(await ask(await pair('stub', modules, telling('_ = Changed, ok')))).toEqual(only(true));
  expect(await ask(await pair('sent', modules, telling('a ! Changed, ok')))).toEqual([]);
  expect(await ask(await pair('told', modules, telling('gen_server:cast(a, Changed)')))).toEqual([]);
});
