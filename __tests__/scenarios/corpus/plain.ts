// Modules without processes: what is loaded, added, removed, and what is no change at all.
import { ADD_3, counter, plain, shop, total } from '../modules.js';
import type { Question, ReleaseText, Scenario } from '../scenario.js';

const PRICE: Question = { ask: 'price:f()', upFrom: '1', to: '2' };

/** `shop` with further modules. */
function shopWith(src: Record<string, string>, more = {}): ReleaseText {
  return { apps: { shop: shop(src, more) } };
}

/** Changes in the modules of `shop`. */
function changed(src: Record<string, string | null>, more = {}): ReleaseText {
  return { apps: { shop: { src, ...more } } };
}

const RECORD_USERS = {
  cart_item: '-include("item.hrl").\n-export([f/0]).\nf() -> size(#item{}).\n',
  order_item: '-include("item.hrl").\n-export([f/0]).\nf() -> #item{}.\n',
};

const TRANSFORM = (value: string) => `-export([parse_transform/2]).
parse_transform(Forms, _Options) -> [replace(Form) || Form <- Forms].
replace({function, Line, rate, 0, _}) -> {function, Line, rate, 0, [{clause, Line, [], [], [{integer, Line, ${value}}]}]};
replace(Form) -> Form.
`;
const TRANSFORMED = '-compile({parse_transform, shop_pt}).\n-export([rate/0]).\nrate() -> 0.\n';

