import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckedModule, Instruction, StateFacts } from '../../src/plan/checks/facts.js';
import { writeErlangRequest } from '../../src/programs/erlang-request.js';
import { applicationPair, type ApplicationPair } from '../support/application-pair.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang, type SharedErlang } from '../support/shared-erlang.js';

/** A gen_server with a state and a code_change of its own. */
const server = (state: string, init: string, change = ''): string => `-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2${change === '' ? '' : ', code_change/3'}]).
${state}
init(Args) -> ${init}.
handle_call(_, _, S) -> {reply, ok, S}.
handle_cast(_, S) -> {noreply, S}.
help(X) -> X.
${change}
`;
const two = '-record(state, {a = 1, b = []}).';
const three = '-record(state, {a = 1, b = [], c}).';
const record = 'help(Args), {ok, #state{}}';
const passing = 'code_change(_Vsn, S, _Extra) -> {ok, S}.';
const converting = `code_change({down, _}, #state{a = A, b = B}, _) -> {ok, {state, A, B}};
code_change(_, {state, A, B}, _) -> {ok, #state{a = A, b = B}}.`;

/** A server whose state, a record with these fields, is made after init/1. */
const later = (fields: string, init: string): string => `-behaviour(gen_server).
-export([init/1, handle_continue/2, handle_call/3, handle_cast/2]).
-record(state, {${fields}}).
init(Args) -> self() ! Args, ${init}.
handle_continue(_, _) -> {noreply, #state{}}.
handle_call(_, _, #state{} = S) -> {reply, ok, S}.
handle_cast(_, S) -> {noreply, S}.
`;
const stateFunctions = (fields: string): string => `-behaviour(gen_statem).
-export([init/1, callback_mode/0, idle/3]).
-record(d, {${fields}}).
init(_) -> {ok, idle, undefined, [{next_event, internal, begin_}]}.
callback_mode() -> state_functions.
idle(internal, _, undefined) -> {keep_state, #d{}};
idle({call, From}, _, #d{}) -> {keep_state_and_data, [{reply, From, ok}]}.
`;

const called = (more: string, state: string, change = ''): string => `-behaviour(worker).
-export([init/1${change === '' ? '' : ', code_change/3'}]).
${more}
init(_) -> {ok, ${state}}.
${change}
`;

type Verdict = 'same' | 'missing' | 'converts' | 'passes' | 'wrong' | 'no_clause';
interface Case {
  readonly name: string;
  readonly old: string;
  readonly new: string;
  readonly up: Verdict;
  readonly down: Verdict;
}

