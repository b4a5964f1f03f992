// Supervision trees that change: children added, removed, changed, in maps, tuples, nested, dynamic and computed.
import { ADD_3, child, counter, plain, server, shop, subtree, supervisor, total, tree } from '../modules.js';
import type { ReleaseText, Scenario } from '../scenario.js';

function shopOf(children: readonly string[], src: Record<string, string> = {}): ReleaseText {
  return { apps: { shop: tree('shop', children, { cart: counter('cart'), ...src }) } };
}

/** The new release: the supervisor with these children, and other changes in modules. */
function childrenNow(
  children: readonly string[],
  src: Record<string, string | null> = {},
  flags?: string,
): ReleaseText {
  return { apps: { shop: { src: { shop_sup: supervisor('shop_sup', children, flags), ...src } } } };
}

const ANSWERS = (name: string, upFrom: string, to: string) => ({
  ask: `gen_server:call(${name}, total)`,
  upFrom,
  to,
});
const ABSENT = (name: string, upFrom: string, to: string) => ({
  ask: `is_pid(whereis(${name}))`,
  upFrom,
  to,
});

const TUPLE = (id: string, restart = 'permanent') =>
  `{${id}, {${id}, start_link, []}, ${restart}, 5000, worker, [${id}]}`;
const TUPLE_SUP = (children: readonly string[]) =>
  supervisor('shop_sup', children).replace('{ok, {#{}', '{ok, {{one_for_one, 3, 10}');

const STORE = '{store_sup, {store_sup, start_link, []}, permanent, infinity, supervisor, [store_sup]}';

const WITH_ARGUMENT = `-behaviour(gen_server).
-export([start_link/1, init/1, handle_call/3, handle_cast/2]).
start_link(N) -> gen_server:start_link({local, till}, till, N, []).
init(N) -> {ok, N}.
handle_call(total, _, N) -> {reply, N, N}.
handle_cast(_, N) -> {noreply, N}.
`;

const STRATEGY = (strategy: string, children = [child('cart'), child('till')]) =>
  supervisor('shop_sup', children, `#{strategy => ${strategy}}`);