export const PLAIN: readonly Scenario[] = [
  {
    name: 'a changed function is loaded',
    hazards: ['H21'],
    upFrom: shopWith({ price: plain('1') }),
    to: changed({ price: plain('2') }),
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '3')],
  },
  {
    name: 'an added module is loaded',
    upFrom: shopWith({ price: plain('1') }),
    to: changed({ tax: plain('19'), price: plain('tax:f()') }),
    expect: 'equal',
    asks: [{ ask: 'price:f()', upFrom: '1', to: '19' }],
  },
  {
    name: 'a removed module is gone',
    upFrom: shopWith({ price: plain('old_price:f()'), old_price: plain('1') }),
    to: changed({ price: plain('2'), old_price: null }),
    expect: 'equal',
    asks: [PRICE, { ask: 'erlang:module_loaded(old_price)', upFrom: 'true', to: 'false' }],
  },
  {
    name: 'a renamed module',
    upFrom: shopWith({ price: plain('vat:f()'), vat: plain('1') }),
    to: changed({ price: plain('tax:f()'), vat: null, tax: plain('2') }),
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'only a module is added, nothing calls it yet',
    upFrom: shopWith({}),
    to: changed({ tax: plain('19') }),
    expect: 'equal',
    asks: [{ ask: 'erlang:module_loaded(tax)', upFrom: 'false', to: 'true' }],
  },
  {
    name: 'a chain of changed modules, callers first by name',
    hazards: ['H28'],
    upFrom: shopWith({
      step_a: plain('step_b:f()'),
      step_b: plain('step_c:f()'),
      step_c: plain('step_d:f()'),
      step_d: plain('1'),
    }),
    to: changed({
      step_a: plain('step_b:g()'),
      step_b: `-export([g/0]).\ng() -> step_c:g().\n`,
      step_c: `-export([g/0]).\ng() -> step_d:g().\n`,
      step_d: '-export([g/0]).\ng() -> 2.\n',
    }),
    expect: 'equal',
    asks: [{ ask: 'step_a:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'changed modules that call each other in a cycle',
    hazards: ['H28'],
    upFrom: shopWith({
      even: '-export([is/1]).\nis(0) -> true;\nis(N) -> odd:is(N - 1).\n',
      odd: '-export([is/1]).\nis(0) -> false;\nis(N) -> even:is(N - 1).\n',
    }),
    to: changed({
      even: '-export([is/1]).\nis(0) -> yes;\nis(N) -> odd:is(N - 1).\n',
      odd: '-export([is/1]).\nis(0) -> no;\nis(N) -> even:is(N - 1).\n',
    }),
    expect: 'equal',
    asks: [{ ask: 'even:is(4)', upFrom: 'true', to: 'yes' }],
  },
  {
    name: 'a function moves from one module to another',
    hazards: ['H28'],
    upFrom: shopWith({
      part_a: '-export([f/0]).\nf() -> part_b:g().\n',
      part_b: '-export([g/0]).\ng() -> h().\nh() -> 1.\n',
      part_c: '-export([x/0]).\nx() -> 0.\n',
    }),
    to: changed({
      part_b: '-export([g/0]).\ng() -> part_c:h().\n',
      part_c: '-export([x/0, h/0]).\nx() -> 0.\nh() -> 2.\n',
    }),
    expect: 'equal',
    asks: [{ ask: 'part_a:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'a header changes the modules that include it',
    hazards: ['H18'],
    upFrom: shopWith({ 'item.hrl': '-record(item, {name}).\n', ...RECORD_USERS, price: plain('1') }),
    to: changed({ 'item.hrl': '-record(item, {name, price = 5}).\n' }),
    expect: 'equal',
    asks: [
      { ask: 'cart_item:f()', upFrom: '2', to: '3' },
      { ask: 'order_item:f()', upFrom: '{item,undefined}', to: '{item,undefined,5}' },
    ],
  },
  {
    name: 'a macro in a header of another application',
    hazards: ['H18'],
    upFrom: {
      apps: {
        money: { src: { money: plain('1') }, files: { 'include/money.hrl': '-define(RATE, 1).\n' } },
        shop: shop(
          { price: '-include("money/include/money.hrl").\n-export([f/0]).\nf() -> ?RATE.\n' },
          { applications: ['money'] },
        ),
      },
    },
    to: { apps: { money: { files: { 'include/money.hrl': '-define(RATE, 2).\n' } }, shop: {} } },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'a parse transform changes the modules that use it',
    hazards: ['H18'],
    upFrom: shopWith({ shop_pt: TRANSFORM('7'), price: TRANSFORMED }, { transform: 'shop_pt' }),
    to: changed({ shop_pt: TRANSFORM('19') }),
    expect: 'equal',
    asks: [{ ask: 'price:rate()', upFrom: '7', to: '19' }],
  },
  {
    name: 'a macro given as compiler option',
    hazards: ['H18'],
    upFrom: shopWith(
      { price: '-export([f/0]).\nf() -> ?RATE.\n' },
      { options: "[debug_info, {d, 'RATE', 1}]" },
    ),
    to: changed({}, { options: "[debug_info, {d, 'RATE', 2}]" }),
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'other compiler options, same code: an unchanged version is fine',
    hazards: ['H18', 'H14'],
    upFrom: shopWith({ price: plain('1') }),
    to: changed({}, { vsn: '1.0.0', options: '[deterministic, {parse_transform_unused, x}]' }),
    expect: 'equal',
  },
  {
    name: 'other compiler options, same code, raised version: nothing is loaded',
    hazards: ['H18'],
    upFrom: shopWith({ price: plain('1') }),
    to: changed({}, { options: '[deterministic]' }),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'comments and line numbers are no change',
    hazards: ['H18'],
    upFrom: shopWith({ price: plain('1') }),
    to: changed({ price: `%% a long explanation\n\n${plain('1')}` }, { vsn: '1.0.0' }),
    expect: 'equal',
  },
  {
    name: 'a raised version without changed code',
    hazards: ['H14'],
    upFrom: shopWith({ price: plain('1') }),
    to: changed({}),
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'changed code without a raised version',
    hazards: ['H14'],
    upFrom: shopWith({ price: plain('1') }),
    to: changed({ price: plain('2') }, { vsn: '1.0.0' }),
    expect: { refused: 'Code changed but the application version did not' },
  },
  {
    name: 'an added module without a raised version',
    hazards: ['H14'],
    upFrom: shopWith({}),
    to: changed({ tax: plain('2') }, { vsn: '1.0.0' }),
    expect: { refused: 'Code changed but the application version did not' },
  },
  {
    name: 'an application version that goes down',
    upFrom: shopWith({ price: plain('1') }, { vsn: '1.2.0' }),
    to: changed({ price: plain('2') }, { vsn: '1.1.0' }),
    expect: 'equal',
    finds: ['application-version-down'],
    asks: [PRICE],
  },
  {
    name: 'a version that is no number',
    upFrom: shopWith({ price: plain('1') }, { vsn: '1.0.0-rc1+abc' }),
    to: changed({ price: plain('2') }, { vsn: '2024.11' }),
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'modules without debug information',
    hazards: ['H22'],
    upFrom: shopWith({ price: plain('1') }, { options: '[]' }),
    to: changed({ price: plain('2'), cart: counter('cart', '{sum, N}'), tax: plain('3') }),
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '{sum,3}')],
  },
  {
    name: 'only a file in priv changes',
    upFrom: shopWith({}, { files: { 'priv/terms': 'old\n' } }),
    to: changed({}, { files: { 'priv/terms': 'new\n' } }),
    expect: 'equal',
    never: ['priv-read-at-start'],
    asks: [
      {
        ask: '{ok, Text} = file:read_file(filename:join(code:priv_dir(shop), "terms")), Text',
        upFrom: '<<"old\\n">>',
        to: '<<"new\\n">>',
      },
    ],
  },
  {
    name: 'modules with names as Elixir gives them',
    hazards: ['H22'],
    upFrom: shopWith({ 'Elixir.Shop.Price': plain('1'), 'Elixir.Shop.Old': plain('0') }),
    to: changed({
      'Elixir.Shop.Price': plain("'Elixir.Shop.Tax':f()"),
      'Elixir.Shop.Old': null,
      'Elixir.Shop.Tax': plain('2'),
    }),
    expect: 'equal',
    asks: [{ ask: "'Elixir.Shop.Price':f()", upFrom: '1', to: '2' }],
  },
  {
    name: 'a module with unusual characters in its name',
    upFrom: shopWith({ 'price-list@v2': plain('1') }),
    to: changed({ 'price-list@v2': plain('2') }),
    expect: 'equal',
    asks: [{ ask: "'price-list@v2':f()", upFrom: '1', to: '2' }],
  },
  {
    name: 'a module that says its own behaviour',
    upFrom: shopWith({
      shop_plugin: '-callback run(term()) -> term().\n-export([run/2]).\nrun(Module, X) -> Module:run(X).\n',
      plugin_a: '-behaviour(shop_plugin).\n-export([run/1]).\nrun(X) -> X + 1.\n',
    }),
    to: changed({
      shop_plugin:
        '-callback run(term()) -> term().\n-export([run/2]).\nrun(Module, X) -> {ok, Module:run(X)}.\n',
      plugin_a: '-behaviour(shop_plugin).\n-export([run/1]).\nrun(X) -> X + 2.\n',
    }),
    expect: 'equal',
    asks: [{ ask: 'shop_plugin:run(plugin_a, 1)', upFrom: '2', to: '{ok,3}' }],
  },
  {
    name: 'a behaviour that no code has',
    hazards: ['H22'],
    upFrom: shopWith({ price: `-behaviour(nobody).\n-behaviour(nobody_else).\n${plain('1')}` }),
    to: changed({ price: `-behaviour(nobody).\n-behaviour(nobody_else).\n${plain('2')}` }),
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'two applications with a module of one name',
    hazards: ['H35'],
    upFrom: shopWith({ price: plain('1') }),
    to: { apps: { shop: { src: { price: plain('2') } }, billing: { src: { price: plain('3') } } } },
    expect: { refused: 'duplicate-module' },
  },
];