const cases: Case[] = [
  {
    name: 'plain edits',
    old: server(two, record, passing),
    new: server(two, `io:format("x"), ${record}`, passing),
    up: 'same',
    down: 'same',
  },
  {
    name: 'a field more, no code_change',
    old: server(two, record),
    new: server(three, record),
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'a field more, passed through',
    old: server(two, record, passing),
    new: server(three, record, passing),
    up: 'passes',
    down: 'passes',
  },
  {
    name: 'a field more, converted',
    old: server(two, record),
    new: server(three, record, converting),
    up: 'converts',
    down: 'converts',
  },
  {
    name: 'converted on the way up only',
    old: server(two, record),
    new: server(
      three,
      record,
      'code_change({down, _}, S, _) -> {ok, S};\ncode_change(_, {state, A, B}, _) -> {ok, #state{a = A, b = B}}.',
    ),
    up: 'converts',
    down: 'passes',
  },
  {
    name: 'only a clause for the old state: nothing takes the new one on the way down',
    old: server(two, record),
    new: server(three, record, 'code_change(_, {state, A, B}, _) -> {ok, #state{a = A, b = B}}.'),
    up: 'converts',
    down: 'no_clause',
  },
  {
    name: 'the new state passes, the old one is converted by a helper',
    old: server(two, record),
    new: server(
      three,
      record,
      'code_change(_, #state{} = S, _) -> {ok, S};\ncode_change(_, Old, _) -> {ok, grow(Old)}.\ngrow({state, A, B}) -> #state{a = A, b = B}.',
    ),
    up: 'converts',
    down: 'passes',
  },
  {
    name: 'passed through by way of a case and another variable',
    old: server(two, record),
    new: server(
      three,
      record,
      'code_change(_, S, _) -> T = S, case help(S) of ok -> {ok, T}; _ -> {ok, S} end.',
    ),
    up: 'passes',
    down: 'passes',
  },
  {
    name: 'an error is no conversion',
    old: server(two, record),
    new: server(three, record, 'code_change(_, _, _) -> {error, no}.'),
    up: 'passes',
    down: 'passes',
  },
  {
    name: 'the two ways are mixed up',
    old: server(two, record),
    new: server(
      three,
      record,
      'code_change({down, _}, {state, A, B, _}, _) -> {ok, #state{a = A, b = B}};\ncode_change(_, {state, A, B}, _) -> {ok, {state, A, B}}.',
    ),
    up: 'wrong',
    down: 'wrong',
  },
  {
    name: 'a state that is made elsewhere, or passed on in some cases, is not judged',
    old: server(two, record),
    new: server(
      three,
      record,
      'code_change({down, _}, S, _) -> case help(S) of ok -> {ok, S}; _ -> {ok, {state, 1, 2, 3}} end;\ncode_change(_, S, _) -> {ok, other:grow(S)}.',
    ),
    up: 'converts',
    down: 'wrong',
  },
  ...[
    { how: 'a field', old: '-record(node, {x, below = #{}}).' },
    { how: 'a map in a field', old: '-record(node, {x, below = #{left => none}}).' },
  ].map(({ how, old }) => ({
    name: `a record that lies in itself, by ${how}, has a field more`,
    old: server(
      `${old}\n-export([add/1]).\nadd(N) -> N#node{below = #{left => #node{x = N}}}.`,
      '{ok, #node{}}',
    ),
    new: server(
      `${old.replace('x,', 'x, y,')}\n-export([add/1]).\nadd(N) -> N#node{below = #{left => #node{x = N}}, x = #node{}}.`,
      '{ok, #node{}}',
    ),
    up: 'missing' as const,
    down: 'missing' as const,
  })),
  {
    name: 'what is returned is changed within',
    old: server('-record(inner, {x}). -record(state, {i = #inner{}}).', record),
    new: server(
      '-record(inner, {x, y}). -record(state, {i = #inner{}}).',
      record,
      'code_change({down, _}, #state{i = {inner, X, _}} = S, _) -> {ok, S#state{i = {inner, X}}};\ncode_change(_, #state{i = {inner, X}} = S, _) -> {ok, S#state{i = #inner{x = X}}}.',
    ),
    up: 'converts',
    down: 'converts',
  },
  {
    name: 'fields in another order',
    old: server(two, record),
    new: server('-record(state, {b = [], a = 1}).', record),
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'another default is the same shape',
    old: server(two, record),
    new: server('-record(state, {a = 7, b = []}).', record),
    up: 'same',
    down: 'same',
  },
  {
    name: 'a type added is the same shape',
    old: server(two, record),
    new: server('-record(state, {a = 1 :: integer(), b = [] :: list()}).', record),
    up: 'same',
    down: 'same',
  },
  {
    name: 'another record than the state changed',
    old: server(`${two} -record(other, {x}).`, record),
    new: server(`${two} -record(other, {x, y}).`, record),
    up: 'same',
    down: 'same',
  },
  {
    name: 'a record within the state changed',
    old: server('-record(inner, {x}). -record(state, {i = #inner{}}).', record),
    new: server('-record(inner, {x, y}). -record(state, {i = #inner{}}).', record),
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'a record within the state by type changed',
    old: server('-record(inner, {x}). -record(state, {i :: #inner{} | undefined}).', record),
    new: server('-record(inner, {x, y}). -record(state, {i :: #inner{} | undefined}).', record),
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'the state comes from a helper and a case',
    old:
      server('-record(s, {a}).', 'case Args of [] -> {ok, new(1)}; _ -> {stop, bad} end') +
      'new(A) -> S = #s{a = A}, S.\n',
    new:
      server('-record(s, {a, b}).', 'case Args of [] -> {ok, new(1)}; _ -> {stop, bad} end') +
      'new(A) -> S = #s{a = A}, S.\n',
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'a list became a tuple',
    old: server('', 'help(Args), {ok, []}'),
    new: server('', 'help(Args), {ok, {[], eur}}'),
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'a tuple grew',
    old: server('', 'help(Args), {ok, {1, 2}}'),
    new: server('', 'help(Args), {ok, {1, 2, 3}}'),
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'a map has a key more: old code goes on, new code does not',
    old: server('', 'help(Args), {ok, #{a => 1}}'),
    new: server('', 'help(Args), {ok, #{a => 1, b => 2}}'),
    up: 'missing',
    down: 'same',
  },
  ...[
    ['a match', 'use(#{conf := #{b := B}}) -> B.', 'missing'],
    ['maps:get/2', 'use(Conf) -> maps:get(b, Conf).', 'missing'],
    ['maps:get/3', 'use(Conf) -> maps:get(b, Conf, 2).', 'same'],
    ['nothing', 'use(Conf) -> Conf.', 'same'],
  ].map(([how, use, up]) => ({
    name: `a map within a map has a key more, which is needed by ${how}`,
    old: server('', '{ok, #{conf => #{a => 1}}}'),
    new: server(`-export([use/1]).\n${use}`, 'Conf = #{a => 1, b => 2}, {ok, #{conf => Conf}}'),
    up: up as Verdict,
    down: 'same' as const,
  })),
  {
    name: 'a map within a map may be something else, too',
    old: server('', '{ok, #{conf => #{a => 1}}}'),
    new: server(
      '-export([use/1]).\nuse(#{b := B}) -> B.',
      '{ok, #{conf => case Args of [] -> none; _ -> #{a => 1} end, other => 1}}',
    ).replace('other => 1', 'conf2 => #{b => 1}'),
    up: 'missing',
    down: 'same',
  },
  {
    name: 'a key that code asks for with a default is not needed in the state itself either',
    old: server('', 'help(Args), {ok, #{a => 1}}'),
    new: server('-export([use/1]).\nuse(S) -> maps:get(b, S, 2).', 'help(Args), {ok, #{a => 1, b => 2}}'),
    up: 'same',
    down: 'same',
  },
  ...['-record(state, {conf = #{a => 1}}).', '-record(state, {conf}).'].map((definition, index) => {
    const made = (keys: string): string =>
      index === 0 ? record : `Conf = ${keys}, {ok, #state{conf = Conf}}`;
    const keys = '#{a => 1, b => 2}';
    return {
      name: `a map in a field of a record has a key more, ${index === 0 ? 'by default' : 'as init/1 makes it'}`,
      old: server(definition, made('#{a => 1}')),
      new: server(
        `${definition.replace('#{a => 1}', keys)}\n-export([use/1]).\nuse(#state{conf = #{b := B}}) -> B.`,
        made(keys),
      ),
      up: 'missing' as const,
      down: 'same' as const,
    };
  }),
  {
    name: 'a record under a key of a map changed',
    old: server('-record(inner, {x}).', 'help(Args), {ok, #{i => #inner{}}}'),
    new: server('-record(inner, {x, y}).', 'help(Args), {ok, #{i => #inner{}}}'),
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'a map built from data is not judged',
    old: server('', '{ok, maps:from_list(Args)}'),
    new: server('', '{ok, #{b => Args}}'),
    up: 'same',
    down: 'same',
  },
  {
    name: 'a state of another module is not judged',
    old: server('', '{ok, queue:from_list(Args)}'),
    new: server('', '{ok, other:new(Args)}'),
    up: 'same',
    down: 'same',
  },
  {
    name: 'one more way to begin: only the way down finds what it does not know',
    old: server(two, record),
    new: server(two, 'case Args of [] -> {ok, #state{}}; _ -> {ok, []} end'),
    up: 'same',
    down: 'missing',
  },
  {
    name: 'an unknown state: the record that the callbacks name',
    old: server('-record(st, {a}).', '{ok, help(Args)}').replace(
      'handle_cast(_, S) ->',
      'handle_cast(_, #st{} = S) ->',
    ),
    new: server('-record(st, {a, b}).', '{ok, help(Args)}').replace(
      'handle_cast(_, S) ->',
      'handle_cast(_, #st{} = S) ->',
    ),
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'an unknown state: the type state()',
    old: server(
      '-record(st, {a}). -type state() :: #st{}. -export_type([state/0]).',
      '{ok, other:new(Args)}',
    ),
    new: server(
      '-record(st, {a, b}). -type state() :: #st{}. -export_type([state/0]).',
      '{ok, other:new(Args)}',
    ),
    up: 'missing',
    down: 'missing',
  },
  ...['{ok, undefined, {continue, Args}}', '{ok, starting}', '{ok, [], {continue, Args}}'].map((init) => ({
    name: `a placeholder, ${init}: the record that is made later`,
    old: later('a', init),
    new: later('a, b', init),
    up: 'missing' as const,
    down: 'missing' as const,
  })),
  {
    name: 'the record is made by init/1 in one version, and later in the other',
    old: server('-record(state, {a}).', record),
    new: later('a', '{ok, undefined, {continue, Args}}'),
    up: 'same',
    down: 'same',
  },
  {
    name: 'an atom is a state where no callback knows a record',
    old: server('-record(other, {a}).', '{ok, none}'),
    new: server('-record(other, {a, b}).', '{ok, none}'),
    up: 'same',
    down: 'same',
  },
  {
    name: 'a gen_statem with a placeholder whose states are functions',
    old: stateFunctions('a'),
    new: stateFunctions('a, b'),
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'a gen_statem keeps its data in the third element',
    old: `-behaviour(gen_statem). -export([init/1, callback_mode/0, handle_event/4]). -record(d, {a}).
init(_) -> {ok, idle, #d{}}. callback_mode() -> handle_event_function. handle_event(_, _, _, _) -> keep_state_and_data.`,
    new: `-behaviour(gen_statem). -export([init/1, callback_mode/0, handle_event/4, code_change/4]). -record(d, {a, b}).
init(_) -> {ok, idle, #d{}}. callback_mode() -> handle_event_function. handle_event(_, _, _, _) -> keep_state_and_data.
code_change({down, _}, S, D, _) -> {ok, S, D};
code_change(_, S, {d, A}, _) -> {ok, S, #d{a = A}}.`,
    up: 'converts',
    down: 'passes',
  },
  {
    name: 'a gen_event handler',
    old: `-behaviour(gen_event). -export([init/1, handle_event/2, handle_call/2]). -record(h, {a}).
init(_) -> {ok, #h{}}. handle_event(_, S) -> {ok, S}. handle_call(_, S) -> {ok, ok, S}.`,
    new: `-behaviour(gen_event). -export([init/1, handle_event/2, handle_call/2]). -record(h, {a, b}).
init(_) -> {ok, #h{}}. handle_event(_, S) -> {ok, S}. handle_call(_, S) -> {ok, ok, S}.`,
    up: 'missing',
    down: 'missing',
  },
  {
    name: 'a callback module of a behaviour of the release',
    old: called('-record(r, {a}).', '#r{}'),
    new: called('-record(r, {a, b}).', '#r{}', 'code_change(_, {r, A}, _) -> {ok, #r{a = A}}.'),
    up: 'converts',
    down: 'no_clause',
  },
  {
    name: 'a behaviour of the release whose callback module gives children',
    old: called('', '{{one_for_one, 1, 5}, []}'),
    new: called('', '{#{strategy => one_for_one}, []}'),
    up: 'same',
    down: 'same',
  },
  {
    name: 'a special process',
    old: `-export([system_continue/3, system_terminate/4]). -record(state, {a}).
system_continue(_, _, #state{} = S) -> S. system_terminate(_, _, _, S) -> exit(S).`,
    new: `-export([system_continue/3, system_terminate/4, system_code_change/4]). -record(state, {a, b}).
system_continue(_, _, #state{} = S) -> S. system_terminate(_, _, _, S) -> exit(S).
system_code_change({state, A}, _, _, _) -> {ok, #state{a = A}};
system_code_change(#state{a = A}, _, {down, _}, _) -> {ok, {state, A}}.`,
    up: 'converts',
    down: 'converts',
  },
];

