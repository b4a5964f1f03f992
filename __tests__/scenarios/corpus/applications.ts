// Applications as a whole: added, removed, exchanging modules, included, configured, in which order, started how.
import { ADD_3, callback, child, counter, plain, server, shop, supervisor, total, tree } from '../modules.js';
import type { Question, Scenario } from '../scenario.js';

const PRICE: Question = { ask: 'price:f()', upFrom: '1', to: '2' };
const RUNS = (app: string, upFrom: string, to: string): Question => ({
  ask: `lists:keymember(${app}, 1, application:which_applications())`,
  upFrom,
  to,
});

/** A counter that answers with its application's environment, and keeps what config_change told. */
const CONFIGURED = (more: string) => `-behaviour(application).
-export([start/2, stop/1, config_change/3]).
start(_Type, _Args) -> shop_sup:start_link().
stop(_State) -> ok.
config_change(Changed, New, Removed) -> persistent_term:put(shop_config_change, {lists:sort(Changed), lists:sort(New), lists:sort(Removed)}), ok.
${more}`;

const PHASED = (phase: string) => `-behaviour(application).
-export([start/2, stop/1, start_phase/3]).
start(_Type, _Args) -> shop_sup:start_link().
stop(_State) -> ok.
start_phase(_Phase, _Type, _Args) -> ${phase}.
`;

