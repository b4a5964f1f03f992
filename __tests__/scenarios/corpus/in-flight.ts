// What is on its way while the code is exchanged, or was given away before: messages of another form, names, funs, and states that are
// converted to something else than the new code knows.
import { ADD_3, child, counter, server, total, tree } from '../modules.js';
import type { ApplicationText, Question, Scenario } from '../scenario.js';

/** Sends itself a message every few milliseconds. */
const ticker = (message: string, taken: string, more = ''): string =>
  server('clock', {
    state: `begin erlang:send_after(5, self(), ${message}), 0 end`,
    calls: `handle_call(alive, _From, N) -> {reply, is_integer(N), N}.`,
    more: `-export([handle_info/2]).
handle_info(${taken}, N) -> erlang:send_after(5, self(), ${message}), {noreply, N + 1}${more}.`,
  });
const IGNORING = ';\nhandle_info(_, N) -> {noreply, N}';
const clock = (text: string): ApplicationText => tree('shop', [child('clock')], { clock: text });

/** A counter under another name than its module's. */
const named = (name: string, codeChange?: string): string =>
  server('cart', codeChange === undefined ? {} : { codeChange }).replace('{local, cart}', `{local, ${name}}`);

const cart = (fields: string, answer: string, codeChange?: string): string =>
  server('cart', {
    state: '#state{}',
    calls: `handle_call({add, M}, _From, #state{sum = N} = State) -> {reply, ok, State#state{sum = N + M}};
handle_call(total, _From, #state{sum = N} = State) -> {reply, ${answer}, State}.`,
    more: `-record(state, {${fields}}).`,
    ...(codeChange === undefined ? {} : { codeChange }),
  });

/** An alarm handler of the release in OTP's own event manager. */
const HANDLER = (fields: string, answer: string, codeChange: string): string => `-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2, code_change/3]).
-record(alarms, {${fields}}).
init(_) -> {ok, #alarms{}}.
handle_event(_Alarm, State) -> {ok, State#alarms{count = State#alarms.count + 1}}.
handle_call(count, State) -> {ok, ${answer}, State}.
${codeChange}
`;
const WITH_HANDLER = `-behaviour(application).
-export([start/2, stop/1]).
start(_Type, _Args) -> ok = gen_event:add_handler(alarm_handler, shop_alarms, []), shop_sup:start_link().
stop(_State) -> ok.
`;

/** Children that are all alike. */
const POOL = `-behaviour(supervisor).
-export([start_link/0, init/1]).
start_link() -> supervisor:start_link({local, carts}, carts, []).
init([]) -> {ok, {#{strategy => simple_one_for_one}, [#{id => worker, start => {worker, start_link, []}}]}}.
`;
const worker = (state: string, answer: string, codeChange: string): string => `-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2, code_change/3]).
start_link() -> gen_server:start_link(worker, [], []).
init([]) -> {ok, ${state}}.
handle_call(get, _From, State) -> {reply, ${answer}, State}.
handle_cast(_, State) -> {noreply, State}.
${codeChange}
`;

const OF_ALL: Question['ask'] =
  'lists:usort([gen_server:call(P, get) || {_, P, _, _} <- supervisor:which_children(carts)])';

/** Gives a fun away when the application starts. */
const giving = (fun: string): string => `-behaviour(application).
-export([start/2, stop/1]).
start(_Type, _Args) -> persistent_term:put(shop_price, ${fun}), shop_sup:start_link().
stop(_State) -> ok.
`;
const price = (value: string): string =>
  `-export([fun_of/0, at/1]).\nfun_of() -> fun(N) -> {${value}, N} end.\nat(N) -> {${value}, N}.\n`;

/** A process of no supervisor. */
const LOOSE = `-behaviour(application).
-export([start/2, stop/1, loop/0]).
start(_Type, _Args) -> register(stray, spawn(fun() -> till_app:loop() end)), till_sup:start_link().
stop(_State) -> ok.
loop() -> receive after 60000 -> till_app:loop() end.
`;