/** A process that waits in a module of its own, and takes what it does from others. */
const worker = `-export([behaviour_info/1, system_continue/3, system_terminate/4, system_code_change/4]).
behaviour_info(callbacks) -> [{init, 1}].
system_continue(_, _, State) -> State.
system_terminate(_, _, _, _) -> exit(normal).
system_code_change({M, S}, _, Vsn, Extra) -> {ok, New} = M:code_change(Vsn, S, Extra), {ok, {M, New}}.
`;

const moduleOf = (index: number): string => `m${index}`;
const sources = (side: 'old' | 'new'): Record<string, string> =>
  Object.fromEntries(cases.map((one, index) => [moduleOf(index), one[side]]));

let dir: string;
let erlang: SharedErlang;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Answer {
  readonly up: Instruction[];
  readonly down: Instruction[];
  readonly modules: CheckedModule[];
}

async function check(pair: ApplicationPair, modules: readonly string[], source = ''): Promise<Answer> {
  const { release, upFrom, buildDir } = pair;
  const build = join(upFrom.root, '../../lib');
  const differing = modules.map((module) => [module, 'app', '1.0.0']);
  const steps = [['app', '1.0.0', '1.1.0', upFrom.root, build, source, differing]];
  const file = join(pair.dir, 'request');
  await writeErlangRequest(file, [release.root, buildDir, steps]);
  const [answer] = await erlang.query<Answer[]>('check', [file]);
  return answer as Answer;
}

