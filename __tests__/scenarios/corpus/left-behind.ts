// What an upgraded node keeps of the old release, or never gets, although every module is exchanged: the upgrade is proven, and a
// finding says the one thing to look at.
import { child, counter, plain, server, shop, supervisor, tree } from '../modules.js';
import type { ApplicationText, Question, ReleaseText, Scenario } from '../scenario.js';

/** A server whose state is an expression of its start, and which tells it. */
const keeper = (state: string, answer = 'State'): string =>
  server('keeper', { state, calls: `handle_call(get, _From, State) -> {reply, ${answer}, State}.` });

const kept = (state: string): ApplicationText => tree('shop', [child('keeper')], { keeper: keeper(state) });

const PRICES = 'file:consult(filename:join(code:priv_dir(shop), "prices"))';
const PROGRAM =
  'open_port({spawn_executable, "/bin/sh"}, [{args, [filename:join(code:priv_dir(shop), "echo.sh")]}])';

/** A gen_statem that leaves its first callback module, as protocols do after a handshake. */
const HANDSHAKE = `-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, handle_event/4]).
start_link() -> gen_statem:start_link({local, conn}, handshake, [], []).
init([]) -> {ok, hello, {data, 1}, [{state_timeout, 0, go}]}.
callback_mode() -> handle_event_function.
handle_event(state_timeout, go, hello, Data) -> {next_state, open, Data, [{change_callback_module, session}]}.
`;
const NEW_HANDSHAKE = `${HANDSHAKE.replace('{data, 1}', '{data, 1, fresh}').replace('init/1', 'init/1, code_change/4')}
code_change({down, _}, State, {data, N, _}, _Extra) -> {ok, State, {data, N}};
code_change(_Vsn, State, {data, N}, _Extra) -> {ok, State, {data, N, converted}}.
`;
const SESSION = (codeChange: string): string => `-behaviour(gen_statem).
-export([init/1, callback_mode/0, handle_event/4, code_change/4]).
init(_) -> {stop, never}.
callback_mode() -> handle_event_function.
handle_event({call, From}, get, open, Data) -> {keep_state, Data, [{reply, From, Data}]}.
${codeChange}
`;
const OLD_SESSION = SESSION('code_change(_Vsn, State, Data, _Extra) -> {ok, State, Data}.');
const NEW_SESSION = SESSION(`code_change({down, _}, State, {data, N, _}, _Extra) -> {ok, State, {data, N}};
code_change(_Vsn, State, {data, N}, _Extra) -> {ok, State, {data, N, converted}}.`);
const conn = (more = ''): ApplicationText =>
  tree('shop', [`#{id => conn, start => {handshake, start_link, []}${more}}`], {
    handshake: HANDSHAKE,
    session: OLD_SESSION,
  });
const DATA = (to: string): Question => ({ ask: 'gen_server:call(conn, get)', upFrom: '{data,1}', to });

const withPrice = (application: ApplicationText, price: string): ApplicationText => ({
  ...application,
  src: { ...application.src, price: plain(price) },
});

/** `till` keeps the process identifier of `cart`, which belongs to another application. */
const tills: ReleaseText = {
  apps: {
    shop: shop(),
    desk: tree(
      'desk',
      [child('till')],
      { till: server('till', { state: 'whereis(cart)' }) },
      { applications: ['shop'] },
    ),
  },
};

const LEVEL = (level: string): string => `[{kernel, [{logger_level, ${level}}]}].`;

const MAKES_PRICES = `-behaviour(application).
-export([start/2, stop/1]).
start(_Type, _Args) ->
    shop_prices = ets:new(shop_prices, [named_table, public]),
    shop_sup:start_link().
stop(_State) -> ok.
`;
const ASKING = (code: string): string => `-export([price/1]).\n${code}\n`;
const withPrices = (code: string): ApplicationText => {
  const application = shop();
  return { ...application, src: { ...application.src, prices: ASKING(code) } };
};

const PUTS_LIMIT = 'begin persistent_term:put({shop, limit}, 2), 0 end';
/** Answers what a limit is. */
const limited = (state: string, limit: string): string =>
  server('keeper', { state, calls: `handle_call(limit, _From, State) -> {reply, ${limit}, State}.` });