export const SUPERVISORS: readonly Scenario[] = [
  ...['one_for_all', 'rest_for_one'].map((strategy): Scenario => ({
    name: `a supervisor that is one_for_one becomes ${strategy}`,
    hazards: ['H133'],
    upFrom: {
      apps: {
        shop: tree('shop', [], {
          shop_sup: STRATEGY('one_for_one'),
          cart: counter('cart'),
          till: counter('till'),
        }),
      },
    },
    to: { apps: { shop: { src: { shop_sup: STRATEGY(strategy) } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  })),
  {
    name: 'a supervisor is simple_one_for_one no more',
    hazards: ['H133'],
    upFrom: {
      apps: {
        shop: tree('shop', [], {
          shop_sup: STRATEGY('simple_one_for_one', [child('cart')]),
          cart: counter('cart'),
        }),
      },
    },
    to: { apps: { shop: { src: { shop_sup: STRATEGY('one_for_one', [child('cart')]) } } } },
    expect: { refused: 'supervisor-strategy' },
  },
  {
    name: 'a child is added',
    hazards: ['H24'],
    upFrom: shopOf([child('cart')]),
    to: childrenNow([child('cart'), child('till')], { till: counter('till') }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('till', 'false', 'true')],
  },
  {
    name: 'a child is added whose module was there',
    hazards: ['H24'],
    upFrom: shopOf([child('cart')], { till: counter('till') }),
    to: childrenNow([child('cart'), child('till')]),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('till', 'false', 'true')],
  },
  {
    name: 'two children are added in front',
    hazards: ['H24'],
    upFrom: shopOf([child('cart')]),
    to: childrenNow([child('till'), child('clerk'), child('cart')], {
      till: counter('till'),
      clerk: counter('clerk'),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('clerk', 'false', 'true')],
  },
  {
    name: 'a child that calls another new child when it starts',
    hazards: ['H24', 'H28'],
    upFrom: shopOf([child('cart')]),
    to: childrenNow([child('cart'), child('till'), child('clerk')], {
      till: counter('till'),
      clerk: server('clerk', { state: 'gen_server:call(till, total)' }),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('clerk', 'false', 'true')],
  },
  {
    name: 'a child is removed, and its module with it',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), child('till')], { till: counter('till') }),
    to: childrenNow([child('cart')], { till: null }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('till', 'true', 'false')],
    replaced: ['till'],
  },
  {
    name: 'a child is removed, its module stays',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), child('till')], { till: counter('till') }),
    to: childrenNow([child('cart')]),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('till', 'true', 'false')],
    replaced: ['till'],
  },
  {
    name: 'one child makes room for another',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), child('till')], { till: counter('till') }),
    to: childrenNow([child('cart'), child('desk')], { till: null, desk: counter('desk') }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('till', 'true', 'false'), ABSENT('desk', 'false', 'true')],
  },
  {
    name: 'a child gets another id',
    hazards: ['H24'],
    upFrom: shopOf(['#{id => one, start => {cart, start_link, []}}']),
    to: childrenNow(['#{id => two, start => {cart, start_link, []}}']),
    expect: 'equal',
    replaced: ['cart'],
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '3', to: '0', back: '0' }],
  },
  {
    name: 'restart and shutdown of a child change',
    hazards: ['H24'],
    upFrom: shopOf([child('cart')]),
    to: childrenNow([child('cart', 'restart => transient, shutdown => 1000')]),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'the start arguments of a child change: it is started again with them',
    hazards: ['H24'],
    upFrom: shopOf(['#{id => till, start => {till, start_link, [1]}}', child('cart')], {
      till: WITH_ARGUMENT,
    }),
    to: childrenNow(['#{id => till, start => {till, start_link, [2]}}', child('cart')]),
    expect: 'equal',
    before: ADD_3,
    replaced: ['till'],
    asks: [ANSWERS('till', '1', '2'), total('3', '3')],
  },
  {
    name: 'a child is started by another module',
    hazards: ['H24'],
    upFrom: shopOf(['#{id => store, start => {store_ram, start_link, []}}', child('cart')], {
      store_ram: NAMED('store', 'store_ram', 'ram'),
    }),
    to: childrenNow(['#{id => store, start => {store_disk, start_link, []}}', child('cart')], {
      store_ram: null,
      store_disk: NAMED('store', 'store_disk', 'disk'),
    }),
    expect: 'equal',
    before: ADD_3,
    replaced: ['store'],
    asks: [ANSWERS('store', 'ram', 'disk'), total('3', '3')],
  },
  {
    name: 'children change places',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), child('till')], { till: counter('till') }),
    to: childrenNow([child('till'), child('cart')]),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'a nested supervisor with children is added',
    hazards: ['H24'],
    upFrom: shopOf([child('cart')]),
    to: childrenNow([child('cart'), subtree('till_sup')], {
      till_sup: supervisor('till_sup', [child('till')]),
      till: counter('till'),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('till', 'false', 'true')],
  },
  {
    name: 'a nested supervisor with children is removed',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), subtree('till_sup')], {
      till_sup: supervisor('till_sup', [child('till')]),
      till: counter('till'),
    }),
    to: childrenNow([child('cart')], { till_sup: null, till: null }),
    expect: 'equal',
    before: ADD_3,
    replaced: ['till', 'till_sup'],
    asks: [total('3', '3'), ABSENT('till', 'true', 'false')],
  },
  {
    name: 'a child is added in a nested supervisor',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), subtree('till_sup')], {
      till_sup: supervisor('till_sup', [child('till')]),
      till: counter('till'),
    }),
    to: {
      apps: {
        shop: {
          src: { till_sup: supervisor('till_sup', [child('till'), child('clerk')]), clerk: counter('clerk') },
        },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('clerk', 'false', 'true')],
  },
  {
    name: 'a child moves from one supervisor to a new one below it',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), child('till')], { till: counter('till') }),
    to: childrenNow([child('cart'), subtree('till_sup')], {
      till_sup: supervisor('till_sup', [child('till')]),
    }),
    expect: 'equal',
    before: ADD_3,
    replaced: ['till'],
    asks: [total('3', '3')],
  },
  {
    name: 'tuples become maps, the meaning stays',
    hazards: ['H24'],
    upFrom: { apps: { shop: shop({ shop_sup: TUPLE_SUP([TUPLE('cart')]) }) } },
    to: childrenNow([child('cart')], {}, '{one_for_one, 3, 10}'),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'a child is added in tuples',
    hazards: ['H24'],
    upFrom: { apps: { shop: shop({ shop_sup: TUPLE_SUP([TUPLE('cart')]) }) } },
    to: {
      apps: {
        shop: {
          src: { shop_sup: TUPLE_SUP([TUPLE('cart'), TUPLE('till', 'transient')]), till: counter('till') },
        },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('till', 'false', 'true')],
  },
  {
    name: 'a nested supervisor is removed in tuples',
    hazards: ['H24'],
    upFrom: {
      apps: {
        shop: shop({
          shop_sup: TUPLE_SUP([TUPLE('cart'), STORE]),
          store_sup: supervisor('store_sup', [child('store')]),
          store: counter('store'),
        }),
      },
    },
    to: { apps: { shop: { src: { shop_sup: TUPLE_SUP([TUPLE('cart')]), store_sup: null, store: null } } } },
    expect: 'equal',
    before: ADD_3,
    replaced: ['store', 'store_sup'],
    asks: [total('3', '3')],
  },
  {
    name: 'simple_one_for_one: running children go on in new code',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), subtree('line_sup')], { line_sup: DYNAMIC('5000'), line: LINE('N') }),
    to: { apps: { shop: { src: { line: LINE('{line, N}') } } } },
    expect: 'equal',
    before: 'supervisor:start_child(line_sup, [one]), supervisor:start_child(line_sup, [two])',
    asks: [{ ask: 'gen_server:call(two, total)', upFrom: '1', to: '{line,1}' }],
  },
  {
    name: 'simple_one_for_one: the template changes',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), subtree('line_sup')], { line_sup: DYNAMIC('5000'), line: LINE('N') }),
    to: { apps: { shop: { src: { line_sup: DYNAMIC('1000') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'a simple_one_for_one supervisor is added',
    hazards: ['H24'],
    upFrom: shopOf([child('cart')]),
    to: childrenNow([child('cart'), subtree('line_sup')], { line_sup: DYNAMIC('5000'), line: LINE('N') }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('line_sup', 'false', 'true')],
  },
  {
    name: 'computed children that stay as they are',
    hazards: ['H24', 'H25'],
    upFrom: shopOf([], { shop_sup: COMPUTED('[cart, till]', ''), till: counter('till') }),
    to: {
      apps: { shop: { src: { shop_sup: COMPUTED('[cart, till]', '-export([info/0]).\ninfo() -> new.\n') } } },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'a computed child more: the rehearsal finds the instructions that start and stop it',
    hazards: ['H24'],
    upFrom: shopOf([], { shop_sup: COMPUTED('[cart]', '') }),
    to: { apps: { shop: { src: { shop_sup: COMPUTED('[cart, till]', ''), till: counter('till') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('till', 'false', 'true')],
  },
  {
    name: 'a child more in a supervisor without a name',
    hazards: ['H24'],
    upFrom: shopOf([], { shop_sup: UNNAMED([child('cart')]) }),
    to: {
      apps: { shop: { src: { shop_sup: UNNAMED([child('cart'), child('till')]), till: counter('till') } } },
    },
    expect: { refused: 'rehearsal-supervision' },
  },
  {
    name: 'a supervisor registered under another name than its module',
    hazards: ['H24'],
    upFrom: shopOf([], {
      shop_sup: supervisor('shop_sup', [child('cart')]).replace('{local, shop_sup}', '{local, top}'),
    }),
    to: {
      apps: {
        shop: {
          src: {
            shop_sup: supervisor('shop_sup', [child('cart'), child('till')]).replace(
              '{local, shop_sup}',
              '{local, top}',
            ),
            till: counter('till'),
          },
        },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), ABSENT('till', 'false', 'true')],
  },
  {
    name: 'strategy and intensity of a supervisor change',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), child('till')], { till: counter('till') }),
    to: childrenNow(
      [child('cart'), child('till')],
      {},
      '#{strategy => one_for_all, intensity => 7, period => 20}',
    ),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'a supervisor becomes simple_one_for_one',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), subtree('line_sup')], {
      line_sup: supervisor('line_sup', []),
      line: LINE('N'),
    }),
    to: { apps: { shop: { src: { line_sup: DYNAMIC('5000') } } } },
    expect: { refused: 'supervisor-strategy' },
  },
  {
    name: 'init of a supervisor makes a table, and is run again',
    hazards: ['H25'],
    upFrom: shopOf([], { shop_sup: WITH_TABLE([child('cart')]) }),
    to: {
      apps: {
        shop: { src: { shop_sup: WITH_TABLE([child('cart'), child('till')]), till: counter('till') } },
      },
    },
    expect: { refused: 'rehearsal-node-restarted' },
  },
  {
    name: 'init of a supervisor makes a table, and only another function of it changes',
    hazards: ['H25'],
    upFrom: shopOf([], { shop_sup: WITH_TABLE([child('cart')]) }),
    to: {
      apps: {
        shop: {
          src: {
            shop_sup: `${WITH_TABLE([child('cart')]).replace('-export([', '-export([open/0, ')}open() -> true.\n`,
          },
        },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [
      total('3', '3'),
      { ask: 'erlang:function_exported(shop_sup, open, 0)', upFrom: 'false', to: 'true' },
    ],
  },
  {
    name: 'init of a supervisor makes a table, and the supervisor does not change',
    hazards: ['H25'],
    upFrom: shopOf([], { shop_sup: WITH_TABLE([child('cart')]) }),
    to: { apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'an application is restarted by relup.config, and another one had started children in it',
    hazards: ['H24', 'H127'],
    upFrom: {
      apps: {
        pools: tree('pools', [], { basin: counter('basin') }),
        shop: {
          ...tree('shop', [child('buyer')], {
            buyer: server('buyer', {
              state: `begin {ok, _} = supervisor:start_child(pools_sup, ${child('basin')}), 0 end`,
            }),
          }),
          applications: ['pools'],
        },
      },
    },
    to: {
      apps: { pools: { src: { basin: counter('basin', '{sum, N}') } } },
      files: { 'relup.config': '{pools, [{strategy, restart}]}.\n' },
    },
    expect: { refused: 'rehearsal-supervision' },
  },
  {
    name: 'a child that is added does not start',
    hazards: ['H24'],
    upFrom: shopOf([child('cart')]),
    to: childrenNow([child('cart'), child('till')], { till: server('till', { state: 'error(on_purpose)' }) }),
    expect: { refused: 'rehearsal-not-bootable' },
  },
  {
    name: 'a child that is added has nothing to do and says ignore',
    hazards: ['H24'],
    upFrom: shopOf([child('cart')]),
    to: childrenNow([child('cart'), child('till')], {
      till: '-export([start_link/0]).\nstart_link() -> ignore.\n',
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'a temporary child that has ended stays ended',
    hazards: ['H24'],
    upFrom: shopOf([child('cart'), child('once', 'restart => temporary')], {
      once: '-export([start_link/0]).\nstart_link() -> {ok, proc_lib:spawn_link(fun() -> ok end)}.\n',
    }),
    to: { apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'a child names modules that are not its own',
    hazards: ['H30'],
    upFrom: shopOf(['#{id => cart, start => {cart, start_link, []}, modules => [shop_app]}'], {
      price: plain('1'),
    }),
    to: { apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'a process that calls itself a supervisor and is none',
    hazards: ['H30'],
    upFrom: shopOf([child('cart', 'type => supervisor')], {
      cart: server('cart', {
        calls:
          'handle_call({add, M}, _, N) -> {reply, ok, N + M};\nhandle_call(total, _, N) -> {reply, N, N}.',
        codeChange: 'code_change(_, State, _) -> {ok, State}.',
      }),
    }),
    to: {
      apps: {
        shop: {
          src: {
            cart: server('cart', {
              calls:
                'handle_call({add, M}, _, N) -> {reply, ok, N + M};\nhandle_call(total, _, N) -> {reply, {sum, N}, N}.',
              codeChange: 'code_change(_, State, _) -> {ok, State}.',
            }),
          },
        },
      },
    },
    expect: { refused: 'rehearsal-refused' },
    before: ADD_3,
  },
];

function NAMED(name: string, module: string, answer: string): string {
  return server(module, { calls: `handle_call(total, _, N) -> {reply, ${answer}, N}.` }).replace(
    `{local, ${module}}`,
    `{local, ${name}}`,
  );
}

function LINE(answer: string): string {
  return `-behaviour(gen_server).
-export([start_link/1, init/1, handle_call/3, handle_cast/2]).
start_link(Name) -> gen_server:start_link({local, Name}, line, [], []).
init([]) -> {ok, 1}.
handle_call(total, _, N) -> {reply, ${answer}, N}.
handle_cast(_, N) -> {noreply, N}.
`;
}

function DYNAMIC(shutdown: string): string {
  return supervisor(
    'line_sup',
    [child('line', `shutdown => ${shutdown}`)],
    '#{strategy => simple_one_for_one}',
  );
}

function COMPUTED(names: string, more: string): string {
  return `-behaviour(supervisor).
-export([start_link/0, init/1]).
${more}
start_link() -> supervisor:start_link({local, shop_sup}, shop_sup, []).
init([]) -> {ok, {#{}, [spec(Name) || Name <- application:get_env(shop, names, ${names})]}}.
spec(Name) -> #{id => Name, start => {Name, start_link, []}}.
`;
}

function UNNAMED(children: readonly string[]): string {
  return supervisor('shop_sup', children).replace('{local, shop_sup}, ', '');
}

function WITH_TABLE(children: readonly string[]): string {
  return supervisor('shop_sup', children).replace(
    'init([]) ->',
    'init([]) ->\n    shop_table = ets:new(shop_table, [named_table, public]),\n   ',
  );
}