function seen(state: StateFacts | null | undefined): Exclude<StateFacts, { unseen: unknown }> {
  if (state == null || 'unseen' in state) throw new Error(`not seen: ${JSON.stringify(state)}`);
  return state;
}

const appupOf = (up: string, down = up): string =>
  `{"1.1.0",\n [{"1.0.0", [${up}]}],\n [{"1.0.0", [${down}]}]}.\n`;
const empty = appupOf('');

test('the state of a process is compared, and what code_change does with it, each way (H26)', async () => {
  const pair = await applicationPair(erlang, join(dir, 'states'), {
    old: { worker, ...sources('old') },
    new: { worker, ...sources('new') },
    appup: empty,
  });
  const { modules } = await check(pair, Object.keys(sources('new')));
  const found = cases.map(({ name }, index) => {
    const state = seen(modules.find(({ module }) => module === moduleOf(index))?.state);
    const verdict = (way: 'up' | 'down'): string => (state[way].changed ? state[way].conversion : 'same');
    return { name, up: verdict('up'), down: verdict('down') };
  });
  expect(found).toEqual(cases.map(({ name, up, down }) => ({ name, up, down })));
});

test('the definitions that differ are shown, with the place of the new one', async () => {
  const files = {
    old: { p: server('-record(inner, {x}).\n-record(state, {i = #inner{}}).', record) },
    new: { p: server('-record(inner, {x, y}).\n-record(state, {i = #inner{}}).', record, passing) },
  };
  const pair = await applicationPair(erlang, join(dir, 'places'), { ...files, appup: empty });
  const state = seen((await check(pair, ['p'])).modules[0]?.state);
  expect(state.old).toEqual(['-record(inner,{x}).']);
  expect(state.new).toEqual(['-record(inner,{x, y}).']);
  expect(state.place).toEqual({ file: join(pair.dir, 'new/src/p.erl'), line: 5 });
  expect(state.codeChange).toEqual({ file: join(pair.dir, 'new/src/p.erl'), line: 10 });
  expect(state.codeChangeDiffers).toBe(true);
});

