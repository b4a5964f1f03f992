// State that changes its form, with and without a conversion, up and down.
import { ADD_3, child, plain, server, shop, tree } from '../modules.js';
import type { Question, ReleaseText, Scenario } from '../scenario.js';

function running(id: string, text: string, src: Record<string, string> = {}): ReleaseText {
  return { apps: { shop: tree('shop', [child(id)], { [id]: text, ...src }) } };
}

function changed(src: Record<string, string | null>, files: Record<string, string> = {}): ReleaseText {
  return { apps: { shop: { src, files } } };
}

/** A counter whose sum stands in the field `sum` of a record. */
function cart(fields: string, answer: string, codeChange?: string): string {
  return server('cart', {
    state: '#state{}',
    calls: `handle_call({add, M}, _From, #state{sum = N} = State) -> {reply, ok, State#state{sum = N + M}};
handle_call(total, _From, #state{sum = N} = State) -> {reply, ${answer}, State}.`,
    more: `-record(state, {${fields}}).`,
    ...(codeChange === undefined ? {} : { codeChange }),
  });
}

const PLAIN_CART = cart('sum = 0', 'N');
const ONE_MORE = 'sum = 0, currency = eur';
const WITH_CURRENCY = '{N, State#state.currency}';
/** Both directions: the record has one field more in the new release. */
const CONVERT = `code_change({down, _}, {state, Sum, _Currency}, _Extra) -> {ok, {state, Sum}};
code_change(_, {state, Sum}, _Extra) -> {ok, #state{sum = Sum}}.`;
const CONVERT_UP_ONLY = 'code_change(_, {state, Sum}, _Extra) -> {ok, #state{sum = Sum}}.';
/** The same, with a clause for states that are as they should be. */
const STALE = `${CONVERT.slice(0, -1)};\ncode_change(_, State, _Extra) -> {ok, State}.`;
const PASS = 'code_change(_, State, _) -> {ok, State}.';

const CONVERTED: Question = { ask: 'gen_server:call(cart, total)', upFrom: '3', to: '{3,eur}' };
const BOTH_WAYS = (instructions: string) =>
  `{"1.1.0", [{"1.0.0", ${instructions}}], [{"1.0.0", ${instructions}}]}.\n`;

const STATEM = (data: string, answer: string, more: string) => `-behaviour(gen_statem).
-export([start_link/0, init/1, callback_mode/0, handle_event/4${more === '' ? '' : ', code_change/4'}]).
-record(data, {${data}}).
start_link() -> gen_statem:start_link({local, lamp}, lamp, [], []).
init([]) -> {ok, off, #data{}}.
callback_mode() -> handle_event_function.
handle_event({call, From}, push, off, Data) -> {next_state, on, Data#data{count = Data#data.count + 1}, [{reply, From, ok}]};
handle_event({call, From}, get, State, Data) -> {keep_state_and_data, [{reply, From, {State, ${answer}}}]}.
${more}
`;

/** A server that hands calls, and the conversion of the state, to the module that it was started with. */
const KEEPER = `-behaviour(gen_server).
-export([start_link/1, init/1, handle_call/3, handle_cast/2, code_change/3]).
-callback init() -> {ok, term()}.
-callback asked(term(), term()) -> {term(), term()}.
start_link(Module) -> gen_server:start_link({local, Module}, ?MODULE, Module, []).
init(Module) -> {ok, State} = Module:init(), {ok, {Module, State}}.
handle_call(Question, _From, {Module, State}) -> {Answer, Next} = Module:asked(Question, State), {reply, Answer, {Module, Next}}.
handle_cast(_, State) -> {noreply, State}.
code_change(Vsn, {Module, State}, Extra) ->
    case erlang:function_exported(Module, code_change, 3) of
        true -> {ok, New} = Module:code_change(Vsn, State, Extra), {ok, {Module, New}};
        false -> {ok, {Module, State}}
    end.
`;

