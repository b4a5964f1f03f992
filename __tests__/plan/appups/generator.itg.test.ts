import { beforeAll, describe, expect, test } from 'vitest';
import type { GeneratedAppup } from '../../../src/plan/appups/generator.js';
import {
  ALL,
  ascending,
  CODE_CHANGE,
  generate,
  only,
  positions,
  server,
  supervisor,
  value,
  versions,
  type Result,
} from '../../support/generating.js';
import type { SmallRelease } from '../../support/small-releases.js';

describe('the instruction fits the module', () => {
  const statem = (more = ''): string =>
    `-behaviour(gen_statem).\n${ALL}\ninit(_) -> {ok, s, d}.\ncallback_mode() -> handle_event_function.
handle_event(_, _, _, _) -> keep_state_and_data.\n${more}`;
  const event = (more = ''): string =>
    `-behaviour(gen_event).\n${ALL}\ninit(_) -> {ok, s}.\nhandle_event(_, S) -> {ok, S}.\nhandle_call(_, S) -> {ok, S, S}.\n${more}`;
  const special = (more: string): string =>
    `${ALL}\nsystem_continue(_, _, _) -> ok.\nsystem_terminate(_, _, _, _) -> exit(x).\n${more}`;
  const cases: readonly [string, string, string, string][] = [
    ['plain', value('1'), value('2'), '{load_module,M}'],
    ['gen_server', server('1', CODE_CHANGE), server('2', CODE_CHANGE), '{update,M,{advanced,[]}}'],
    ['gen_server without code_change now', server('1', CODE_CHANGE), server('2'), '{update,M,soft}'],
    [
      'gen_server with code_change from now on',
      server('1'),
      server('2', CODE_CHANGE),
      '{update,M,{advanced,[]}}',
    ],
    [
      'gen_server with code_change of another arity',
      server('1'),
      server('2', 'code_change(_, _, S, _) -> {ok, S}.'),
      '{update,M,soft}',
    ],
    [
      'a server that does not name its behaviour',
      server('1').replace(/.*\n/, ''),
      server('2', CODE_CHANGE).replace(/.*\n/, ''),
      '{update,M,{advanced,[]}}',
    ],
    ['gen_statem', statem(), statem('code_change(_, S, D, _) -> {ok, S, D}.'), '{update,M,{advanced,[]}}'],
    ['gen_statem with the gen_server callback only', statem(), statem(CODE_CHANGE), '{update,M,soft}'],
    ['gen_event', event(), event(CODE_CHANGE), '{update,M,{advanced,[]}}'],
    ['gen_event without code_change', event(), event('x() -> 1.'), '{update,M,soft}'],
    [
      'special process',
      special(''),
      special('system_code_change(M, _, _, _) -> {ok, M}.'),
      '{update,M,{advanced,[]}}',
    ],
    ['special process without system_code_change', special(''), special('x() -> 1.'), '{update,M,soft}'],
    ['supervisor', supervisor(''), supervisor('', 'x() -> 1.'), '{update,M,supervisor}'],
    [
      'application and supervisor in one',
      `-behaviour(application).\n${supervisor('')}`,
      `-behaviour(application).\n${supervisor('', 'x() -> 1.')}`,
      '{update,M,supervisor}',
    ],
    [
      'application callback',
      `-behaviour(application).\n${value('1')}`,
      `-behaviour(application).\n${value('2')}`,
      '{load_module,M}',
    ],
    [
      'a behaviour that nobody knows',
      `-behaviour(cowboy_handler).\n${value('1')}`,
      `-behaviour(cowboy_handler).\n${value('2')}`,
      '{load_module,M}',
    ],
    [
      "Elixir's GenServer",
      `-behaviour('Elixir.GenServer').\n${value('1')}`,
      `-behaviour('Elixir.GenServer').\n${value('2', CODE_CHANGE)}`,
      '{update,M,{advanced,[]}}',
    ],
    [
      "Elixir's Supervisor",
      `-behaviour('Elixir.Supervisor').\n${value('1')}`,
      `-behaviour('Elixir.Supervisor').\n${value('2')}`,
      '{update,M,supervisor}',
    ],
  ];
  const name = (index: number): string => `m${String(index).padStart(2, '0')}`;
  const pick = (which: 1 | 2): Record<string, string> =>
    Object.fromEntries(cases.map((one, index) => [name(index), one[which]]));
  let result: Result;
  beforeAll(async () => {
    result = await generate(versions(pick(1), pick(2)));
  });

  test.each(cases.map(([title, , , instruction], index) => [title, name(index), instruction] as const))(
    '%s',
    (_, module, instruction) => {
      const expected = instruction.replace('M', module);
      const { up, down } = only(result);
      expect(up.filter((one) => one.includes(module))).toEqual([expected]);
      expect(down.filter((one) => one.includes(module))).toEqual([expected]);
      expect(result.relup.up[0]?.loads).toContain(module);
      expect(result.relup.down[0]?.loads).toContain(module);
    },
  );

  test('every instruction is explained', () => {
    const [entry] = (result.appups[0] as GeneratedAppup).up;
    expect(entry?.explained).toHaveLength(entry?.instructions.length ?? 0);
    expect(entry?.explained).toContain(
      'm01 is a gen_server: its processes wait while the code is exchanged, and code_change/3 converts their state',
    );
  });

  test('without debug information it is the same (H22)', async () => {
    const stripped = (module: string): SmallRelease[string] => ({
      vsn: '',
      modules: { m: module },
      options: 'no_debug_info',
    });
    const result = await generate({
      '1': { a: { ...stripped(server('1')), vsn: '1' } },
      '2': { a: { ...stripped(server('2', CODE_CHANGE)), vsn: '2' } },
    });
    expect(only(result).up).toEqual(['{update,m,{advanced,[]}}']);
  });

  test('a module of Elixir keeps its name', async () => {
    const result = await generate(
      versions({ 'Elixir.Foo.Bar': value('1') }, { 'Elixir.Foo.Bar': value('2') }),
    );
    expect(only(result).up).toEqual(["{load_module,'Elixir.Foo.Bar'}"]);
    expect(result.appups[0]?.text).toBe(
      `%% coding: utf-8\n{"2",\n [{"1",\n   [{load_module,'Elixir.Foo.Bar'}]}],\n [{"1",\n   [{load_module,'Elixir.Foo.Bar'}]}]}.\n`,
    );
  });

  test('callback modules of other behaviours are updated as the behaviour allows (H30)', async () => {
    const clone = `${ALL}\nsystem_code_change(S, _, _, _) -> {ok, S}.`;
    const behaviours = { clone, wrapper: server('1', CODE_CHANGE), mute: server('1') };
    const of = (behaviour: string, text: string, more = ''): string =>
      `-behaviour(${behaviour}).\n${value(text, more)}`;
    const callbacks = (text: string): Record<string, string> => ({
      c1: of('clone', text, CODE_CHANGE),
      c2: of('clone', text),
      c3: of('wrapper', text, CODE_CHANGE),
      c4: of('wrapper', text),
      c5: of('mute', text, CODE_CHANGE),
      c6: of('absent', text, CODE_CHANGE),
    });
    const result = await generate(
      versions({ ...behaviours, ...callbacks('1') }, { ...behaviours, ...callbacks('2') }),
    );
    expect(only(result).up).toEqual([
      // a supervisor may well know the processes of c3 by wrapper only, which starts them
      '{suspend,[wrapper]}',
      '{update,c1,{advanced,[]}}',
      '{update,c2,soft}',
      '{update,c3,{advanced,[]}}',
      '{update,c4,soft}',
      '{load_module,c5}',
      '{load_module,c6}',
      '{code_change,[{wrapper,[]}]}',
      '{resume,[wrapper]}',
    ]);
  });

  test('a process of another kind is stopped and started', async () => {
    const result = await generate(versions({ m: server('1', CODE_CHANGE) }, { m: statem() }));
    const script = ['{stop,[m]}', '{load_module,m}', '{start,[m]}'];
    expect(only(result)).toEqual({ up: script, down: script });
    expect(result.notices).toEqual([{ id: 'process-replaced', application: 'a', modules: ['m'] }]);
  });

  test('purge: soft reaches every instruction that purges', async () => {
    const before = { p: value('1'), s: server('1'), sup: supervisor('') };
    const after = { p: value('2'), s: server('2', CODE_CHANGE), sup: supervisor('', 'x() -> 1.') };
    const result = await generate(versions(before, after), 'soft');
    expect(only(result).up).toEqual([
      '{load_module,p,soft_purge,soft_purge,[]}',
      '{update,s,{advanced,[]},soft_purge,soft_purge,[]}',
      '{update,sup,static,default,{advanced,[]},soft_purge,soft_purge,[]}',
    ]);
    expect(result.relup.up[0]?.instructions).toContain('{load,{p,soft_purge,soft_purge}}');
  });
});