/** Keeps rows of a record in tables, and says what its code_change does. */
const keeping = (
  fields: string,
  change = passing,
): string => `-export([init/1, add/1, make/0, make/1, code_change/3]).
-record(row, {${fields}}).
-record(meta, {${fields}}).
-record(passed, {${fields}}).
init(_) -> mnesia:create_table(meta, [{attributes, record_info(fields, meta)}]), {ok, 0}.
add(Table) -> Row = make(), ets:insert(Table, [Row, {other, 1}]), length([#passed{}, #meta{}]).
make() -> make(1).
make(_) -> #row{}.
${change}
`;

test('records with other fields that are kept in tables are told, unless code_change uses tables (H26)', async () => {
  const converts = 'code_change(_, S, _) -> rows(), {ok, S}.\nrows() -> ets:foldl(fun(_, N) -> N end, 0, t).';
  const pair = await applicationPair(erlang, join(dir, 'stored'), {
    old: { p: keeping('a'), q: keeping('a'), r: keeping('a') },
    new: { p: keeping('a, b'), q: keeping('a, b', converts), r: keeping('a = 1') },
    appup: empty,
  });
  const { modules } = await check(pair, ['p', 'q', 'r']);
  const told = modules.map(({ stored }) => stored.map(({ record, call }) => [record, call]));
  expect(told).toEqual([
    [
      ['meta', 'mnesia:create_table/2'],
      ['passed', null],
      ['row', 'ets:insert/2'],
    ],
    [['passed', null]],
    [],
  ]);
  expect(modules[0]?.stored[2]).toMatchObject({ old: '-record(row,{a}).', new: '-record(row,{a, b}).' });
});

