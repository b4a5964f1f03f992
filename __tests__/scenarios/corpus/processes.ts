// One scenario for each kind of process and callback module whose code changes while it runs.
import { ADD_3, callback, child, counter, plain, server, shop, supervisor, total, tree } from '../modules.js';
import type { ApplicationText, ReleaseText, Scenario } from '../scenario.js';

/** An application `shop` with one child of this module. */
function running(id: string, text: string, spec = child(id)): ReleaseText {
  return { apps: { shop: tree('shop', [spec], { [id]: text }) } };
}

function changed(src: Record<string, string | null>): ReleaseText {
  return { apps: { shop: { src } } };
}

const DOOR = (opened: string) => `-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, locked/3, open/3]).
start_link() -> gen_statem:start_link({local, door}, door, [], []).
init([]) -> {ok, locked, 0}.
callback_mode() -> state_functions.
locked({call, From}, push, N) -> {next_state, open, N + 1, [{reply, From, ${opened}}]}.
open({call, From}, push, N) -> {keep_state, N + 1, [{reply, From, {open, N}}]}.
`;

/** The door with a callback_mode/0 and functions of its own. */
const LATCH = (
  mode: string,
  exported: string,
  functions: string,
  codeChange?: string,
) => `-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, ${exported}${codeChange === undefined ? '' : ', code_change/4'}]).
start_link() -> gen_statem:start_link({local, latch}, latch, [], []).
init([]) -> {ok, shut, 0}.
callback_mode() -> ${mode}.
${functions}
${codeChange ?? ''}
`;
const SHUT = 'shut({call, From}, push, N) -> {keep_state, N + 1, [{reply, From, N}]}.';
const CLOSED = 'closed({call, From}, push, N) -> {keep_state, N + 1, [{reply, From, N}]}.';
const ANY = 'handle_event({call, From}, push, _, N) -> {keep_state, N + 1, [{reply, From, N}]}.';
const LATCHED = running('latch', LATCH('state_functions', 'shut/3', SHUT));

const LAMP = (value: string) => `-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, handle_event/4]).
start_link() -> gen_statem:start_link({local, lamp}, lamp, [], []).
init([]) -> {ok, off, 0}.
callback_mode() -> [handle_event_function, state_enter].
handle_event(enter, _, _, _) -> keep_state_and_data;
handle_event({call, From}, push, off, N) -> {next_state, on, N + 1, [{reply, From, ok}]};
handle_event({call, From}, push, on, N) -> {next_state, off, N + 1, [{reply, From, ok}]};
handle_event({call, From}, get, State, N) -> {keep_state_and_data, [{reply, From, {State, ${value}}}]}.
`;

const MANAGER = `-export([start_link/0]).
start_link() ->
    {ok, Pid} = gen_event:start_link({local, alarms}),
    ok = gen_event:add_handler(Pid, alarm_log, []),
    {ok, Pid}.
`;
const HANDLER = (answer: string) => `-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2]).
init([]) -> {ok, 0}.
handle_event(_Alarm, N) -> {ok, N + 1}.
handle_call(count, N) -> {ok, ${answer}, N}.
`;

const SPECIAL = (answer: string) => `-export([start_link/0, init/1, loop/2]).
-export([system_continue/3, system_terminate/4, system_code_change/4]).
start_link() -> proc_lib:start_link(ticker, init, [self()]).
init(Parent) ->
    register(ticker, self()),
    proc_lib:init_ack(Parent, {ok, self()}),
    ticker:loop(Parent, 0).
loop(Parent, N) ->
    receive
        {system, From, Request} -> sys:handle_system_msg(Request, From, Parent, ticker, [], N);
        {ask, From} -> From ! {told, ${answer}}, ticker:loop(Parent, N);
        tick -> ticker:loop(Parent, N + 1)
    end.
system_continue(Parent, _Debug, N) -> ticker:loop(Parent, N).
system_terminate(Reason, _Parent, _Debug, _N) -> exit(Reason).
system_code_change(N, _Module, _OldVsn, _Extra) -> {ok, N}.
`;
const ASK_TICKER = 'ticker ! {ask, self()}, receive {told, Told} -> Told after 5000 -> silent end';

