// Values that outlive the upgrade inside of others: records in fields of the state, records in tables, calls that a timer makes.
import { ADD_3, child, server, tree } from '../modules.js';
import type { ApplicationText, Scenario } from '../scenario.js';

const CALLS = (answer: string): string => `handle_call({add, M}, _From, #state{item = Item} = State) ->
    {reply, ok, State#state{item = Item#item{price = Item#item.price + M}}};
handle_call(total, _From, #state{item = Item} = State) -> {reply, ${answer}, State}.`;

/** A server whose state holds an item; how it gets there differs. */
const nested = (fields: string, answer: string, more: { init: string; codeChange?: string }): string =>
  server('cart', {
    state: 'begin begin_with() end',
    calls: CALLS(answer),
    more: `-record(item, {${fields}}).
-record(state, {item, since = 0}).
begin_with() -> ${more.init}.`,
    ...(more.codeChange === undefined ? {} : { codeChange: more.codeChange }),
  });

const LITERAL = '#state{item = #item{price = 0}}';
const BY_VARIABLE = 'Item = #item{price = 0}, #state{item = Item}';
const BY_FUNCTION = '#state{item = new_item()}.\nnew_item() -> #item{price = 0}';
const PRICE = 'Item#item.price';
const WITH_TAX = '{Item#item.price, Item#item.tax}';
const CONVERT = `code_change({down, _}, #state{item = {item, Price, _}} = State, _Extra) ->
    {ok, State#state{item = {item, Price}}};
code_change(_, #state{item = {item, Price}} = State, _Extra) ->
    {ok, State#state{item = #item{price = Price}}}.`;

const cart = (text: string): ApplicationText => tree('shop', [child('cart')], { cart: text });

/** Keeps prices in a table that the process owns. */
const prices = (fields: string, answer: string): string =>
  server('cart', {
    state: 'begin ets:new(prices, [named_table, {keypos, 2}]), set(a, 1), 0 end',
    calls: `handle_call(total, _From, State) -> [Row] = ets:lookup(prices, a), {reply, ${answer}, State}.`,
    more: `-record(price, {${fields}}).
set(Id, Price) -> Row = #price{id = Id, price = Price}, ets:insert(prices, Row).`,
  });

/** Keeps jobs in a value that a library makes. */
const queued = (fields: string, answer: string): string =>
  server('cart', {
    state: 'queue:in(#job{id = 1}, queue:new())',
    calls: `handle_call(total, _From, State) -> {value, Job} = queue:peek(State), {reply, ${answer}, State}.`,
    more: `-record(job, {${fields}}).`,
  });

/** A timer of OTP's calls a function of another module, which it names as data. */
const ticking = (name: string): Record<string, string> => ({
  cart: server('cart', { state: `begin {ok, _} = timer:apply_interval(50, clock, ${name}, []), 0 end` }),
  clock: `-export([${name}/0]).\n${name}() -> erlang:monotonic_time().\n`,
});

/** A server whose state holds limits as a map within a map, or as one in a field of a record. */
const limited = (limits: string, answer: string, form: 'map' | 'record', codeChange?: string): string =>
  server('cart', {
    state: form === 'map' ? `#{sum => 0, limits => ${limits}}` : `#state{limits = ${limits}}`,
    calls:
      form === 'map'
        ? `handle_call({add, M}, _From, #{sum := N} = State) -> {reply, ok, State#{sum := N + M}};
handle_call(total, _From, #{sum := N, limits := Limits}) -> {reply, {N, ${answer}}, #{sum => N, limits => Limits}}.`
        : `handle_call({add, M}, _From, State) -> {reply, ok, State#state{sum = State#state.sum + M}};
handle_call(total, _From, #state{sum = N, limits = Limits} = State) -> {reply, {N, ${answer}}, State}.`,
    ...(form === 'map' ? {} : { more: `-record(state, {sum = 0, limits}).` }),
    ...(codeChange === undefined ? {} : { codeChange }),
  });