test('stripped beams of a release are read where they were compiled, by equal MD5; else the state is unseen', async () => {
  const files = { old: { p: server(two, record) }, new: { p: server(three, record, passing) } };
  const stripped = await applicationPair(erlang, join(dir, 'stripped'), {
    ...files,
    appup: empty,
    release: [],
  });
  const none = await applicationPair(erlang, join(dir, 'none'), {
    ...files,
    appup: empty,
    release: [],
    build: [],
  });
  expect(seen((await check(stripped, ['p'])).modules[0]?.state).up).toEqual({
    changed: true,
    conversion: 'passes',
  });
  expect((await check(none, ['p'])).modules[0]).toMatchObject({
    state: { unseen: ['old', 'new'] },
    new: { kind: 'gen_server', codeChange: [3] },
  });
});

test('instructions are told with their modules, functions and lines', async () => {
  const files = { p: server(two, record) };
  const up = `{add_module, fresh},
   {load_module, p, soft_purge, soft_purge, [first]},
   {update, p, {advanced, []}}, {update, q, supervisor}, {update, r, 5000, soft, brutal_purge, brutal_purge, [s]},
   {code_change, [{t, []}]}, {remove, {gone, brutal_purge, brutal_purge}},
   {apply, {lists, reverse, [[]]}}, {apply, {lists, revers, [[]]}}, {apply, {erlang, node, []}}, {apply, {p, init, [x]}},
   {apply, {supervisor, terminate_child, [top, p]}}, {stop, [u]}, {restart_application, app}, restart_emulator`;
  const pair = await applicationPair(erlang, join(dir, 'instructions'), {
    old: files,
    new: files,
    appup: appupOf(up, '{delete_module, fresh}'),
  });
  const answer = await check(pair, [], join(pair.dir, 'new/src/app.appup.src'));
  const brief = answer.up.map(({ what, modules, change, needs, line }) => [
    what,
    modules.join(),
    change,
    needs.join(),
    line,
  ]);
  expect(brief).toEqual([
    ['load', 'fresh', null, '', 2],
    ['load', 'p', null, 'first', 3],
    ['update', 'p', 'advanced', '', 4],
    ['update', 'q', 'supervisor', '', 4],
    ['update', 'r', 'soft', 's', 4],
    ['update', 't', 'advanced', '', 5],
    ['delete', 'gone', null, '', 5],
    ...Array.from({ length: 4 }, () => ['other', '', null, '', 6]),
    ['other', '', null, '', 7],
    ['stop', 'u', null, '', 7],
    ['restart', 'app', null, '', 7],
    ['emulator', '', null, '', 7],
  ]);
  expect(answer.down.map(({ what, line }) => [what, line])).toEqual([['delete', 8]]);
  expect(
    answer.up.flatMap(({ applies }) => (applies === null ? [] : [[applies.text, applies.exported]])),
  ).toEqual([
    ['lists:reverse/1', true],
    ['lists:revers/1', false],
    ['erlang:node/0', true],
    ['p:init/1', true],
    ['supervisor:terminate_child/2', true],
  ]);
  expect(answer.up.flatMap(({ restarted }) => restarted)).toEqual(['p']);
});