describe('order (H28)', () => {
  test('what is called is loaded before its callers, and the other way round when downgrading', async () => {
    const calls = (module: string, text: string): string => value(`${module}:value(), ${text}`);
    const result = await generate(
      versions(
        { a: calls('m', '1'), m: calls('z', '1'), z: value('1') },
        { a: calls('m', '2'), m: calls('z', '2'), z: value('2') },
      ),
    );
    expect(only(result).up).toEqual(['{load_module,z}', '{load_module,m,[z]}', '{load_module,a,[m]}']);
    expect(only(result).down).toEqual(['{load_module,a,[m]}', '{load_module,m,[z]}', '{load_module,z}']);
    const { up, down } = result.relup;
    ascending(positions(up[0]?.instructions, '{load,{z,', '{load,{m,', '{load,{a,'));
    ascending(positions(down[0]?.instructions, '{load,{a,', '{load,{m,', '{load,{z,'));
  });

  test('a new module is there before its callers, a removed one goes after them, and back', async () => {
    const result = await generate(
      versions(
        { b: value('gone:value()'), gone: value('1') },
        { b: value('added:value()'), added: value('1') },
      ),
    );
    const { up, down } = result.relup;
    ascending(positions(up[0]?.instructions, '{load,{added,', '{load,{b,', '{remove,{gone,'));
    ascending(positions(down[0]?.instructions, '{load,{gone,', '{load,{b,', '{remove,{added,'));
  });

  test('of modules in a cycle each comes after those whose new functions it calls; then there is nothing to tell', async () => {
    const call = (module: string, text: string): string =>
      server(text, `call() -> ${module}:call().\n${CODE_CHANGE}`);
    const result = await generate(
      versions(
        { d: call('b', '1'), b: call('d', '1'), a: call('b', '1'), z: value('1') },
        {
          d: `${call('b', '2')}\nnew() -> b:call().\n`,
          b: `${call('d', '2')}\nother() -> d:new().\n`,
          ...{ a: call('b', '2'), z: value('2') },
        },
      ),
    );
    const update = (module: string): string => `{update,${module},{advanced,[]}}`;
    expect(only(result).up).toEqual([update('d'), update('b'), update('a'), '{load_module,z}']);
    expect(only(result).down).toEqual([...only(result).up].reverse());
    expect(result.notices).toEqual([]);
    expect(result.relup.up[0]?.instructions).toContain('{suspend,[b]}');
  });

  test('modules that call new functions of each other are told; nothing is suspended together with them', async () => {
    const calls = (called: string): string => value(`${called}:new()`, 'new() -> 1.\n');
    const result = await generate(
      versions(
        { d: value('1'), b: value('1'), a: value('1') },
        { d: calls('b'), b: calls('d'), a: value('b:value()') },
      ),
    );
    expect(only(result).up).toEqual(['{load_module,b}', '{load_module,d}', '{load_module,a}']);
    expect(result.notices).toEqual([{ id: 'call-cycle', application: 'a', modules: ['b', 'd'] }]);
  });

  test('supervisors come last when upgrading and first when downgrading', async () => {
    const result = await generate(
      versions(
        { a_sup: supervisor(''), w: value('1') },
        { a_sup: supervisor('', 'x() -> 1.'), w: value('2') },
      ),
    );
    expect(only(result).up).toEqual(['{load_module,w}', '{update,a_sup,supervisor}']);
    expect(only(result).down).toEqual(['{update,a_sup,supervisor}', '{load_module,w}']);
  });
});