const ONE_LIMIT = '#{low => 1}';
const TWO_LIMITS = '#{low => 1, high => 9}';
const LOW = 'maps:get(low, Limits)';
const HIGH = 'maps:get(high, Limits)';

export const HELD: readonly Scenario[] = [
  ...(['map', 'record'] as const).flatMap((form): Scenario[] => {
    const upFrom = { apps: { shop: cart(limited(ONE_LIMIT, LOW, form)) } };
    const to = (answer: string, codeChange?: string): Scenario['to'] => ({
      apps: { shop: { src: { cart: limited(TWO_LIMITS, answer, form, codeChange) } } },
    });
    const converting =
      form === 'map'
        ? `code_change({down, _Vsn}, State, _Extra) ->
    {ok, State#{limits => maps:without([high], maps:get(limits, State))}};
code_change(_Vsn, State, _Extra) ->
    {ok, State#{limits => (maps:get(limits, State))#{high => 9}}}.`
        : `code_change({down, _Vsn}, {state, Sum, Limits}, _Extra) ->
    {ok, {state, Sum, maps:without([high], Limits)}};
code_change(_Vsn, {state, Sum, Limits}, _Extra) ->
    {ok, #state{sum = Sum, limits = Limits#{high => 9}}}.`;
    return [
      {
        name: `a map within a state, a ${form}, has a key more that code needs`,
        hazards: ['H26'],
        upFrom,
        to: to(HIGH),
        expect: { refused: 'state-changed' },
      },
      {
        name: `a map within a state, a ${form}, has a key more that code needs, with the clauses that are given to paste`,
        hazards: ['H26'],
        upFrom,
        to: to(HIGH, converting),
        expect: 'equal',
        before: ADD_3,
        asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '{3,1}', to: '{3,9}' }],
      },
      {
        name: `a map within a state, a ${form}, has a key more that code does without`,
        hazards: ['H26'],
        upFrom,
        to: to('maps:get(high, Limits, 5)'),
        expect: 'equal',
        before: ADD_3,
        asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '{3,1}', to: '{3,5}' }],
      },
    ];
  }),
  ...[LITERAL, BY_VARIABLE, BY_FUNCTION].map((init): Scenario => ({
    name: `a record in a field of the state has a field more: ${init}`,
    hazards: ['H26'],
    upFrom: { apps: { shop: cart(nested('price', PRICE, { init })) } },
    to: { apps: { shop: { src: { cart: nested('price, tax = 19', WITH_TAX, { init }) } } } },
    expect: { refused: 'state-changed' },
  })),
  {
    name: 'a record in a field of the state has a field more, and is converted',
    hazards: ['H26'],
    upFrom: { apps: { shop: cart(nested('price', PRICE, { init: LITERAL })) } },
    to: {
      apps: {
        shop: {
          src: { cart: nested('price, tax = 19', WITH_TAX, { init: LITERAL, codeChange: CONVERT }) },
        },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '3', to: '{3,19}' }],
  },
  {
    name: 'a record that is kept in a table has a field more',
    hazards: ['H26'],
    upFrom: { apps: { shop: cart(prices('id, price', 'Row#price.price')) } },
    to: { apps: { shop: { src: { cart: prices('id, price, tax = 19', 'element(3, Row)') } } } },
    expect: 'equal',
    finds: ['stored-record-changed'],
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '1', to: '1' }],
  },
  {
    name: 'records in a queue have a field more',
    hazards: ['H26'],
    upFrom: { apps: { shop: cart(queued('id', 'Job#job.id')) } },
    to: { apps: { shop: { src: { cart: queued('id, prio = 0', 'tuple_size(Job)') } } } },
    expect: 'equal',
    finds: ['record-changed'],
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '1', to: '2' }],
  },
  {
    name: 'a timer calls a function that is gone',
    hazards: ['H131'],
    upFrom: { apps: { shop: tree('shop', [child('cart')], ticking('tick')) } },
    to: { apps: { shop: { src: ticking('tock') } } },
    expect: 'equal',
    finds: ['rehearsal-crash-report'],
    before: ADD_3,
  },
];