/** The same without a conversion. */
const DEAF_KEEPER = KEEPER.replace(', code_change/3', '').replace(/code_change\(Vsn[\s\S]*$/, '');

const MANAGER = `-export([start_link/0]).
start_link() ->
    {ok, Pid} = gen_event:start_link({local, alarms}),
    ok = gen_event:add_handler(Pid, alarm_log, []),
    {ok, Pid}.
`;
const HANDLER = (fields: string, answer: string, more: string) => `-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2${more === '' ? '' : ', code_change/3'}]).
-record(log, {${fields}}).
init([]) -> {ok, #log{}}.
handle_event(_Alarm, Log) -> {ok, Log#log{count = Log#log.count + 1}}.
handle_call(count, Log) -> {ok, ${answer}, Log}.
${more}
`;

const SPECIAL = (init: string, answer: string, change: string) => `-export([start_link/0, init/1, loop/2]).
-export([system_continue/3, system_terminate/4, system_code_change/4]).
start_link() -> proc_lib:start_link(ticker, init, [self()]).
init(Parent) ->
    register(ticker, self()),
    proc_lib:init_ack(Parent, {ok, self()}),
    ticker:loop(Parent, ${init}).
loop(Parent, State) ->
    receive
        {system, From, Request} -> sys:handle_system_msg(Request, From, Parent, ticker, [], State);
        {ask, From} -> From ! {told, ${answer}}, ticker:loop(Parent, State)
    end.
system_continue(Parent, _Debug, State) -> ticker:loop(Parent, State).
system_terminate(Reason, _Parent, _Debug, _State) -> exit(Reason).
${change}
`;

/** Hands the arguments of its loop on as a tuple, as ranch does. */
const LOOP = (fields: string, calls: string) => `-record(state, {parent, ${fields}}).
-export([start_link/0, init/1, loop/2]).
-export([system_continue/3, system_terminate/4, system_code_change/4]).
start_link() -> proc_lib:start_link(ticker, init, [self()]).
init(Parent) ->
    register(ticker, self()),
    proc_lib:init_ack(Parent, {ok, self()}),
    ticker:loop(#state{parent = Parent}, 7).
loop(#state{parent = Parent} = State, N) ->
    receive
        {system, From, Request} -> sys:handle_system_msg(Request, From, Parent, ticker, [], {State, N});
        {ask, From} -> From ! {told, tuple_size(State)}, ticker:loop(State, N)
    end.
system_continue(_, _, {State, N}) -> ticker:loop(State, N).
system_terminate(Reason, _Parent, _Debug, _State) -> exit(Reason).
${calls}
`;

/** Queues in a list in the state. */
const QUEUES = (fields: string, more = '') =>
  server('cart', {
    more: `-record(queue, {name, ${fields}size = 0}).\n-record(st, {queues = [] :: [#queue{}]}).\n`,
    state: '#st{queues = [#queue{name = a}]}',
    calls:
      'handle_call(total, _From, #st{queues = Qs} = St) -> {reply, [Size || #queue{size = Size} <- Qs], St}.',
    ...(more === '' ? {} : { codeChange: more }),
  });
const UP_ONLY = `code_change(_Vsn, #st{queues = Qs} = St, _Extra) -> {ok, St#st{queues = [convert(Q) || Q <- Qs]}}.
convert({queue, Name, Size}) -> #queue{name = Name, size = Size};
convert(Queue) -> Queue.`;
const EITHER_WAY = `code_change(_Vsn, #st{queues = Qs} = St, _Extra) -> {ok, St#st{queues = [convert(Q) || Q <- Qs]}}.
convert({queue, Name, Size}) -> #queue{name = Name, size = Size};
convert(#queue{name = Name, size = Size}) -> {queue, Name, Size}.`;

export const STATE: readonly Scenario[] = [
  {
    name: 'records in a list of the state are converted to their newer form only, whichever way it goes',
    hazards: ['H26'],
    upFrom: running('cart', QUEUES('')),
    to: changed({ cart: QUEUES('link, ', UP_ONLY) }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'records in a list of the state are converted by their form, which is right either way',
    upFrom: running('cart', QUEUES('')),
    to: changed({ cart: QUEUES('link, ', EITHER_WAY) }),
    expect: 'equal',
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '[0]', to: '[0]' }],
  },
  {
    name: 'a process of its own kind has a tuple of its state and other values converted',
    upFrom: running('ticker', LOOP('size = 0', 'system_code_change(State, _, _, _) -> {ok, State}.')),
    to: changed({
      ticker: LOOP(
        'link, size = 0',
        `system_code_change({#state{parent = Parent, size = Size}, N}, _, {down, _}, _) -> {ok, {{state, Parent, Size}, N}};
system_code_change({{state, Parent, Size}, N}, _, _, _) -> {ok, {#state{parent = Parent, size = Size}, N}}.`,
      ),
    }),
    expect: 'equal',
    asks: [
      {
        ask: 'ticker ! {ask, self()}, receive {told, Told} -> Told after 5000 -> silent end',
        upFrom: '3',
        to: '4',
      },
    ],
  },
  {
    name: 'the conversion of an earlier upgrade is still there, and takes no state of this one',
    hazards: ['H26'],
    upFrom: running('cart', cart(ONE_MORE, WITH_CURRENCY, CONVERT)),
    to: changed({ cart: cart(ONE_MORE, '{sum, N}', CONVERT) }),
    expect: { refused: 'state-converted-again' },
  },
  {
    name: 'the conversion of an earlier upgrade is still there, and goes too far down',
    hazards: ['H26'],
    upFrom: running('cart', cart(ONE_MORE, WITH_CURRENCY, STALE)),
    to: changed({ cart: cart(ONE_MORE, '{sum, N}', STALE) }),
    expect: { refused: 'state-converted-again' },
  },
  {
    name: 'the conversion of an earlier upgrade is still there, and is not called',
    upFrom: running('cart', cart(ONE_MORE, WITH_CURRENCY, STALE)),
    to: changed(
      { cart: cart(ONE_MORE, '{sum, N}', STALE) },
      { 'src/shop.appup.src': BOTH_WAYS('[{update, cart}]') },
    ),
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '{3,eur}', to: '{sum,3}' }],
  },
  {
    name: 'a record with one field more, converted both ways',
    hazards: ['H26'],
    upFrom: running('cart', PLAIN_CART),
    to: changed({ cart: cart(ONE_MORE, WITH_CURRENCY, CONVERT) }),
    expect: 'equal',
    before: ADD_3,
    asks: [CONVERTED],
  },
  {
    name: 'a record with one field more, converted both ways, code_change known to both releases',
    hazards: ['H26', 'H27'],
    upFrom: running('cart', cart('sum = 0', 'N', PASS)),
    to: changed({ cart: cart(ONE_MORE, WITH_CURRENCY, CONVERT) }),
    expect: 'equal',
    before: ADD_3,
    asks: [CONVERTED],
  },
  {
    name: 'a record with one field more and no conversion',
    hazards: ['H26'],
    upFrom: running('cart', PLAIN_CART),
    to: changed({ cart: cart(ONE_MORE, WITH_CURRENCY) }),
    expect: { refused: 'state-changed' },
    before: ADD_3,
  },
  {
    name: 'a record with one field more and a code_change that passes it on',
    hazards: ['H26'],
    upFrom: running('cart', cart('sum = 0', 'N', PASS)),
    to: changed({ cart: cart(ONE_MORE, WITH_CURRENCY, PASS) }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'a record with one field less, converted both ways',
    hazards: ['H26'],
    upFrom: running('cart', cart(ONE_MORE, WITH_CURRENCY, PASS)),
    to: changed({
      cart: cart(
        'sum = 0',
        'N',
        `code_change({down, _}, {state, Sum}, _) -> {ok, {state, Sum, usd}};
code_change(_, {state, Sum, _}, _) -> {ok, #state{sum = Sum}}.`,
      ),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '{3,eur}', to: '3', back: '{3,usd}' }],
  },
  {
    name: 'a record with one field less and no conversion',
    hazards: ['H26'],
    upFrom: running('cart', cart(ONE_MORE, WITH_CURRENCY)),
    to: changed({ cart: PLAIN_CART }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'a record whose fields change places, converted both ways',
    hazards: ['H26'],
    upFrom: running('cart', cart('sum = 0, currency = eur', WITH_CURRENCY, PASS)),
    to: changed({
      cart: cart(
        'currency = eur, sum = 0',
        WITH_CURRENCY,
        'code_change(_, {state, A, B}, _) -> {ok, {state, B, A}}.',
      ),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '{3,eur}', to: '{3,eur}' }],
  },
  {
    name: 'a record whose fields change places and no conversion',
    hazards: ['H26'],
    upFrom: running('cart', cart('sum = 0, currency = eur', WITH_CURRENCY)),
    to: changed({ cart: cart('currency = eur, sum = 0', WITH_CURRENCY) }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'a record that converts only upwards',
    hazards: ['H26', 'H33'],
    upFrom: running('cart', cart('sum = 0', 'N', PASS)),
    to: changed({ cart: cart(ONE_MORE, WITH_CURRENCY, CONVERT_UP_ONLY) }),
    expect: { refused: 'state-changed' },
    before: ADD_3,
  },
  {
    name: 'a record in a header that two servers share, both convert',
    hazards: ['H26'],
    upFrom: { apps: { shop: SHARED('sum = 0', PASS) } },
    to: changed({
      'state.hrl': '-record(state, {sum = 0, currency = eur}).\n',
      cart: SHARED_SERVER('cart', CONVERT),
      till: SHARED_SERVER('till', CONVERT),
    }),
    expect: 'equal',
    before: 'gen_server:call(cart, {add, 3}), gen_server:call(till, {add, 4})',
    asks: [
      { ask: 'gen_server:call(cart, total)', upFrom: '3', to: '3' },
      { ask: 'gen_server:call(till, total)', upFrom: '4', to: '4' },
      { ask: 'tuple_size(sys:get_state(till))', upFrom: '2', to: '3' },
    ],
  },
  {
    name: 'a record in a header that two servers share, one does not convert',
    hazards: ['H26'],
    upFrom: { apps: { shop: SHARED('sum = 0', PASS) } },
    to: changed({
      'state.hrl': '-record(state, {sum = 0, currency = eur}).\n',
      cart: SHARED_SERVER('cart', CONVERT),
    }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'a record that is no state changes its form',
    hazards: ['H26'],
    upFrom: {
      apps: {
        shop: shop({ price: '-record(item, {a}).\n-export([f/0]).\nf() -> tuple_size(#item{a = 1}).\n' }),
      },
    },
    to: changed({ price: '-record(item, {a, b}).\n-export([f/0]).\nf() -> tuple_size(#item{a = 1}).\n' }),
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'price:f()', upFrom: '2', to: '3' }],
  },
  {
    name: 'a record default changes, the form does not',
    hazards: ['H26'],
    upFrom: running('cart', cart('sum = 0', 'N')),
    to: changed({ cart: cart('sum = 5', 'N') }),
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '3', to: '3' }],
  },
  {
    name: 'a map with one key more, converted both ways',
    hazards: ['H26'],
    upFrom: running('cart', MAP('#{sum => 0}', 'N', PASS)),
    to: changed({
      cart: MAP(
        '#{sum => 0, currency => eur}',
        '{N, maps:get(currency, State)}',
        'code_change({down, _}, State, _) -> {ok, maps:remove(currency, State)};\ncode_change(_, State, _) -> {ok, State#{currency => eur}}.',
      ),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [CONVERTED],
  },
  {
    name: 'a map in the manner of an Elixir struct, converted both ways',
    hazards: ['H26'],
    upFrom: running('cart', MAP("#{'__struct__' => 'Elixir.Cart', sum => 0}", 'N', PASS)),
    to: changed({
      cart: MAP(
        "#{'__struct__' => 'Elixir.Cart', sum => 0, currency => eur}",
        '{N, maps:get(currency, State)}',
        'code_change({down, _}, State, _) -> {ok, maps:remove(currency, State)};\ncode_change(_, State, _) -> {ok, State#{currency => eur}}.',
      ),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [CONVERTED],
  },
  {
    name: 'a key of a map holds a list where it held a map',
    hazards: ['H26'],
    upFrom: running('cart', MAP('#{sum => 0, waiting => #{}}', 'N', PASS)),
    to: changed({ cart: MAP('#{sum => 0, waiting => []}', '{sum, N}', PASS) }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'init/1 takes its state out of an ok, and what comes with an error has another form',
    hazards: ['H26'],
    upFrom: running('cart', CONNECTING('{connection_error, refused}', 'N')),
    to: changed({ cart: CONNECTING('refused', '{sum, N}') }),
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '3', to: '{sum,3}' }],
  },
  {
    name: 'gen_statem: data converted both ways by code_change/4',
    hazards: ['H26', 'H27'],
    upFrom: running(
      'lamp',
      STATEM('count = 0', 'Data#data.count', 'code_change(_, State, Data, _) -> {ok, State, Data}.'),
    ),
    to: changed({
      lamp: STATEM(
        'count = 0, colour = white',
        '{Data#data.count, Data#data.colour}',
        `code_change({down, _}, State, {data, Count, _}, _) -> {ok, State, {data, Count}};
code_change(_, State, {data, Count}, _) -> {ok, State, #data{count = Count}}.`,
      ),
    }),
    expect: 'equal',
    before: 'gen_statem:call(lamp, push)',
    asks: [{ ask: 'gen_statem:call(lamp, get)', upFrom: '{on,1}', to: '{on,{1,white}}' }],
  },
  {
    name: 'gen_statem: data changes its form without code_change',
    hazards: ['H26'],
    upFrom: running('lamp', STATEM('count = 0', 'Data#data.count', '')),
    to: changed({ lamp: STATEM('count = 0, colour = white', 'Data#data.colour', '') }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'gen_statem with code_change of the arity of gen_server',
    hazards: ['H27'],
    upFrom: running('lamp', STATEM('count = 0', 'Data#data.count', '')),
    to: changed({
      lamp: STATEM(
        'count = 0, colour = white',
        'Data#data.colour',
        'code_change(_, Data, _) -> {ok, Data}.',
      ).replace('code_change/4', 'code_change/3'),
    }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'gen_event: handler state converted both ways',
    hazards: ['H26', 'H27'],
    upFrom: {
      apps: {
        shop: tree('shop', ['#{id => alarms, start => {alarms, start_link, []}, modules => dynamic}'], {
          alarms: MANAGER,
          alarm_log: HANDLER('count = 0', 'Log#log.count', 'code_change(_, Log, _) -> {ok, Log}.'),
        }),
      },
    },
    to: changed({
      alarm_log: HANDLER(
        'count = 0, level = info',
        '{Log#log.count, Log#log.level}',
        `code_change({down, _}, {log, Count, _}, _) -> {ok, {log, Count}};
code_change(_, {log, Count}, _) -> {ok, #log{count = Count}}.`,
      ),
    }),
    expect: 'equal',
    before: 'gen_event:sync_notify(alarms, fire)',
    asks: [{ ask: 'gen_event:call(alarms, alarm_log, count)', upFrom: '1', to: '{1,info}' }],
  },
  {
    name: 'a special process converts its state by system_code_change',
    hazards: ['H27', 'H30'],
    upFrom: running('ticker', SPECIAL('7', 'State', 'system_code_change(State, _, _, _) -> {ok, State}.')),
    to: changed({
      ticker: SPECIAL(
        '{7, eur}',
        'State',
        `system_code_change({N, _}, _, {down, _}, _) -> {ok, N};
system_code_change(N, _, _, _) -> {ok, {N, usd}}.`,
      ),
    }),
    expect: 'equal',
    asks: [
      {
        ask: 'ticker ! {ask, self()}, receive {told, Told} -> Told after 5000 -> silent end',
        upFrom: '7',
        to: '{7,usd}',
      },
    ],
  },
  {
    name: 'a code_change that fails',
    hazards: ['H27'],
    upFrom: running('cart', cart('sum = 0', 'N', PASS)),
    to: changed({ cart: cart('sum = 0', '{sum, N}', 'code_change(_, _, _) -> error(on_purpose).') }),
    expect: { refused: 'rehearsal-node-restarted' },
    before: ADD_3,
  },
  {
    name: 'a code_change that refuses',
    hazards: ['H27'],
    upFrom: running('cart', cart('sum = 0', 'N', PASS)),
    to: changed({ cart: cart('sum = 0', '{sum, N}', 'code_change(_, _, _) -> {error, on_purpose}.') }),
    expect: { refused: 'rehearsal-node-restarted' },
    before: ADD_3,
  },
  {
    name: 'a hand-written appup converts the state with a term of its own',
    hazards: ['H26'],
    upFrom: running('cart', cart('sum = 0', 'N', PASS)),
    to: changed(
      {
        cart: cart(
          ONE_MORE,
          WITH_CURRENCY,
          `code_change({down, _}, {state, Sum, _}, _) -> {ok, {state, Sum}};
code_change(_, {state, Sum}, {currency, Currency}) -> {ok, #state{sum = Sum, currency = Currency}}.`,
        ),
      },
      { 'src/shop.appup.src': BOTH_WAYS('[{update, cart, {advanced, {currency, usd}}}]') },
    ),
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '3', to: '{3,usd}' }],
  },
  {
    name: 'a hand-written appup only loads a server whose record changed',
    hazards: ['H26', 'H31'],
    upFrom: running('cart', PLAIN_CART),
    to: changed(
      { cart: cart(ONE_MORE, WITH_CURRENCY) },
      { 'src/shop.appup.src': BOTH_WAYS('[{load_module, cart}]') },
    ),
    expect: 'equal',
    finds: ['state-changed'],
  },
  {
    name: 'a hand-written appup converts with a code_change that the new module does not have',
    hazards: ['H27'],
    upFrom: running('cart', cart('sum = 0', 'N')),
    to: changed(
      { cart: cart('sum = 0', '{sum, N}') },
      { 'src/shop.appup.src': BOTH_WAYS('[{update, cart, {advanced, []}}]') },
    ),
    expect: { refused: 'code-change-missing' },
  },
  {
    name: 'the up-from release has no state record, the new one has, converted',
    hazards: ['H26'],
    upFrom: running('cart', server('cart', { codeChange: PASS })),
    to: changed({
      cart: cart(
        'sum = 0',
        'N',
        `code_change({down, _}, {state, Sum}, _) -> {ok, Sum};
code_change(_, Sum, _) -> {ok, #state{sum = Sum}}.`,
      ),
    }),
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '3', to: '3' }],
  },
  {
    name: 'a server without debug information has a record with one field more and converts',
    hazards: ['H22', 'H26'],
    upFrom: {
      apps: {
        shop: tree(
          'shop',
          [child('cart')],
          { cart: cart('sum = 0', 'N', PASS), price: plain('1') },
          { options: '[]' },
        ),
      },
    },
    to: changed({ cart: cart(ONE_MORE, WITH_CURRENCY, CONVERT) }),
    expect: 'equal',
    before: ADD_3,
    asks: [CONVERTED],
  },
  {
    name: 'a record that handle_continue makes has a field more',
    hazards: ['H26'],
    upFrom: running('cart', CONTINUED('sum = 0', 'N')),
    to: changed({ cart: CONTINUED(ONE_MORE, WITH_CURRENCY) }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'a record that handle_continue makes has a field more, and is converted',
    hazards: ['H26'],
    upFrom: running('cart', CONTINUED('sum = 0', 'N')),
    to: changed({ cart: CONTINUED(ONE_MORE, WITH_CURRENCY, CONVERT) }),
    expect: 'equal',
    before: ADD_3,
    asks: [CONVERTED],
  },
  {
    name: 'a field of the state holds a queue where it held a map',
    hazards: ['H26'],
    upFrom: running('cart', cart('sum = 0, waiting = #{}', 'N', PASS)),
    to: changed({ cart: cart('sum = 0, waiting = queue:new()', '{sum, N}', PASS) }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'a field of the state holds text in another form',
    hazards: ['H26'],
    upFrom: running('cart', cart('sum = 0, label = ""', 'N', PASS)),
    to: changed({ cart: cart('sum = 0, label = <<>>', '{sum, N}', PASS) }),
    expect: 'equal',
    before: ADD_3,
  },
  {
    name: 'the record among the arguments of a special process has a field more',
    hazards: ['H26', 'H137'],
    upFrom: running('cart', LOOPING('sum = 0')),
    to: changed({ cart: LOOPING('sum = 0, currency = eur') }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'the state under a behaviour of our own has a field more',
    hazards: ['H26', 'H30'],
    upFrom: running('cart', KEPT('sum = 0', 'N'), { shop_keeper: KEEPER }),
    to: changed({ cart: KEPT(ONE_MORE, WITH_CURRENCY) }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'the state under a behaviour of our own that converts nothing has a field more',
    hazards: ['H26', 'H30'],
    upFrom: running('cart', KEPT('sum = 0', 'N'), { shop_keeper: DEAF_KEEPER }),
    to: changed({ cart: KEPT(ONE_MORE, WITH_CURRENCY) }),
    expect: { refused: 'state-changed' },
  },
  {
    name: 'the state under a behaviour of our own that converts nothing has a field more, and the application is restarted',
    hazards: ['H26', 'H30'],
    upFrom: running('cart', KEPT('sum = 0', 'N'), { shop_keeper: DEAF_KEEPER }),
    to: {
      ...changed({ cart: KEPT(ONE_MORE, WITH_CURRENCY) }),
      files: { 'relup.config': '{shop, [{strategy, restart}]}.\n' },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '3', to: '{0,eur}', back: '0' }],
    replaced: ['shop_sup', 'cart'],
  },
  {
    name: 'the state under a behaviour of our own has a field more, and is converted',
    hazards: ['H26', 'H30'],
    upFrom: running('cart', KEPT('sum = 0', 'N'), { shop_keeper: KEEPER }),
    to: changed({ cart: KEPT(ONE_MORE, WITH_CURRENCY, CONVERT) }),
    expect: 'equal',
    before: ADD_3,
    asks: [CONVERTED],
  },
];

function CONTINUED(fields: string, answer: string, codeChange?: string): string {
  return server('cart', {
    state: 'undefined, {continue, begin_now}',
    calls: `handle_continue(begin_now, undefined) -> {noreply, #state{}}.
handle_call({add, M}, _From, #state{sum = N} = State) -> {reply, ok, State#state{sum = N + M}};
handle_call(total, _From, #state{sum = N} = State) -> {reply, ${answer}, State}.`,
    more: `-export([handle_continue/2]).\n-record(state, {${fields}}).`,
    ...(codeChange === undefined ? {} : { codeChange }),
  });
}

function KEPT(fields: string, answer: string, codeChange = ''): string {
  return `-behaviour(shop_keeper).
-export([start_link/0, init/0, asked/2${codeChange === '' ? '' : ', code_change/3'}]).
-record(state, {${fields}}).
start_link() -> shop_keeper:start_link(?MODULE).
init() -> {ok, #state{}}.
asked({add, M}, #state{sum = N} = State) -> {ok, State#state{sum = N + M}};
asked(total, #state{sum = N} = State) -> {${answer}, State}.
${codeChange}
`;
}

function MAP(state: string, answer: string, codeChange: string): string {
  return server('cart', {
    state,
    calls: `handle_call({add, M}, _, #{sum := N} = State) -> {reply, ok, State#{sum := N + M}};
handle_call(total, _, #{sum := N} = State) -> {reply, ${answer}, State}.`,
    codeChange,
  });
}

function SHARED_SERVER(name: string, codeChange: string): string {
  return server(name, {
    state: '#state{}',
    calls: `handle_call({add, M}, _From, #state{sum = N} = State) -> {reply, ok, State#state{sum = N + M}};
handle_call(total, _From, #state{sum = N} = State) -> {reply, N, State}.`,
    more: '-include("state.hrl").',
    codeChange,
  });
}

function SHARED(fields: string, codeChange: string) {
  return tree('shop', [child('cart'), child('till')], {
    'state.hrl': `-record(state, {${fields}}).\n`,
    cart: SHARED_SERVER('cart', codeChange),
    till: SHARED_SERVER('till', codeChange),
  });
}

/** A process of its own kind that hands a record and a buffer on. */
function LOOPING(fields: string): string {
  return `-export([start_link/0, init/1, system_continue/3, system_terminate/4, system_code_change/4]).
-record(state, {parent, ${fields}}).
start_link() -> proc_lib:start_link(cart, init, [self()]).
init(Parent) ->
    register(cart, self()),
    proc_lib:init_ack(Parent, {ok, self()}),
    loop(#state{parent = Parent}, <<>>).
loop(State = #state{parent = Parent}, Buffer) ->
    receive
        {system, From, Request} -> sys:handle_system_msg(Request, From, Parent, ?MODULE, [], {State, Buffer});
        {add, More} -> loop(State, <<Buffer/binary, More/binary>>)
    end.
system_continue(_, _, {State, Buffer}) -> loop(State, Buffer).
system_terminate(Reason, _, _, {_State, _Buffer}) -> exit(Reason).
system_code_change(Misc, _, _, _) -> {ok, Misc}.
`;
}

/** Gets its state from a function that may fail. */
function CONNECTING(reason: string, answer: string): string {
  return server('cart', {
    state: 'begin case connect(get(never)) of {ok, State} -> State; {error, Reason} -> exit(Reason) end end',
    calls: `handle_call({add, M}, _From, #state{sum = N} = State) -> {reply, ok, State#state{sum = N + M}};
handle_call(total, _From, #state{sum = N} = State) -> {reply, ${answer}, State}.`,
    more: '-record(state, {sum = 0}).',
  }).concat(`connect(undefined) -> {ok, #state{}};\nconnect(_) -> {error, ${reason}}.\n`);
}
