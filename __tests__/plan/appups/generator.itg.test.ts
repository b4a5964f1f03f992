import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  generateAppups,
  type Generated,
  type GeneratedAppup,
  type GeneratorOptions,
} from '../../../src/plan/appups/generator.js';
import { applicationFindings } from '../../../src/plan/application-findings.js';
import { readAppupConfig } from '../../../src/plan/appups/relup-config.js';
import { makeRelup } from '../../../src/plan/relup.js';
import type { Relup } from '../../../src/model/relup.js';
import { compareReleases } from '../../../src/model/release-difference.js';
import type { BuiltRelease } from '../../../src/model/release.js';
import { projectRoot, temporaryFolder } from '../../support/repository.js';
import { smallReleases, type SmallRelease } from '../../support/small-releases.js';
import { sharedErlang, type SharedErlang } from '../../support/shared-erlang.js';

let dir: string;
let erlang: SharedErlang;
let count = 0;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Result extends Generated {
  readonly releases: Record<string, BuiltRelease>;
  readonly relup: Relup;
}

/** Generates the appups of the last release from all others, and makes the relup from them. */
async function generate(
  releases: Readonly<Record<string, SmallRelease>>,
  purge: 'brutal' | 'soft' = 'brutal',
  more: Pick<GeneratorOptions, 'configFile' | 'corrections'> = { configFile: '', corrections: [] },
): Promise<Result> {
  const folder = join(dir, `case-${count++}`);
  const built = await smallReleases(erlang, folder, releases);
  const versions = Object.values(built);
  const release = versions.at(-1) as BuiltRelease;
  const upFrom = versions.slice(0, -1);
  const differences = upFrom.map((from) => compareReleases(from, release));
  const names = new Set(differences.flatMap(({ changed }) => changed.map(({ name }) => name)));
  const outFolder = join(folder, 'out');
  mkdirSync(outFolder);
  const options = {
    erlang,
    outFolder,
    release,
    buildDir: '',
    profileDir: 'default',
    differences,
    purge,
    ...more,
  };
  const generated = await generateAppups(options, names);
  for (const { application, version, text } of generated.appups) {
    writeFileSync(join(release.root, `lib/${application}-${version}/ebin/${application}.appup`), text);
  }
  const relup = await makeRelup(erlang, release.root, {
    release,
    upFrom,
    appups: [],
    projectDir: '',
    projectPath: '',
  });
  return { ...generated, releases: built, relup };
}

function only({ appups }: Generated): { up: string[]; down: string[] } {
  expect(appups).toHaveLength(1);
  const [appup] = appups as [GeneratedAppup];
  return { up: [...(appup.up[0]?.instructions ?? [])], down: [...(appup.down[0]?.instructions ?? [])] };
}

/** One application `a` in two versions. */
function versions(
  before: Record<string, string>,
  after: Record<string, string>,
): Record<string, SmallRelease> {
  return { '1': { a: { vsn: '1', modules: before } }, '2': { a: { vsn: '2', modules: after } } };
}

const ALL = '-compile([export_all, nowarn_export_all]).';
const value = (text: string, more = ''): string => `${ALL}\nvalue() -> ${text}.\n${more}`;
const server = (text: string, more = ''): string =>
  `-behaviour(gen_server).\n${ALL}\ninit(_) -> {ok, ${text}}.
handle_call(_, _, S) -> {reply, S, S}.\nhandle_cast(_, S) -> {noreply, S}.\n${more}`;
const CODE_CHANGE = 'code_change(_, S, _) -> {ok, S}.';
const supervisor = (children: string, more = ''): string =>
  `-behaviour(supervisor).\n${ALL}\ninit([]) -> {ok, {#{}, [${children}]}}.\n${more}`;

/** Positions of instructions in the relup, which must be there. */
function positions(script: readonly string[] | undefined, ...wanted: string[]): number[] {
  return wanted.map((one) => {
    const at = (script ?? []).findIndex((instruction) => instruction.startsWith(one));
    expect(at, `${one} in ${script?.join(' ')}`).toBeGreaterThanOrEqual(0);
    return at;
  });
}

