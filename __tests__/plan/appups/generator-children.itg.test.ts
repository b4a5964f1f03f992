import { describe, expect, test } from 'vitest';
import { ALL, generate, only, value, versions } from '../../support/generating.js';

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