export const APPLICATIONS: readonly Scenario[] = [
  {
    name: 'a library application is added',
    hazards: ['H35'],
    upFrom: { apps: { shop: shop({ price: plain('1') }) } },
    to: {
      apps: {
        money: { src: { money: plain('2') } },
        shop: { applications: ['money'], src: { price: plain('money:f()') } },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '3'), RUNS('money', 'false', 'true')],
  },
  {
    name: 'an application with processes is added, and another one calls it',
    hazards: ['H35', 'H28'],
    upFrom: { apps: { shop: shop({ price: plain('1') }) } },
    to: {
      apps: {
        money: tree('money', [child('rates')], { rates: server('rates', { state: '2' }) }),
        shop: { applications: ['money'], src: { price: plain('gen_server:call(rates, total)') } },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '3')],
  },
  {
    name: 'two applications are added, and one calls the other without naming it',
    upFrom: { apps: { shop: shop({ price: plain('1') }) } },
    to: {
      apps: {
        bank: tree('bank', [child('vault')], { vault: server('vault', { state: 'money:f()' }) }),
        money: { src: { money: plain('2') } },
        shop: { applications: ['bank', 'money'], src: { price: plain('gen_server:call(vault, total)') } },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '3')],
  },
  {
    name: 'an application is added whose processes an added child needs when it starts',
    hazards: ['H35', 'H28', 'H24'],
    upFrom: { apps: { shop: shop() } },
    to: {
      apps: {
        money: tree('money', [child('rates')], { rates: server('rates', { state: '2' }) }),
        shop: {
          applications: ['money'],
          src: {
            shop_sup: supervisor('shop_sup', [child('cart'), child('till')]),
            till: server('till', { state: 'gen_server:call(rates, total)' }),
          },
        },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'an application is removed',
    hazards: ['H35'],
    upFrom: {
      apps: {
        money: tree('money', [child('rates')], { rates: server('rates', { state: '1' }) }),
        shop: shop({ price: plain('gen_server:call(rates, total)') }, { applications: ['money'] }),
      },
    },
    to: { apps: { money: null, shop: { applications: [], src: { price: plain('2') } } } },
    expect: 'equal',
    before: ADD_3,
    replaced: ['rates', 'money_sup'],
    asks: [PRICE, total('3', '3'), RUNS('money', 'true', 'false')],
  },
  {
    name: 'an application is replaced by another with the same registered name',
    hazards: ['H35', 'H28'],
    upFrom: {
      apps: {
        money: tree('money', [child('rates')], { rates: server('rates', { state: '1' }) }),
        shop: shop({ price: plain('gen_server:call(rates, total)') }, { applications: ['money'] }),
      },
    },
    to: {
      apps: {
        money: null,
        bank: tree('bank', [child('rates')], { rates: server('rates', { state: '2' }) }),
        shop: { applications: ['bank'] },
      },
    },
    expect: 'equal',
    replaced: ['rates'],
    asks: [PRICE],
  },
  {
    name: 'a module moves from one application to another',
    hazards: ['H35'],
    upFrom: {
      apps: {
        money: { src: { tax: plain('1') } },
        shop: shop({ price: plain('1') }, { applications: ['money'] }),
      },
    },
    to: {
      apps: {
        money: { src: { tax: null, rate: plain('5') } },
        shop: { src: { tax: plain('1'), price: plain('2') } },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '3'), { ask: 'tax:f()', upFrom: '1', to: '1' }],
  },
  {
    name: 'a module moves from one application to another and changes',
    hazards: ['H35'],
    upFrom: {
      apps: {
        money: { src: { tax: plain('1'), rate: plain('5') } },
        shop: shop({}, { applications: ['money'] }),
      },
    },
    to: { apps: { money: { src: { tax: null } }, shop: { src: { tax: plain('2') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [{ ask: 'tax:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'two applications exchange modules',
    hazards: ['H35'],
    upFrom: { apps: { money: { src: { tax: plain('1') } }, shop: shop({ price: plain('1') }) } },
    to: {
      apps: {
        money: { src: { tax: null, price: plain('2') } },
        shop: { src: { price: null, tax: plain('2') } },
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, { ask: 'tax:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'a running server moves to another application',
    hazards: ['H35'],
    upFrom: {
      apps: {
        money: tree('money', [child('rates')], { rates: counter('rates') }),
        shop: shop({}, { applications: ['money'] }),
      },
    },
    to: {
      apps: {
        money: { src: { money_sup: supervisor('money_sup', []), rates: null } },
        shop: {
          src: { rates: counter('rates'), shop_sup: supervisor('shop_sup', [child('cart'), child('rates')]) },
        },
      },
    },
    expect: 'equal',
    before: ADD_3,
    replaced: ['rates'],
    asks: [total('3', '3')],
  },
  {
    name: 'an application gets another name, its modules stay',
    hazards: ['H35'],
    upFrom: {
      apps: {
        money: { src: { tax: plain('1') } },
        shop: shop({ price: plain('tax:f()') }, { applications: ['money'] }),
      },
    },
    to: { apps: { money: null, finance: { src: { tax: plain('2') } }, shop: { applications: ['finance'] } } },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'a caller and its callee in two applications change together',
    hazards: ['H28'],
    upFrom: {
      apps: {
        a_shop: shop({ price: plain('z_tax:f()') }, { applications: ['z_money'] }),
        z_money: { src: { z_tax: plain('1') } },
      },
    },
    to: {
      apps: {
        a_shop: { src: { price: plain('z_tax:g()') } },
        z_money: { src: { z_tax: '-export([g/0]).\ng() -> 2.\n' } },
      },
    },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'two applications call each other in a cycle',
    hazards: ['H28'],
    upFrom: {
      apps: {
        money: { src: { tax: '-export([f/0, g/0]).\nf() -> price:g().\ng() -> 1.\n' } },
        shop: shop({ price: '-export([f/0, g/0]).\nf() -> tax:g().\ng() -> 1.\n' }),
      },
    },
    to: {
      apps: {
        money: { src: { tax: '-export([f/0, g/0]).\nf() -> price:g().\ng() -> 2.\n' } },
        shop: { src: { price: '-export([f/0, g/0]).\nf() -> tax:g().\ng() -> 2.\n' } },
      },
    },
    expect: 'equal',
    asks: [PRICE, { ask: 'tax:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'an included application changes',
    upFrom: {
      apps: {
        money: { src: { rates: counter('rates') } },
        shop: tree(
          'shop',
          [child('cart'), child('rates')],
          { cart: counter('cart') },
          { included: ['money'] },
        ),
      },
      types: { money: 'load' },
    },
    to: { apps: { money: { src: { rates: counter('rates', '{rate, N}') } }, shop: {} } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3'), { ask: 'gen_server:call(rates, total)', upFrom: '0', to: '{rate,0}' }],
  },
  {
    name: 'an application with start phases changes',
    upFrom: {
      apps: { shop: shop({ shop_app: PHASED('ok') }, { properties: '{start_phases, [{fill, []}]}' }) },
    },
    to: {
      apps: { shop: { src: { shop_app: PHASED('(fun() -> ok end)()'), cart: counter('cart', '{sum, N}') } } },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'a start phase is added that does nothing to a running application',
    upFrom: {
      apps: { shop: shop({ shop_app: PHASED('ok') }, { properties: '{start_phases, [{fill, []}]}' }) },
    },
    to: { apps: { shop: { properties: '{start_phases, [{fill, []}, {warm, []}]}' } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'the environment in the application resource file changes',
    upFrom: { apps: { shop: shop({}, { properties: '{env, [{currency, eur}, {rate, 1}]}' }) } },
    to: { apps: { shop: { properties: '{env, [{currency, usd}, {limit, 5}]}' } } },
    expect: 'equal',
    before: ADD_3,
    asks: [
      total('3', '3'),
      { ask: 'application:get_env(shop, currency)', upFrom: '{ok,eur}', to: '{ok,usd}' },
      { ask: 'application:get_env(shop, rate)', upFrom: '{ok,1}', to: 'undefined' },
    ],
  },
  {
    name: 'sys.config changes and config_change is told',
    upFrom: {
      apps: { shop: shop({ shop_app: CONFIGURED('') }) },
      config: '[{shop, [{currency, eur}, {old, 1}]}].\n',
    },
    to: {
      apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } },
      config: '[{shop, [{currency, usd}, {new, 2}]}].\n',
    },
    expect: 'equal',
    before: ADD_3,
    asks: [
      total('3', '{sum,3}'),
      { ask: 'application:get_env(shop, currency)', upFrom: '{ok,eur}', to: '{ok,usd}' },
      {
        ask: 'persistent_term:get(shop_config_change, none)',
        upFrom: 'none',
        to: '{[{currency,usd}],[{new,2}],[old]}',
        back: '{[{currency,eur}],[{old,1}],[new]}',
      },
    ],
  },
  {
    name: 'only sys.config changes',
    upFrom: { apps: { shop: shop({ shop_app: CONFIGURED('') }) }, config: '[{shop, [{currency, eur}]}].\n' },
    to: { config: '[{shop, [{currency, usd}]}].\n' },
    expect: 'equal',
    before: ADD_3,
    asks: [
      total('3', '3'),
      { ask: 'application:get_env(shop, currency)', upFrom: '{ok,eur}', to: '{ok,usd}' },
    ],
  },
  {
    name: 'an application sets its environment when it starts, and the upgrade takes it away',
    upFrom: {
      apps: {
        shop: shop({
          cart: server('cart', { state: 'begin application:set_env(shop, started, true), 0 end' }),
        }),
      },
    },
    to: { apps: { shop: { src: { price: plain('1') } } } },
    expect: { told: 'rehearsal-environment' },
    before: ADD_3,
  },
  {
    name: 'an application of OTP is added, a library',
    hazards: ['H35'],
    upFrom: { apps: { shop: shop({ price: plain('1') }) } },
    to: {
      apps: {
        shop: { applications: ['xmerl'], src: { price: plain('length(xmerl_lib:to_lower([65, 66]))') } },
      },
      otp: ['xmerl'],
    },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'crypto is added, whose native code OTP 29 does not load before the application',
    hazards: ['H35'],
    upFrom: { apps: { shop: shop({ price: plain('1') }) } },
    to: {
      apps: {
        shop: { applications: ['crypto'], src: { price: plain('byte_size(crypto:strong_rand_bytes(2))') } },
      },
      otp: ['crypto'],
    },
    expect: 'equal',
    expectOn: { 29: { refused: 'rehearsal-node-restarted' } },
    asks: [PRICE],
  },
  {
    name: 'an application of OTP with processes is removed',
    hazards: ['H35'],
    upFrom: { apps: { shop: shop({ price: plain('1') }) }, otp: ['runtime_tools'] },
    to: { apps: { shop: { src: { price: plain('2') } } }, otp: [] },
    expect: 'equal',
    asks: [PRICE, RUNS('runtime_tools', 'true', 'false')],
  },
  {
    name: 'an application that does not change is left alone',
    upFrom: {
      apps: {
        money: tree('money', [child('rates')], { rates: counter('rates') }),
        shop: shop({ price: plain('1') }),
      },
    },
    to: { apps: { shop: { src: { price: plain('2') } } } },
    expect: 'equal',
    before: 'gen_server:call(rates, {add, 4})',
    asks: [PRICE, { ask: 'gen_server:call(rates, total)', upFrom: '4', to: '4' }],
  },
  {
    name: 'nothing changes but the version of the release',
    upFrom: { apps: { shop: shop() } },
    to: {},
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'an application without a single module',
    upFrom: { apps: { meta: {}, shop: shop({ price: plain('1') }) } },
    to: { apps: { meta: {}, shop: { src: { price: plain('2') } } } },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'an application that is loaded and not started changes',
    upFrom: {
      apps: { money: tree('money', [child('rates')], { rates: counter('rates') }), shop: shop() },
      types: { money: 'load' },
    },
    to: { apps: { money: { src: { rates: counter('rates', '{rate, N}') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'an application that is loaded and not started gets a child more',
    hazards: ['H24'],
    upFrom: { apps: { money: tree('money', [], {}), shop: shop() }, types: { money: 'load' } },
    to: {
      apps: {
        money: { src: { money_sup: supervisor('money_sup', [child('rates')]), rates: counter('rates') } },
      },
    },
    expect: { refused: 'rehearsal-node-restarted' },
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'an application that is transient changes',
    upFrom: { apps: { shop: shop() }, types: { shop: 'transient' } },
    to: { apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  ...(['load', 'none'] as const).flatMap((type): Scenario[] => {
    const apps = {
      money: tree('money', [child('rates')], { rates: server('rates', { state: '2' }) }),
      shop: shop({ price: plain('1') }),
    };
    const calls = plain('gen_server:call(rates, total)');
    return [
      {
        name: `an application of type ${type} is started from now on, and another one calls it`,
        hazards: ['H128'],
        upFrom: { apps, types: { money: type } },
        to: { apps: { shop: { src: { price: calls } } }, types: { money: 'permanent' } },
        expect: 'equal',
        finds: ['start-type-changed'],
        before: ADD_3,
        replaced: ['rates', 'money_sup'],
        asks: [PRICE, total('3', '3'), RUNS('money', 'false', 'true')],
      },
      {
        name: `an application is of type ${type} from now on, and nobody calls it any more`,
        hazards: ['H128'],
        upFrom: { apps: { ...apps, shop: { ...apps.shop, src: { ...apps.shop.src, price: calls } } } },
        to: { apps: { shop: { src: { price: plain('1') } } }, types: { money: type } },
        expect: 'equal',
        finds: ['start-type-changed'],
        before: ADD_3,
        replaced: ['rates', 'money_sup'],
        asks: [{ ...PRICE, upFrom: '2', to: '1' }, total('3', '3'), RUNS('money', 'true', 'false')],
      },
    ];
  }),
  {
    name: 'an application that is loaded and not started is started from now on by its own appup',
    hazards: ['H128'],
    upFrom: { apps: { money: tree('money', [], {}), shop: shop() }, types: { money: 'load' } },
    to: {
      apps: {
        shop: {
          src: { cart: counter('cart', '{sum, N}') },
          files: {
            'src/shop.appup.src': `{"1.1.0", [{"1.0.0", [{update, cart}, {apply, {application, start, [money, transient]}}]}],
  [{"1.0.0", [{apply, {application, stop, [money]}}, {update, cart}]}]}.`,
          },
        },
      },
      types: { money: 'transient' },
    },
    expect: 'equal',
    finds: ['start-type-changed'],
    before: ADD_3,
    replaced: ['money_sup'],
    asks: [total('3', '{sum,3}'), RUNS('money', 'false', 'true')],
  },
  {
    name: 'a permanent application is temporary from now on',
    hazards: ['H128'],
    upFrom: { apps: { shop: shop() } },
    to: { apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } }, types: { shop: 'temporary' } },
    expect: 'equal',
    finds: ['start-type-changed'],
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'the callback module of an application becomes another one',
    upFrom: { apps: { shop: shop() } },
    to: {
      apps: { shop: { mod: '{shop_main, []}', src: { shop_app: null, shop_main: callback('shop_sup') } } },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'a library becomes an application with processes',
    upFrom: {
      apps: {
        money: { src: { money: plain('1') } },
        shop: shop({ price: plain('money:f()') }, { applications: ['money'] }),
      },
    },
    to: {
      apps: {
        money: {
          mod: '{money_app, []}',
          src: {
            money: plain('gen_server:call(rates, total)'),
            money_app: callback('money_sup'),
            money_sup: supervisor('money_sup', [child('rates')]),
            rates: server('rates', { state: '2' }),
          },
        },
      },
    },
    expect: 'equal',
    never: ['dependents-not-restarted'],
    before: ADD_3,
    asks: [PRICE, total('3', '3')],
  },
  {
    name: 'three applications in a row of dependencies change',
    hazards: ['H28'],
    upFrom: {
      apps: {
        base: { src: { base: plain('1') } },
        middle: { applications: ['base'], src: { middle: plain('base:f()') } },
        shop: shop({ price: plain('middle:f()') }, { applications: ['middle'] }),
      },
    },
    to: {
      apps: {
        base: { src: { base: '-export([g/0]).\ng() -> 2.\n' } },
        middle: { src: { middle: '-export([g/0]).\ng() -> base:g().\n' } },
        shop: { src: { price: plain('middle:g()') } },
      },
    },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'a release that skipped a version',
    hazards: ['H36', 'H37'],
    upFrom: { apps: { shop: shop({ price: plain('1') }) } },
    older: { apps: { shop: { vsn: '0.9.0', src: { price: null, cart: counter('cart', '{old, N}') } } } },
    to: { apps: { shop: { src: { price: plain('2'), tax: plain('3') } } } },
    expect: 'equal',
  },
  {
    name: 'a release without sasl',
    hazards: ['H20'],
    upFrom: { apps: { shop: shop() }, sasl: false },
    to: { apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } } },
    expect: { refused: 'The release shopfront 1.0.0 (tag 1.0.0) does not contain sasl' },
  },
];