test('the entry of the up-from version has the lines, also under an expression and with {{vsn}}; a program has none', async () => {
  const files = { p: server(two, record) };
  const at = async (name: string, source: string): Promise<(number | null)[]> => {
    const pair = await applicationPair(erlang, join(dir, name), {
      old: files,
      new: files,
      appup: appupOf('{load_module, p}'),
    });
    const file = join(dir, name, 'app.appup.src');
    writeFileSync(file, source);
    return (await check(pair, [], file)).up.map(({ line }) => line);
  };
  const several = `%% é
{"{{vsn}}",
 [{"0.9.0", [{load_module, p}]},
  {<<"1\\\\.0\\\\..*">>, [{load_module, p}]}],
 []}.`;
  expect(await at('expression', several)).toEqual([4]);
  expect(
    await at('program', 'L = [{load_module, p}].\n{"{{vsn}}", [{"1.0.0", L}], [{"1.0.0", L}]}.'),
  ).toEqual([null]);
});

test('modules tell their kind with and without attributes, and whether they load native code', async () => {
  const native = '-on_load(init/0). -export([init/0]).\ninit() -> erlang:load_nif("/none", 0).\n';
  const files = { p: server(two, record), n: native, plain: '' };
  for (const stripped of [false, true]) {
    const pair = await applicationPair(erlang, join(dir, `kinds-${stripped}`), {
      old: files,
      new: files,
      appup: empty,
    });
    if (stripped) await strip(pair);
    const { modules } = await check(pair, Object.keys(files));
    expect(modules.map(({ module, new: side }) => [module, side?.kind, side?.native])).toEqual([
      ['n', 'other', true],
      ['p', 'gen_server', false],
      ['plain', 'other', false],
    ]);
  }
});

/** As relx strips a release, and without what rebar3 compiled. */
async function strip({ release, upFrom, buildDir }: ApplicationPair): Promise<void> {
  const roots = JSON.stringify([release.root, upFrom.root]);
  await erlang.evaluate(
    `[{ok, _} = beam_lib:strip_files(filelib:wildcard(Root ++ "/lib/*/ebin/*.beam")) || Root <- ${roots}]`,
  );
  rmSync(buildDir, { recursive: true });
  rmSync(join(upFrom.root, '../../lib'), { recursive: true });
}

/** A server that takes these messages. */
const taking = (info: string, more = ''): string => `-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, add/1]).
-record(job, {id}).
init(_) -> {ok, 0}.
add(N) -> gen_server:call(?MODULE, {add, N}).
handle_call({add, N}, _, S) -> {reply, ok, S + N};
handle_call(get, _, S) -> {reply, S, S}.
handle_cast(_, S) -> {noreply, S}.
${info}
${more}
`;
const OLD_INFO =
  'handle_info(tick, S) -> {noreply, S};\nhandle_info({tock, _}, S) -> {noreply, S};\nhandle_info(#job{}, S) -> {noreply, S};\nhandle_info(_, S) -> {noreply, S}.';

test('messages that a process takes no more are told, unless they are handed on', async () => {
  const infos: Record<string, string> = {
    gone: 'handle_info({tick, _}, S) -> {noreply, S};\nhandle_info(Other, S) -> logger:info("~p", [Other]), {noreply, S}.',
    crashes: 'handle_info({tock, _}, S) -> {noreply, S};\nhandle_info(#job{}, S) -> {noreply, S}.',
    local: 'handle_info(Message, S) -> take(Message, S).',
    remote: 'handle_info(Message, S) -> other:take(Message, S).',
  };
  const local = 'take(tick, S) -> {noreply, S};\ntake(M, S) -> case M of {tock, _} -> S; {job, _} -> S end.';
  const names = Object.keys(infos);
  const pair = await applicationPair(erlang, join(dir, 'messages'), {
    old: Object.fromEntries(names.map((name) => [name, taking(OLD_INFO)])),
    new: Object.fromEntries(
      names.map((name) => [name, taking(infos[name] as string, name === 'local' ? local : '')]),
    ),
    appup: empty,
  });
  const { modules } = await check(pair, names);
  const told = modules.map(({ module, messages }) => [
    module,
    messages.map(({ message, callback, instead, dropped }) => [message, callback, instead, dropped]),
  ]);
  expect(Object.fromEntries(told)).toEqual({
    gone: [
      ['tick', 'handle_info/2', ['{tick, _}'], true],
      ['{job, _}', 'handle_info/2', [], true],
      ['{tock, _}', 'handle_info/2', [], true],
    ],
    crashes: [['tick', 'handle_info/2', [], false]],
    local: [],
    remote: [],
  });
});