test('several up-from versions get an entry each, and a version without a change an empty one', async () => {
  const result = await generate({
    '1': { a: { vsn: '1', modules: { m: value('1') } } },
    '2': { a: { vsn: '2', modules: { m: value('3'), gone: value('1') } } },
    '3': { a: { vsn: '3', modules: { m: value('3') } } },
  });
  const [appup] = result.appups as [GeneratedAppup];
  expect(appup.up.map(({ upFrom, instructions }) => [upFrom, instructions])).toEqual([
    ['1', ['{load_module,m}']],
    ['2', ['{delete_module,gone}']],
  ]);
  expect(appup.down.map(({ upFrom, instructions }) => [upFrom, instructions])).toEqual([
    ['1', ['{load_module,m}']],
    ['2', ['{add_module,gone}']],
  ]);
  const raised = await generate({
    '1': { a: { vsn: '1', modules: { m: value('1') } } },
    '2': { a: { vsn: '2', modules: { m: value('1') } } },
  });
  expect(raised.appups[0]?.text).toBe('%% coding: utf-8\n{"2",\n [{"1", []}],\n [{"1", []}]}.\n');
  expect(raised.relup.up[0]?.instructions).toEqual(['point_of_no_return']);
});

test('a module that moved to another application is loaded from there and removed by nobody (H35)', async () => {
  const moved = (text: string): string => server(text, CODE_CHANGE);
  const result = await generate({
    '1': {
      a: { vsn: '1', modules: { a: value('1'), moved: moved('1') } },
      b: { vsn: '1', modules: { b: value('1') } },
    },
    '2': {
      a: { vsn: '2', modules: { a: value('2') } },
      b: { vsn: '2', modules: { b: value('2'), moved: moved('2') } },
    },
  });
  const [a, b] = result.appups as [GeneratedAppup, GeneratedAppup];
  expect(a.up[0]?.instructions).toEqual(['{load_module,a}']);
  expect(b.up[0]?.instructions).toEqual(['{load_module,b}', '{update,moved,{advanced,[]}}']);
  expect(a.down[0]?.instructions).toEqual(['{load_module,a}']);
  const { up, down } = result.relup;
  expect(up[0]?.instructions.join()).toContain('{load_object_code,{b,"2",[b,moved]}}');
  expect(up[0]?.removes).toEqual([]);
  // on the way back it is a's again
  expect(down[0]?.instructions.join()).toContain('{load_object_code,{a,"1",[a,moved]}}');
  expect(down[0]?.removes).toEqual([]);
});