function ascending(numbers: readonly number[]): void {
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
}

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
      '{update,c1,{advanced,[]}}',
      '{update,c2,soft}',
      '{update,c3,{advanced,[]}}',
      '{update,c4,soft}',
      '{load_module,c5}',
      '{load_module,c6}',
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

  test('a cycle is told, and the same order every time; nothing is suspended together with it', async () => {
    const call = (module: string, text: string): string =>
      server(text, `call() -> ${module}:call().\n${CODE_CHANGE}`);
    const result = await generate(
      versions(
        { d: call('b', '1'), b: call('d', '1'), a: call('b', '1'), z: value('1') },
        { d: call('b', '2'), b: call('d', '2'), a: call('b', '2'), z: value('2') },
      ),
    );
    const update = (module: string): string => `{update,${module},{advanced,[]}}`;
    expect(only(result).up).toEqual([update('b'), update('d'), update('a'), '{load_module,z}']);
    expect(only(result).down).toEqual([...only(result).up].reverse());
    expect(result.notices).toEqual([{ id: 'call-cycle', application: 'a', modules: ['b', 'd'] }]);
    expect(result.relup.up[0]?.instructions).toContain('{suspend,[b]}');
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

describe('children of supervisors (H24)', () => {
  const start = 'start_link() -> supervisor:start_link({local, sup}, ?MODULE, []).';
  const sup = (body: string, more = start): string => `-behaviour(supervisor).\n${ALL}\n${more}\n${body}`;
  const children = (list: string, more?: string): string => sup(`init([]) -> {ok, {#{}, [${list}]}}.`, more);
  const child = (id: string, args = '[]'): string => `#{id => ${id}, start => {w, start_link, ${args}}}`;
  const call = (name: string, id: string): string => `{apply,{supervisor,${name},[sup,${id}]}}`;
  const update = '{update,sup,supervisor}';

  async function scripts(before: string, after: string) {
    const result = await generate(versions({ sup: before }, { sup: after }));
    return { ...only(result), notices: result.notices.map(({ id }) => id) };
  }

  test('added, removed and replaced children are started and stopped, both ways', async () => {
    const before = children(`${child('same')}, ${child('gone')}, ${child('other')}`);
    const after = children(`${child('same')}, ${child('other', '[x]')}, ${child('added')}`);
    expect(await scripts(before, after)).toEqual({
      up: [
        call('terminate_child', 'other'),
        call('terminate_child', 'gone'),
        call('delete_child', 'gone'),
        update,
        call('restart_child', 'other'),
        call('restart_child', 'added'),
      ],
      down: [
        call('terminate_child', 'added'),
        call('delete_child', 'added'),
        call('terminate_child', 'other'),
        update,
        call('restart_child', 'gone'),
        call('restart_child', 'other'),
      ],
      notices: ['child-replaced'],
    });
  });

  test.each([
    ['tuples', '{b, {w, start_link, []}, permanent, 1000, worker, [w]}', ''],
    ['local functions', 'spec(b)', 'spec(Id) -> #{id => Id, start => {w, start_link, []}}.'],
    [
      'list functions and records',
      '[(spec(#w{id = I}))#{} || I <- lists:seq(1, 1)]',
      '-record(w, {id}).\nspec(#w{id = 1}) -> #{id => b, start => {w, start_link, []}}.',
    ],
  ])('specifications may be made of %s', async (_, list, more) => {
    const text = list.startsWith('[')
      ? `init([]) -> {ok, {#{}, ${list}}}.`
      : `init([]) -> {ok, {#{}, [${list}]}}.`;
    const record = more.startsWith('-record') ? `${more.split('\n')[0]}\n` : '';
    const rest = record === '' ? more : (more.split('\n')[1] ?? '');
    const { up, down, notices } = await scripts(children(''), sup(`${record}${start}\n${text}\n${rest}`, ''));
    expect(up).toEqual([update, call('restart_child', 'b')]);
    expect(down).toEqual([call('terminate_child', 'b'), call('delete_child', 'b'), update]);
    expect(notices).toEqual([]);
  });

  test('what only matters at the next restart replaces nobody', async () => {
    const specs = (more: string): string => `#{id => a, start => {w, start_link, []}${more}}`;
    const { up } = await scripts(
      children(specs('')),
      children(specs(', restart => transient, shutdown => 5')),
    );
    expect(up).toEqual([update]);
  });

  test('the children of a template have no names', async () => {
    const template = (args: string): string =>
      sup(`init([]) -> {ok, {#{strategy => simple_one_for_one}, [${child('a', args)}]}}.`);
    expect(await scripts(template('[]'), template('[x]'))).toEqual({
      up: [update],
      down: [update],
      notices: [],
    });
  });

  test.each([
    ['the environment', sup(`init([]) -> {ok, {#{}, application:get_env(a, children, [])}}.`)],
    [
      'a caught call with effects',
      sup(`init([]) -> try ets:new(t, []) catch _:_ -> ok end, {ok, {#{}, []}}.`),
    ],
    ['an endless loop', sup(`init([]) -> loop().\nloop() -> loop().`)],
    [
      'its argument',
      children('', 'start_link(X) -> supervisor:start_link({local, sup}, ?MODULE, X).')
        .replace('init([])', 'init(X)')
        .replace('#{}, []', '#{}, X'),
    ],
    [
      'another argument',
      children(child('b'), 'start_link() -> supervisor:start_link({local, sup}, ?MODULE, [x]).').replace(
        'init([])',
        'init(_)',
      ),
    ],
    [
      'a supervisor without a name',
      children(child('b'), 'start_link() -> supervisor:start_link(?MODULE, []).'),
    ],
  ])('what depends on %s is unknown, and told', async (_, after) => {
    const before = after.includes('start_link(?MODULE')
      ? children('', 'start_link() -> supervisor:start_link(?MODULE, []).')
      : children('');
    const { up, notices } = await scripts(before, after);
    expect(up).toEqual([update]);
    expect(notices).toEqual(['supervisor-children-unknown']);
  });

  test('a supervisor may be started by another module of its application', async () => {
    const app = `-behaviour(application).\n${ALL}\nstart(_, _) -> supervisor:start_link({local, sup}, sup, []).`;
    const result = await generate(
      versions({ sup: children('', ''), app }, { sup: children(child('b'), ''), app }),
    );
    expect(only(result).up).toEqual([update, call('restart_child', 'b')]);
  });

  test('a supervisor that is itself new below another is left alone: it starts with its new children', async () => {
    const top = (list: string): string =>
      `-behaviour(supervisor).\n${ALL}\nstart_link() -> supervisor:start_link({local, top}, ?MODULE, []).\ninit([]) -> {ok, {#{}, [${list}]}}.`;
    const result = await generate(
      versions(
        { top: top(''), sup: children(''), w: value('1') },
        {
          top: top('#{id => sup, start => {sup, start_link, []}}'),
          sup: children(child('b')),
          w: value('1'),
        },
      ),
    );
    expect(only(result).up).toEqual([
      update,
      '{update,top,supervisor}',
      '{apply,{supervisor,restart_child,[top,sup]}}',
    ]);
  });
});

describe('relup.config and corrections', () => {
  const before = { a: value('1'), b: value('1') };
  const after = { a: value('2'), b: value('2') };
  const config = (text: string): string => {
    const file = join(dir, `relup-${count}.config`);
    writeFileSync(file, text);
    return file;
  };

  test('the example of docs/appups.md: restart, purge by module, instructions around the generated ones', async () => {
    const page = readFileSync(join(projectRoot, 'docs/appups.md'), 'utf8');
    const [, example = ''] = /```erlang\n%% relup\.config\n([\s\S]*?)```/.exec(page) ?? [];
    const file = config(example);
    const listed = await erlang.query<unknown>('config', [file]);
    expect(listed).toEqual([
      { application: 'legacy', strategy: 'restart', native: false },
      { application: 'payments', strategy: 'require', native: false },
      { application: 'shop', strategy: null, native: false },
      { application: 'storage', strategy: 'refuse', native: false },
    ]);
    const shop = (text: string): Record<string, string> => ({
      shop_cart: server(text, CODE_CHANGE),
      shop_price: value(text),
    });
    const result = await generate(
      {
        '1': { shop: { vsn: '1', modules: shop('1') }, legacy: { vsn: '1', modules: { x: value('1') } } },
        '2': { shop: { vsn: '2', modules: shop('2') }, legacy: { vsn: '2', modules: { x: value('2') } } },
      },
      'brutal',
      { configFile: file, corrections: [] },
    );
    const instructions = ({ up, down }: GeneratedAppup): unknown => [
      up[0]?.instructions,
      down[0]?.instructions,
    ];
    expect(result.notices).toContainEqual({
      id: 'application-restarted',
      application: 'legacy',
      modules: [],
    });
    const [legacy, generated] = result.appups as [GeneratedAppup, GeneratedAppup];
    expect(instructions(legacy)).toEqual([
      ['{restart_application,legacy}'],
      ['{restart_application,legacy}'],
    ]);
    expect(instructions(generated)).toEqual([
      [
        '{apply,{shop_price,freeze,[]}}',
        '{update,shop_cart,{advanced,[]}}',
        '{load_module,shop_price,soft_purge,soft_purge,[]}',
        '{apply,{shop_price,thaw,[]}}',
      ],
      [
        '{load_module,shop_price,soft_purge,soft_purge,[]}',
        '{update,shop_cart,{advanced,[]}}',
        '{apply,{shop_price,thaw,[]}}',
      ],
    ]);
  });

  test('a purge mode may be given for a whole application', async () => {
    const file = config('{a, [{purge, soft_purge}]}.');
    const result = await generate(versions({ m: value('1') }, { m: value('2') }), 'brutal', {
      configFile: file,
      corrections: [],
    });
    expect(only(result).up).toEqual(['{load_module,m,soft_purge,soft_purge,[]}']);
  });

  test.each([
    ['{a, [', 'line 2: the full stop at its end is missing'],
    ['[a].', '[a] is not of the form {Application, [Option]}'],
    ['{a, []}. {a, []}.', 'a stands there twice'],
    [
      '{a, [{strategy, reboot}]}.',
      'the strategy of a must be restart, generate, require or refuse, not reboot',
    ],
    [
      '{a, [{purge, hard}]}.',
      'purge of a must be soft_purge, brutal_purge or a list of {Module, soft_purge | brutal_purge}, not hard',
    ],
    ['{a, [{purge, [{m, soft}]}]}.', 'not {m,soft}'],
    [
      '{a, [{up, [{load_module, m}]}]}.',
      "up of a must be a list of {before, Instructions} and {'after', Instructions}",
    ],
    ['{a, [{native, yes}]}.', 'native of a must be allow, not yes'],
    ['{a, [{before, []}]}.', 'a has the option {before,[]}, but there are only '],
  ])('a mistake in relup.config is told in words: %s', async (text, why) => {
    const projectDir = join(dir, `project-${count++}`);
    mkdirSync(projectDir);
    writeFileSync(join(projectDir, 'relup.config'), `${text}\n`);
    const failure = readAppupConfig(erlang, { projectDir, projectPath: 'sub' }, []);
    await expect(failure).rejects.toThrow(`relup.config cannot be used: `);
    await expect(failure).rejects.toThrow(why);
    await expect(failure).rejects.toMatchObject({ location: { file: 'sub/relup.config' } });
  });

  test('an application that is in no release is a mistake, too', async () => {
    const projectDir = join(dir, `project-${count++}`);
    mkdirSync(projectDir);
    writeFileSync(join(projectDir, 'relup.config'), '{shopp, []}.\n');
    await expect(readAppupConfig(erlang, { projectDir, projectPath: '' }, [])).rejects.toThrow(
      'relup.config names shopp, which is in none of the releases.',
    );
  });

  test('corrections stand first and last, in their version and direction only', async () => {
    const correction = { application: 'a', upFrom: '1', direction: 'up', position: 'last' } as const;
    const result = await generate(versions(before, after), 'brutal', {
      configFile: '',
      corrections: [
        { ...correction, instruction: '{apply,{supervisor,restart_child,[s,w]}}' },
        { ...correction, instruction: '{apply,{\'X.y\',f,["é"]}}' },
        { ...correction, direction: 'down', position: 'first', instruction: '{apply,{m,f,[]}}' },
        { ...correction, upFrom: '0', instruction: '{apply,{m,g,[]}}' },
        { ...correction, application: 'b', instruction: '{apply,{m,h,[]}}' },
      ],
    });
    expect(only(result)).toEqual({
      up: [
        '{load_module,a}',
        '{load_module,b}',
        '{apply,{supervisor,restart_child,[s,w]}}',
        `{apply,{'X.y',f,["é"]}}`,
      ],
      down: ['{apply,{m,f,[]}}', '{load_module,b}', '{load_module,a}'],
    });
    expect(result.relup.up[0]?.instructions.at(-2)).toBe('{apply,{supervisor,restart_child,[s,w]}}');
  });
});

describe('the order of applications (H28, H35)', () => {
  const app = (
    vsn: string,
    modules: Record<string, string>,
    more: Partial<SmallRelease[string]> = {},
  ): SmallRelease[string] => ({
    vsn,
    modules,
    ...more,
  });
  const runs = (name: string): Pick<SmallRelease[string], 'properties'> => ({
    properties: `{mod, {${name}, []}}`,
  });

  test('dependencies come first when upgrading and last when downgrading', async () => {
    const release = (vsn: string): SmallRelease => ({
      x: app(vsn, { x: value(vsn) }, { needs: ['y'] }),
      y: app(vsn, { y: value(vsn) }, { needs: ['z'] }),
      z: app(vsn, { z: value(vsn) }),
    });
    const { relup } = await generate({ '1': release('1'), '2': release('2') });
    ascending(positions(relup.up[0]?.instructions, '{load,{z,', '{load,{y,', '{load,{x,'));
    ascending(positions(relup.down[0]?.instructions, '{load,{x,', '{load,{y,', '{load,{z,'));
    expect(relup.up[0]?.instructions.join()).not.toContain('relup_segments');
  });

  test('an added application starts after what it needs, and before what needs it; and back', async () => {
    const { relup } = await generate({
      '1': { x: app('1', { x: value('1') }), z: app('1', { z: value('1') }) },
      '2': {
        x: app('2', { x: value('2') }, { needs: ['added'] }),
        z: app('2', { z: value('2') }),
        added: app('1', { added: value('1') }, { needs: ['z'], ...runs('added') }),
      },
    });
    ascending(
      // its code comes first of all: nobody calls it yet, and other added applications may
      positions(
        relup.up[0]?.instructions,
        '{load,{added,',
        '{load,{z,',
        '{apply,{application,start,[added',
        '{load,{x,',
      ),
    );
    ascending(
      positions(
        relup.down[0]?.instructions,
        '{load,{x,',
        '{apply,{application,stop,[added',
        '{remove,{added,',
        '{load,{z,',
      ),
    );
  });

  test('removed applications go last, those that need others before them; and back', async () => {
    const { relup } = await generate({
      '1': {
        x: app('1', { x: value('1') }, { needs: ['top'] }),
        low: app('1', { low: value('1') }),
        top: app('1', { top: value('1') }, { needs: ['low'] }),
      },
      '2': { x: app('2', { x: value('2') }) },
    });
    ascending(
      positions(
        relup.up[0]?.instructions,
        '{load,{x,',
        '{apply,{application,stop,[top',
        '{apply,{application,stop,[low',
      ),
    );
    ascending(
      positions(
        relup.down[0]?.instructions,
        '{apply,{application,start,[low',
        '{apply,{application,start,[top',
        '{load,{x,',
      ),
    );
  });

  test('a renamed application stops before its successor starts, and its modules stay loaded', async () => {
    const modules = (text: string): Record<string, string> => ({
      srv: server(text, CODE_CHANGE),
      cb: value(text),
    });
    const { relup } = await generate({
      '1': { before: app('1', modules('1'), runs('cb')), x: app('1', { x: value('1') }) },
      '2': { later: app('1', modules('2'), runs('cb')), x: app('2', { x: value('2') }) },
    });
    ascending(
      positions(
        relup.up[0]?.instructions,
        '{apply,{application,stop,[before',
        '{load,{srv,',
        '{apply,{application,start,[later',
      ),
    );
    ascending(
      positions(
        relup.down[0]?.instructions,
        '{apply,{application,stop,[later',
        '{load,{srv,',
        '{apply,{application,start,[before',
      ),
    );
    expect(relup.up[0]?.removes).toEqual([]);
    expect(relup.down[0]?.removes).toEqual([]);
  });

  test('a module of a library that is removed stays when another application has it now', async () => {
    const { relup } = await generate({
      '1': { gone: app('1', { moved: value('1'), rest: value('1') }), x: app('1', { x: value('1') }) },
      '2': { x: app('2', { x: value('2'), moved: value('1') }) },
    });
    expect([...(relup.up[0]?.loads ?? [])].sort()).toEqual(['moved', 'x']);
    expect(relup.up[0]?.removes).toEqual(['rest']);
    expect([...(relup.down[0]?.loads ?? [])].sort()).toEqual(['moved', 'rest', 'x']);
    expect(relup.down[0]?.removes).toEqual([]);
  });

  test('a module that moved to an added application is loaded with it, and by the old one on the way back', async () => {
    const { relup } = await generate({
      '1': { x: app('1', { x: value('moved:value()'), moved: value('1') }) },
      '2': {
        x: app('2', { x: value('moved:value(), 2') }, { needs: ['fresh'] }),
        fresh: app('1', { moved: value('2') }),
      },
    });
    expect(relup.up[0]?.loads).toEqual(['moved', 'x']);
    expect(relup.up[0]?.removes).toEqual([]);
    expect(relup.up[0]?.instructions.join()).toContain('{load_object_code,{fresh,"1",[moved]}}');
    expect([...(relup.down[0]?.loads ?? [])].sort()).toEqual(['moved', 'x']);
    expect(relup.down[0]?.removes).toEqual([]);
  });

  test('what else a release has is said: applications, moved modules, start phases', async () => {
    const phases = { properties: '{mod, {x, []}}, {start_phases, [{one, []}, {two, []}]}' };
    const result = await generate({
      '1': { gone: app('1', { moved: value('1') }), x: app('1', { x: value('1') }) },
      '2': {
        x: app('2', { x: value('2'), moved: value('1') }, phases),
        fresh: app('1', { fresh: value('1') }),
      },
    });
    const differences = [
      compareReleases(result.releases['1'] as BuiltRelease, result.releases['2'] as BuiltRelease),
    ];
    expect(
      applicationFindings(differences, result.relup).map(({ id, application, module }) => [
        id,
        application,
        module,
      ]),
    ).toEqual([
      ['application-added', 'fresh', undefined],
      ['application-removed', 'gone', undefined],
      ['module-moved', 'x', 'moved'],
      ['start-phase-added', 'x', undefined],
    ]);
  });
});