/** Waits for the end of a time before it answers. */
const WAITING = (content: string, taken: string): string => `-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, waiting/3, ready/3]).
start_link() -> gen_statem:start_link({local, waiter}, waiter, [], []).
init([]) -> {ok, waiting, 0, [{state_timeout, 60000, ${content}}]}.
callback_mode() -> state_functions.
waiting(state_timeout, ${taken}, N) -> {next_state, ready, N};
waiting(_Type, _Content, _) -> {keep_state_and_data, postpone}.
ready({call, From}, get, N) -> {keep_state_and_data, [{reply, From, N}]}.
`;
const waiter = (source: string): ApplicationText => tree('shop', [child('waiter')], { waiter: source });

export const IN_FLIGHT: readonly Scenario[] = [
  {
    name: 'a timeout of a gen_statem that has begun brings what the new state function does not take',
    upFrom: { apps: { shop: waiter(WAITING('3', '_Tries')) } },
    to: { apps: { shop: { src: { waiter: WAITING('#{tries => 3}', '#{tries := _}') } } } },
    expect: 'equal',
    finds: ['message-gone'],
  },
  {
    name: 'a timeout of a gen_statem whose content is taken as before',
    upFrom: { apps: { shop: waiter(WAITING('again', 'again')) } },
    to: { apps: { shop: { src: { waiter: WAITING('again', '_Content') } } } },
    expect: 'equal',
    never: ['message-gone'],
  },
  {
    name: 'a timer brings a message that the new code does not know, and the process dies',
    upFrom: { apps: { shop: clock(ticker('tick', 'tick')) } },
    to: { apps: { shop: { src: { clock: ticker('{tick, 1}', '{tick, _}') } } } },
    expect: { refused: 'rehearsal-process-died' },
    finds: ['message-gone'],
  },
  {
    name: 'a timer brings a message that the new code lets pass, and the process is never woken again',
    upFrom: { apps: { shop: clock(ticker('tick', 'tick', IGNORING)) } },
    to: { apps: { shop: { src: { clock: ticker('{tick, 1}', '{tick, _}', IGNORING) } } } },
    expect: 'equal',
    finds: ['message-gone'],
    asks: [{ ask: 'gen_server:call(clock, alive)', upFrom: 'true', to: 'true' }],
  },
  {
    name: 'a process is registered under another name from now on',
    upFrom: { apps: { shop: tree('shop', [child('cart')], { cart: named('cart') }) } },
    to: { apps: { shop: { src: { cart: named('basket') } } } },
    expect: { refused: 'rehearsal-supervision' },
  },
  {
    name: 'a process is registered under another name from now on, by its code_change',
    upFrom: { apps: { shop: tree('shop', [child('cart')], { cart: named('cart') }) } },
    to: {
      apps: {
        shop: {
          src: {
            cart: named(
              'basket',
              `code_change({down, _}, State, _) -> unregister(basket), register(cart, self()), {ok, State};
code_change(_, State, _) -> unregister(cart), register(basket, self()), {ok, State}.`,
            ),
          },
        },
      },
    },
    expect: 'equal',
    replaced: ['cart', 'basket'],
    asks: [{ ask: 'whereis(basket) =:= undefined', upFrom: 'true', to: 'false' }],
  },
  {
    name: 'code_change makes the same as before of the state',
    hazards: ['H26'],
    upFrom: { apps: { shop: tree('shop', [child('cart')], { cart: cart('sum = 0', 'N') }) } },
    to: {
      apps: {
        shop: {
          src: {
            cart: cart(
              'sum = 0, currency = eur',
              '{N, State#state.currency}',
              'code_change(_, {state, Sum}, _) -> {ok, {state, Sum}};\ncode_change({down, _}, {state, Sum, _}, _) -> {ok, {state, Sum}}.',
            ),
          },
        },
      },
    },
    expect: { refused: 'state-changed' },
  },
  {
    name: 'a persistent term holds a fun of the old code',
    hazards: ['H78'],
    upFrom: {
      apps: {
        shop: tree('shop', [child('cart')], {
          cart: counter('cart'),
          shop_app: giving('price:fun_of()'),
          price: price('old'),
        }),
      },
    },
    to: { apps: { shop: { src: { price: price('new') } } } },
    expect: 'equal',
    finds: ['rehearsal-old-fun'],
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'a persistent term holds a fun by its name',
    hazards: ['H78'],
    upFrom: {
      apps: {
        shop: tree('shop', [child('cart')], {
          cart: counter('cart'),
          shop_app: giving('fun price:at/1'),
          price: price('old'),
        }),
      },
    },
    to: { apps: { shop: { src: { price: price('new') } } } },
    expect: 'equal',
    asks: [{ ask: '(persistent_term:get(shop_price))(1)', upFrom: '{old,1}', to: '{new,1}' }],
  },
  {
    name: 'a handler in an event manager of OTP converts its state',
    hazards: ['H26'],
    upFrom: {
      apps: {
        shop: tree(
          'shop',
          [],
          {
            shop_app: WITH_HANDLER,
            shop_alarms: HANDLER(
              'count = 0',
              'State#alarms.count',
              'code_change(_, State, _) -> {ok, State}.',
            ),
          },
          { applications: ['sasl'] },
        ),
      },
    },
    to: {
      apps: {
        shop: {
          src: {
            shop_alarms: HANDLER(
              'count = 0, level = info',
              '{State#alarms.count, State#alarms.level}',
              `code_change({down, _}, {alarms, Count, _}, _) -> {ok, {alarms, Count}};
code_change(_, {alarms, Count}, _) -> {ok, #alarms{count = Count}}.`,
            ),
          },
        },
      },
    },
    expect: 'equal',
    before: 'gen_event:sync_notify(alarm_handler, fire)',
    asks: [{ ask: 'gen_event:call(alarm_handler, shop_alarms, count)', upFrom: '1', to: '{1,info}' }],
  },
  {
    name: 'the state of children that are all alike is converted',
    hazards: ['H26'],
    upFrom: {
      apps: {
        shop: tree('shop', [child('carts', 'type => supervisor')], {
          carts: POOL,
          worker: worker('1', 'State', 'code_change(_, State, _) -> {ok, State}.'),
        }),
      },
    },
    to: {
      apps: {
        shop: {
          src: {
            worker: worker(
              '{1, eur}',
              'State',
              'code_change({down, _}, {N, _}, _) -> {ok, N};\ncode_change(_, N, _) -> {ok, {N, usd}}.',
            ),
          },
        },
      },
    },
    expect: 'equal',
    before: '[supervisor:start_child(carts, []) || _ <- lists:seq(1, 20)]',
    asks: [{ ask: OF_ALL, upFrom: '[1]', to: '[{1,usd}]' }],
  },
  {
    name: 'an application is removed that has a process of no supervisor',
    hazards: ['H35'],
    upFrom: {
      apps: {
        shop: tree('shop', [child('cart')], { cart: counter('cart') }),
        till: tree('till', [], { till_app: LOOSE }),
      },
    },
    to: { apps: { till: null, shop: { src: { cart: counter('cart', '{sum, N}') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
    replaced: ['till_sup', 'stray'],
  },
  {
    name: 'a module does something when it is loaded',
    upFrom: { apps: { shop: tree('shop', [child('cart')], { cart: counter('cart'), price: price('old') }) } },
    to: {
      apps: {
        shop: {
          src: {
            price: `-on_load(loaded/0).\n-export([fun_of/0, at/1]).\nloaded() -> persistent_term:put(shop_loaded, true), ok.\nfun_of() -> ok.\nat(N) -> {loaded, N}.\n`,
          },
        },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), { ask: 'price:at(1)', upFrom: '{old,1}', to: '{loaded,1}' }],
  },
  {
    name: 'a module that does something when it is loaded refuses to be',
    upFrom: { apps: { shop: tree('shop', [child('cart')], { cart: counter('cart'), price: price('old') }) } },
    to: {
      apps: {
        shop: {
          src: {
            price: `-on_load(loaded/0).\n-export([at/1, fun_of/0]).\nloaded() -> case erlang:whereis(cart) of undefined -> ok; _ -> not_while_it_runs end.\nat(N) -> N.\nfun_of() -> ok.\n`,
          },
        },
      },
    },
    expect: { refused: 'rehearsal-node-restarted' },
  },
];
