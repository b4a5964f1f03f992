// What a project says to the generator: strategies, purge modes, instructions of its own.
import { ADD_3, child, counter, plain, server, shop, supervisor, total, tree } from '../modules.js';
import type { Question, ReleaseText, Scenario } from '../scenario.js';

const PRICE: Question = { ask: 'price:f()', upFrom: '1', to: '2' };
const base: ReleaseText = { apps: { shop: shop({ price: plain('1') }) } };

/** The new release: price and cart changed, and this relup.config. */
function configured(config: string, files: Record<string, string> = {}): ReleaseText {
  return {
    apps: { shop: { src: { price: plain('2'), cart: counter('cart', '{sum, N}') }, files } },
    files: { 'relup.config': config },
  };
}

const LOAD_PRICE = '{"1.1.0", [{"1.0.0", [{load_module, price}]}], [{"1.0.0", [{load_module, price}]}]}.\n';

/** A process that loops in its own code, so that an upgrade finds it there. */
const LINGERER = (answer: string) => `-export([start_link/0, init/0, f/0]).
start_link() -> {ok, proc_lib:spawn_link(lingerer, init, [])}.
init() -> register(lingerer, self()), loop().
loop() -> receive stop -> ok end.
f() -> ${answer}.
`;

export const RELUP_CONFIG: readonly Scenario[] = [
  {
    name: 'relup.config: an application is restarted',
    upFrom: base,
    to: configured('{shop, [{strategy, restart}]}.\n'),
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, { ask: 'gen_server:call(cart, total)', upFrom: '3', to: '{sum,0}', back: '0' }],
    replaced: ['cart', 'shop_sup'],
  },
  {
    name: 'relup.config: an application with a changed supervision tree and state is restarted',
    hazards: ['H24', 'H26'],
    upFrom: base,
    to: {
      apps: {
        shop: {
          src: {
            shop_sup: supervisor('shop_sup', [child('till'), child('cart')], '#{strategy => one_for_all}'),
            till: counter('till'),
            cart: server('cart', {
              state: '{0, eur}',
              calls: 'handle_call(total, _, {N, C} = State) -> {reply, {N, C}, State}.',
            }),
          },
        },
      },
      files: { 'relup.config': '{shop, [{strategy, restart}]}.\n' },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'gen_server:call(cart, total)', upFrom: '3', to: '{0,eur}', back: '0' }],
    replaced: ['cart', 'shop_sup'],
  },
  {
    name: 'relup.config: no hot upgrade of an application',
    upFrom: base,
    to: configured('{shop, [{strategy, refuse}]}.\n'),
    expect: { refused: 'relup.config refuses hot upgrades of shop 1.0.0 → 1.1.0' },
  },
  {
    name: 'relup.config: an application must have an appup and has none',
    upFrom: base,
    to: configured('{shop, [{strategy, require}]}.\n'),
    expect: { refused: 'No valid appup for' },
  },
  {
    name: 'relup.config: an appup is generated although there is a hand-written one',
    hazards: ['H31'],
    upFrom: base,
    to: configured('{shop, [{strategy, generate}]}.\n', { 'src/shop.appup.src': LOAD_PRICE }),
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '{sum,3}')],
  },
  {
    name: 'relup.config: instructions before and after the generated ones',
    upFrom: base,
    to: configured(`{shop, [{up, [{before, [{apply, {persistent_term, put, [shop_step, before]}}]},
              {'after', [{apply, {persistent_term, put, [shop_step, up]}}]}]},
        {down, [{'after', [{apply, {persistent_term, put, [shop_step, down]}}]}]}]}.\n`),
    expect: 'equal',
    before: ADD_3,
    asks: [
      total('3', '{sum,3}'),
      { ask: 'persistent_term:get(shop_step, none)', upFrom: 'none', to: 'up', back: 'down' },
    ],
  },
  {
    name: 'relup.config: one module is purged softly',
    upFrom: base,
    to: configured('{shop, [{purge, [{price, soft_purge}]}]}.\n'),
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '{sum,3}')],
  },
  {
    name: 'relup.config names an application that is in no release',
    upFrom: base,
    to: configured('{shpo, [{strategy, restart}]}.\n'),
    expect: { refused: 'relup.config names shpo, which is in none of the releases' },
  },
  {
    name: 'relup.config that is no Erlang',
    upFrom: base,
    to: configured('{shop, [{strategy, restart}]\n'),
    expect: { refused: 'relup.config cannot be used' },
  },
  {
    name: 'purge: soft, nothing runs old code',
    upFrom: base,
    to: configured(''),
    inputs: { purge: 'soft' },
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '{sum,3}')],
  },
  {
    name: 'purge: soft, a process goes on in old code and the way back is refused',
    upFrom: { apps: { shop: tree('shop', [child('lingerer')], { lingerer: LINGERER('1') }) } },
    to: { apps: { shop: { src: { lingerer: LINGERER('2') } } } },
    inputs: { purge: 'soft' },
    expect: { refused: 'rehearsal-refused' },
  },
];