const BRIDGE = (value: string) => `-behaviour(supervisor_bridge).
-export([start_link/0, init/1, terminate/2, value/0]).
start_link() -> supervisor_bridge:start_link({local, bridge}, bridge, []).
init([]) -> {ok, spawn_link(timer, sleep, [infinity]), []}.
terminate(_Reason, _State) -> ok.
value() -> ${value}.
`;

const KEEPER = tree('shop', [child('keeper')], {
  price: '-export([fn/0]).\nfn() -> fun(X) -> X + 1 end.\n',
  keeper: server('keeper', {
    state: 'price:fn()',
    calls: 'handle_call({apply, X}, _, F) -> {reply, F(X), F}.',
  }),
});

export const PROCESSES: readonly Scenario[] = [
  {
    name: 'a module is compiled by the release itself, each time it starts',
    hazards: ['H73', 'H124'],
    upFrom: {
      otp: ['compiler'],
      apps: {
        shop: shop(
          {
            price: plain('1'),
            options: plain('packaged'),
            shop_app: callback(
              'begin make(), shop_sup end',
              `make() ->
    {ok, Tokens, _} = erl_scan:string("-module(options). "), {ok, Module} = erl_parse:parse_form(Tokens),
    {ok, Exports, _} = erl_scan:string("-export([f/0]). "), {ok, Export} = erl_parse:parse_form(Exports),
    {ok, Text, _} = erl_scan:string("f() -> made. "), {ok, Function} = erl_parse:parse_form(Text),
    {ok, options, Beam} = compile:forms([Module, Export, Function]),
    {module, options} = code:load_binary(options, code:which(options), Beam).`,
            ),
          },
          { applications: ['compiler'] },
        ),
      },
    },
    to: { apps: { shop: { src: { price: plain('2') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), { ask: 'options:f()', upFrom: 'made', to: 'made' }],
  },
  {
    name: 'gen_server: the process goes on with its state in the new code',
    upFrom: { apps: { shop: shop() } },
    to: changed({ cart: counter('cart', '{sum, N}') }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'gen_server in American spelling',
    hazards: ['H22'],
    upFrom: running('cart', counter('cart').replace('behaviour', 'behavior')),
    to: changed({ cart: counter('cart', '{sum, N}').replace('behaviour', 'behavior') }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'gen_server that exports code_change and keeps its state',
    hazards: ['H27'],
    upFrom: running('cart', server('cart', { codeChange: 'code_change(_, State, _) -> {ok, State}.' })),
    to: changed({
      cart: server('cart', {
        calls:
          'handle_call(total, _, N) -> {reply, {sum, N}, N};\nhandle_call({add, M}, _, N) -> {reply, ok, N + M}.',
        codeChange: 'code_change(_, State, _) -> {ok, State}.',
      }),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'gen_server with a name as Elixir gives it',
    upFrom: {
      apps: {
        shop: tree('shop', [child("'Elixir.Shop.Cart'")], {
          'Elixir.Shop.Cart': counter("'Elixir.Shop.Cart'"),
        }),
      },
    },
    to: changed({ 'Elixir.Shop.Cart': counter("'Elixir.Shop.Cart'", '{sum, N}') }),
    expect: 'equal',
    before: "gen_server:call('Elixir.Shop.Cart', {add, 3})",
    asks: [{ ask: "gen_server:call('Elixir.Shop.Cart', total)", upFrom: '3', to: '{sum,3}' }],
  },
  {
    name: 'gen_server that is not registered',
    upFrom: running('cart', counter('cart').replace('{local, cart}, ', '')),
    to: changed({ cart: counter('cart', '{sum, N}').replace('{local, cart}, ', '') }),
    expect: 'equal',
    before: '[{_, Pid, _, _}] = supervisor:which_children(shop_sup), gen_server:call(Pid, {add, 3})',
    asks: [
      {
        ask: '[{_, Pid, _, _}] = supervisor:which_children(shop_sup), gen_server:call(Pid, total)',
        upFrom: '3',
        to: '{sum,3}',
      },
    ],
  },
  {
    name: 'gen_server started by a module of another name',
    hazards: ['H30'],
    upFrom: {
      apps: {
        shop: tree('shop', ['#{id => cart, start => {cart_api, start, []}, modules => [cart]}'], {
          cart: counter('cart'),
          cart_api: '-export([start/0]).\nstart() -> cart:start_link().\n',
        }),
      },
    },
    to: changed({ cart: counter('cart', '{sum, N}') }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'gen_server in the middle of a long call',
    upFrom: running(
      'cart',
      server('cart', {
        calls:
          'handle_call(slow, From, N) -> timer:sleep(500), {reply, {From, N}, N + 1};\nhandle_call(total, _, N) -> {reply, N, N}.',
      }),
    ),
    to: changed({
      cart: server('cart', {
        calls:
          'handle_call(slow, _, N) -> {reply, slow, N};\nhandle_call(total, _, N) -> {reply, {sum, N}, N}.',
      }),
    }),
    expect: 'equal',
    before: 'gen_server:send_request(cart, slow)',
    asks: [total('1', '{sum,1}')],
  },
  {
    name: 'a gen_statem has another callback mode, and nothing tells its process',
    upFrom: LATCHED,
    to: changed({ latch: LATCH('handle_event_function', 'handle_event/4', ANY) }),
    expect: { refused: 'callback-mode' },
  },
  {
    name: 'a gen_statem has another callback mode, and code_change/4',
    upFrom: LATCHED,
    to: changed({
      latch: LATCH(
        'handle_event_function',
        'handle_event/4',
        ANY,
        'code_change(_Vsn, State, N, _Extra) -> {ok, State, N}.',
      ),
    }),
    expect: { told: 'callback-mode' },
    before: 'gen_statem:call(latch, push)',
    asks: [{ ask: 'gen_statem:call(latch, push)', upFrom: '1', to: '2' }],
  },
  {
    name: 'a state function is called otherwise, and a process is in that state',
    upFrom: LATCHED,
    to: changed({ latch: LATCH('state_functions', 'closed/3', CLOSED) }),
    expect: 'equal',
    finds: ['state-function-gone'],
  },
  {
    name: 'a state function is called otherwise, and code_change/4 says so',
    upFrom: LATCHED,
    to: changed({
      latch: LATCH(
        'state_functions',
        'closed/3',
        CLOSED,
        'code_change({down, _}, closed, N, _) -> {ok, shut, N};\ncode_change(_, shut, N, _) -> {ok, closed, N}.',
      ).replace('{ok, shut, 0}', '{ok, closed, 0}'),
    }),
    expect: 'equal',
    asks: [{ ask: 'element(1, sys:get_state(latch))', upFrom: 'shut', to: 'closed' }],
  },
  {
    name: 'gen_statem with a function for each state',
    upFrom: running('door', DOOR('opened')),
    to: changed({ door: DOOR('{opened, wide}') }),
    expect: 'equal',
    before: 'gen_statem:call(door, push)',
    asks: [{ ask: 'element(1, sys:get_state(door))', upFrom: 'open', to: 'open' }],
  },
  {
    name: 'gen_statem with one function for all states and state entry',
    upFrom: running('lamp', LAMP('N')),
    to: changed({ lamp: LAMP('{count, N}') }),
    expect: 'equal',
    before: 'gen_statem:call(lamp, push)',
    asks: [{ ask: 'gen_statem:call(lamp, get)', upFrom: '{on,1}', to: '{on,{count,1}}' }],
  },
  {
    name: 'gen_event: the handler goes on with its state',
    upFrom: {
      apps: {
        shop: tree('shop', ['#{id => alarms, start => {alarms, start_link, []}, modules => dynamic}'], {
          alarms: MANAGER,
          alarm_log: HANDLER('N'),
        }),
      },
    },
    to: changed({ alarm_log: HANDLER('{count, N}') }),
    expect: 'equal',
    before: 'gen_event:sync_notify(alarms, fire)',
    asks: [{ ask: 'gen_event:call(alarms, alarm_log, count)', upFrom: '1', to: '{count,1}' }],
  },
  {
    name: 'a special process that follows system messages',
    hazards: ['H30'],
    upFrom: running('ticker', SPECIAL('N')),
    to: changed({ ticker: SPECIAL('{ticks, N}') }),
    expect: 'equal',
    before: 'ticker ! tick',
    asks: [{ ask: ASK_TICKER, upFrom: '1', to: '{ticks,1}' }],
  },
  {
    name: 'supervisor: code changes, children do not',
    hazards: ['H25'],
    upFrom: { apps: { shop: shop() } },
    to: changed({
      shop_sup: supervisor('shop_sup', [child('cart')], '#{}', '-export([info/0]).\ninfo() -> new.\n'),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'supervisor_bridge',
    upFrom: running('bridge', BRIDGE('1'), child('bridge', 'type => supervisor')),
    to: changed({ bridge: BRIDGE('2') }),
    expect: 'equal',
    asks: [{ ask: 'bridge:value()', upFrom: '1', to: '2' }],
  },
  {
    name: 'the application callback changes',
    upFrom: { apps: { shop: shop() } },
    to: changed({ shop_app: callback('shop_sup', '-export([prep_stop/1]).\nprep_stop(State) -> State.\n') }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'one module is application callback and supervisor',
    hazards: ['H22'],
    upFrom: {
      apps: {
        shop: {
          mod: '{shop, []}',
          src: {
            shop: `-behaviour(application).\n-behaviour(supervisor).\n-export([start/2, stop/1, init/1]).
start(_, _) -> supervisor:start_link({local, shop}, shop, []).\nstop(_) -> ok.\ninit([]) -> {ok, {#{}, [${child('cart')}]}}.\n`,
            cart: counter('cart'),
          },
        },
      },
    },
    to: changed({
      shop: `-behaviour(application).\n-behaviour(supervisor).\n-export([start/2, stop/1, init/1, info/0]).
start(_, _) -> supervisor:start_link({local, shop}, shop, []).\nstop(_) -> ok.\ninit([]) -> {ok, {#{}, [${child('cart')}]}}.\ninfo() -> new.\n`,
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), { ask: 'erlang:function_exported(shop, info, 0)', upFrom: 'false', to: 'true' }],
  },
  {
    name: 'one module is gen_server and its own supervisor',
    hazards: ['H22'],
    upFrom: {
      apps: {
        shop: {
          mod: '{shop_app, []}',
          src: { shop_app: callback('shop'), shop: BOTH('N') },
        },
      },
    },
    to: changed({ shop: BOTH('{sum, N}') }),
    expect: 'equal',
    before: 'gen_server:call(shop_server, {add, 3})',
    asks: [{ ask: 'gen_server:call(shop_server, total)', upFrom: '3', to: '{sum,3}' }],
  },
  {
    name: 'a plain process that loops in its old code is killed',
    hazards: ['H30'],
    // The upgrade and the downgrade end it once each, so its supervisor must bear two restarts.
    upFrom: {
      apps: {
        shop: tree('shop', [], {
          shop_sup: supervisor('shop_sup', [child('looper')], '#{intensity => 9}'),
          looper: LOOPER('1'),
        }),
      },
    },
    to: changed({ looper: LOOPER('2') }),
    expect: { refused: 'rehearsal-process-died' },
    asks: [{ ask: 'looper:ask()', upFrom: '1', to: '2' }],
    replaced: ['looper'],
  },
  {
    // Purged code is not looked for in funs: the process lives on, and fails when it calls it. Nothing but a call shows it.
    name: 'a server that keeps a fun of a changed module in its state fails at its next call',
    upFrom: { apps: { shop: KEEPER } },
    to: changed({ price: '-export([fn/0]).\nfn() -> fun(X) -> X * 2 end.\n' }),
    expect: 'equal',
    replaced: ['keeper'],
    asks: [
      {
        ask: 'try gen_server:call(keeper, {apply, 10}) of Sum -> Sum catch exit:{{{badfun, _}, _}, _} -> badfun end',
        upFrom: '11',
        to: 'badfun',
        back: 'badfun',
      },
    ],
  },
  {
    name: 'a server that keeps an external fun of a changed module in its state',
    upFrom: {
      apps: {
        shop: tree('shop', [child('keeper')], {
          price: plain('1'),
          keeper: server('keeper', {
            state: 'fun price:f/0',
            calls: 'handle_call(apply, _, F) -> {reply, F(), F}.',
          }),
        }),
      },
    },
    to: changed({ price: plain('2') }),
    expect: 'equal',
    asks: [{ ask: 'gen_server:call(keeper, apply)', upFrom: '1', to: '2' }],
  },
  {
    name: 'two servers that call each other change together',
    hazards: ['H28'],
    upFrom: { apps: { shop: PAIR('1') } },
    to: {
      apps: {
        shop: { src: { left: PAIR('2').src?.['left'] ?? null, right: PAIR('2').src?.['right'] ?? null } },
      },
    },
    expect: 'equal',
    asks: [{ ask: 'gen_server:call(left, ask)', upFrom: '{left,{right,1}}', to: '{left,{right,2}}' }],
  },
  {
    name: 'a server hibernates while its code changes',
    upFrom: running(
      'cart',
      server('cart', {
        calls:
          'handle_call(total, _, N) -> {reply, N, N, hibernate};\nhandle_call({add, M}, _, N) -> {reply, ok, N + M, hibernate}.',
      }),
    ),
    to: changed({ cart: counter('cart', '{sum, N}') }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'a process that ends by itself now and then',
    hazards: ['H127'],
    upFrom: { apps: { shop: RESTLESS('1') } },
    to: { apps: { shop: { src: { price: plain('2') } } } },
    expect: 'equal',
    finds: ['rehearsal-process-died'],
    asks: [{ ask: 'price:f()', upFrom: '1', to: '2' }],
    replaced: ['caller'],
  },
];

function BOTH(answer: string): string {
  return `-behaviour(supervisor).
-behaviour(gen_server).
-export([start_link/0, start_server/0, init/1, handle_call/3, handle_cast/2]).
start_link() -> supervisor:start_link({local, shop_sup}, shop, supervisor).
start_server() -> gen_server:start_link({local, shop_server}, shop, server, []).
init(supervisor) -> {ok, {#{}, [#{id => server, start => {shop, start_server, []}}]}};
init(server) -> {ok, 0}.
handle_call({add, M}, _, N) -> {reply, ok, N + M};
handle_call(total, _, N) -> {reply, ${answer}, N}.
handle_cast(_, N) -> {noreply, N}.
`;
}

function LOOPER(answer: string): string {
  return `-export([start_link/0, init/0, ask/0]).
start_link() -> {ok, proc_lib:spawn_link(looper, init, [])}.
init() -> register(looper, self()), loop().
loop() -> receive {ask, From} -> From ! {told, ${answer}}, loop() end.
ask() -> ask(50).
ask(0) -> silent;
ask(N) ->
    try looper ! {ask, self()} of _ -> receive {told, Told} -> Told after 100 -> ask(N - 1) end
    catch error:badarg -> timer:sleep(20), ask(N - 1) end.
`;
}

function PAIR(value: string) {
  return tree('shop', [child('left'), child('right')], {
    left: server('left', {
      calls: `handle_call(value, _, N) -> {reply, ${value}, N};\nhandle_call(ask, _, N) -> {reply, {left, gen_server:call(right, value)}, N}.`,
    }),
    right: server('right', {
      calls: `handle_call(value, _, N) -> {reply, {right, ${value}}, N};\nhandle_call(ask, _, N) -> {reply, {right, gen_server:call(left, value)}, N}.`,
    }),
  });
}

/** `caller` looks for a server that is not there, and gives up. */
function RESTLESS(price: string): ApplicationText {
  return tree('shop', [], {
    shop_sup: supervisor('shop_sup', [child('caller')], '#{intensity => 1000, period => 1}'),
    price: plain(price),
    caller: server('caller', {
      state: 'begin erlang:send_after(400, self(), give_up), 0 end',
      more: '-export([handle_info/2]).\nhandle_info(give_up, State) -> {stop, econnrefused, State}.',
    }),
  });
}