export const LEFT_BEHIND: readonly Scenario[] = [
  {
    name: 'an application that others depend on is restarted',
    upFrom: tills,
    to: {
      apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } },
      files: { 'relup.config': '{shop, [{strategy, restart}]}.\n' },
    },
    expect: 'equal',
    finds: ['dependents-not-restarted'],
    replaced: ['cart', 'shop_sup'],
  },
  {
    name: 'a process keeps the path of its priv folder',
    upFrom: { apps: { shop: kept('{root, code:priv_dir(shop)}') } },
    to: { apps: { shop: { src: { keeper: keeper('{root, code:priv_dir(shop)}', '{new, State}') } } } },
    expect: 'equal',
    finds: ['rehearsal-old-path'],
  },
  {
    name: 'a file in priv changes that a process has read at its start',
    upFrom: { apps: { shop: { ...kept(PRICES), files: { 'priv/prices': '{apple, 1}.\n' } } } },
    to: { apps: { shop: { files: { 'priv/prices': '{apple, 2}.\n' } } } },
    expect: 'equal',
    finds: ['priv-read-at-start'],
    asks: [{ ask: 'gen_server:call(keeper, get)', upFrom: '{ok,[{apple,1}]}', to: '{ok,[{apple,1}]}' }],
  },
  {
    name: 'a file in priv changes that a process has read, and code_change reads anew',
    upFrom: { apps: { shop: { ...kept(PRICES), files: { 'priv/prices': '{apple, 1}.\n' } } } },
    to: {
      apps: {
        shop: {
          src: {
            keeper: server('keeper', {
              state: PRICES,
              calls: 'handle_call(get, _From, State) -> {reply, State, State}.',
              codeChange: `code_change(_Vsn, _State, _Extra) -> {ok, ${PRICES}}.`,
            }),
          },
          files: { 'priv/prices': '{apple, 2}.\n' },
        },
      },
    },
    expect: 'equal',
    never: ['priv-read-at-start'],
  },
  {
    name: 'a program in priv changes that a process has started',
    upFrom: { apps: { shop: { ...kept(PROGRAM), files: { 'priv/echo.sh': 'exec cat\n' } } } },
    to: { apps: { shop: { files: { 'priv/echo.sh': 'exec cat -u\n' } } } },
    expect: 'equal',
    finds: ['priv-read-at-start'],
  },
  {
    name: 'a process asks for the path of sys.config',
    upFrom: { apps: { shop: kept('0') } },
    to: { apps: { shop: { src: { keeper: keeper('0', '{init:get_argument(config), State}') } } } },
    expect: 'equal',
    finds: ['reads-config-argument'],
  },
  {
    name: 'a gen_statem has left the module that its child specification names',
    hazards: ['H130'],
    upFrom: { apps: { shop: conn() } },
    to: { apps: { shop: { src: { session: NEW_SESSION } } } },
    expect: 'equal',
    finds: ['rehearsal-callback-module'],
    asks: [DATA('{data,1}')],
  },
  {
    name: 'a gen_statem whose child specification says dynamic',
    hazards: ['H130'],
    upFrom: { apps: { shop: conn(', modules => dynamic') } },
    to: { apps: { shop: { src: { session: NEW_SESSION } } } },
    expect: { refused: 'rehearsal-callback-module' },
  },
  {
    name: 'a gen_statem whose child specification says dynamic, and nothing is suspended',
    hazards: ['H130'],
    upFrom: { apps: { shop: withPrice(conn(', modules => dynamic'), '1') } },
    to: { apps: { shop: { src: { price: plain('2') } } } },
    expect: 'equal',
    asks: [DATA('{data,1}'), { ask: 'price:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'a supervisor below another one whose child specification says dynamic',
    hazards: ['H130'],
    upFrom: {
      apps: {
        shop: tree('shop', [child('carts', 'type => supervisor, modules => dynamic')], {
          carts: supervisor('carts', [child('cart')]),
          cart: counter('cart'),
        }),
      },
    },
    to: { apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } } },
    expect: { refused: 'rehearsal-node-restarted' },
  },
  {
    name: 'a gen_statem whose child specification names both its modules',
    hazards: ['H130'],
    upFrom: { apps: { shop: conn(', modules => [handshake, session]') } },
    to: { apps: { shop: { src: { session: NEW_SESSION } } } },
    expect: 'equal',
    asks: [DATA('{data,1,converted}')],
  },
  {
    name: 'a gen_statem whose two modules both convert its data',
    hazards: ['H130', 'H134'],
    upFrom: { apps: { shop: conn(', modules => [handshake, session]') } },
    to: { apps: { shop: { src: { session: NEW_SESSION, handshake: NEW_HANDSHAKE } } } },
    expect: 'equal',
    asks: [DATA('{data,1,converted}')],
  },
  {
    name: 'start/2 makes a table that the upgraded node never gets',
    hazards: ['H129'],
    upFrom: { apps: { shop: shop() } },
    to: {
      apps: {
        shop: {
          src: {
            shop_app: MAKES_PRICES,
          },
        },
      },
    },
    expect: { told: 'rehearsal-start-code' },
    finds: ['start-changed'],
  },
  {
    name: 'start/2 makes a table that changed code cannot do without',
    hazards: ['H129'],
    upFrom: { apps: { shop: withPrices('price(_) -> 1.') } },
    to: {
      apps: {
        shop: {
          src: { shop_app: MAKES_PRICES, prices: ASKING('price(Of) -> ets:lookup(shop_prices, Of).') },
        },
      },
    },
    expect: { refused: 'rehearsal-start-code' },
  },
  {
    name: 'start/2 makes a table that changed code makes, too, where it is not there',
    hazards: ['H129'],
    upFrom: { apps: { shop: withPrices('price(_) -> 1.') } },
    to: {
      apps: {
        shop: {
          src: {
            shop_app: MAKES_PRICES,
            prices: ASKING(`price(Of) ->
    case ets:whereis(shop_prices) of
        undefined -> [];
        _ -> ets:lookup(shop_prices, Of)
    end.`),
          },
        },
      },
    },
    expect: { told: 'rehearsal-start-code' },
  },
  {
    name: 'init/1 makes a persistent term that its own process cannot do without',
    hazards: ['H129'],
    upFrom: { apps: { shop: tree('shop', [child('keeper')], { keeper: limited('0', '1') }) } },
    to: { apps: { shop: { src: { keeper: limited(PUTS_LIMIT, 'persistent_term:get({shop, limit})') } } } },
    expect: { refused: 'rehearsal-start-code' },
  },
  {
    name: 'init/1 makes a persistent term that its own process has a default for',
    hazards: ['H129'],
    upFrom: { apps: { shop: tree('shop', [child('keeper')], { keeper: limited('0', '1') }) } },
    to: {
      apps: {
        shop: {
          src: {
            keeper: limited(PUTS_LIMIT, 'try persistent_term:get({shop, limit}) catch error:badarg -> 1 end'),
          },
        },
      },
    },
    expect: 'equal',
    finds: ['rehearsal-start-code'],
  },
  {
    name: 'a changed setting is read at the start only',
    hazards: ['H129'],
    upFrom: { apps: { shop: kept('application:get_env(shop, limit)') }, config: '[{shop, [{limit, 1}]}].' },
    to: {
      apps: { shop: { src: { keeper: keeper('application:get_env(shop, limit)', '{limit, State}') } } },
      config: '[{shop, [{limit, 2}]}].',
    },
    expect: 'equal',
    finds: ['rehearsal-config-change'],
  },
  {
    name: 'a setting of kernel that only a boot applies',
    hazards: ['H123'],
    upFrom: { apps: { shop: shop() }, config: LEVEL('notice') },
    to: { apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } }, config: LEVEL('warning') },
    expect: 'equal',
    finds: ['rehearsal-restart-only'],
  },
  {
    name: 'an application is started with another type than a boot gives it',
    hazards: ['H128'],
    upFrom: {
      apps: { shop: shop(), desk: tree('desk', [child('till')], { till: counter('till') }) },
      types: { desk: 'load' },
    },
    to: {
      apps: {
        shop: {
          src: { cart: counter('cart', '{sum, N}') },
          files: {
            'src/shop.appup.src': `{"1.1.0",
 [{"1.0.0", [{load_module, cart}, {apply, {application, start, [desk, temporary]}}]}],
 [{"1.0.0", [{apply, {application, stop, [desk]}}, {load_module, cart}]}]}.
`,
          },
        },
      },
      types: { desk: 'permanent' },
    },
    expect: 'equal',
    finds: ['rehearsal-start-type'],
  },
  {
    name: 'a supervisor restarts its children by another strategy',
    upFrom: { apps: { shop: shop() } },
    to: {
      apps: {
        shop: { src: { shop_sup: supervisor('shop_sup', [child('cart')], '#{strategy => one_for_all}') } },
      },
    },
    expect: 'equal',
  },
];
