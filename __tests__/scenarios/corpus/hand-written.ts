// Appups that people wrote: good, incomplete, stale, for several versions, by expressions, for dependencies.
import { ADD_3, child, counter, plain, shop, supervisor, total, tree } from '../modules.js';
import type { ApplicationText, Question, ReleaseText, Scenario } from '../scenario.js';

const base = { apps: { shop: shop({ price: plain('1') }) } };
const PRICE: Question = { ask: 'price:f()', upFrom: '1', to: '2' };

/** The new release: price changed, and an appup beside its source. */
function withAppup(
  appup: string,
  src: Record<string, string | null> = { price: plain('2') },
): ApplicationText {
  return { src, files: { 'src/shop.appup.src': appup } };
}

/** An appup with the same instructions both ways. */
function bothWays(instructions: string, version = '"1.0.0"', to = '1.1.0'): string {
  return `{"${to}", [{${version}, ${instructions}}], [{${version}, ${instructions}}]}.\n`;
}

const LOAD = '[{load_module, price}]';

/** Ends the listener and starts it again, as appups of ranch do with what accepts connections. */
const BOUNCE = `-export([all/0]).
all() -> ok = supervisor:terminate_child(shop_sup, listener), {ok, _} = supervisor:restart_child(shop_sup, listener), ok.
`;

const BOUNCED = bothWays('[{load_module, price}, {apply, {bounce, all, []}}]');

function listening(config = '[].'): ReleaseText {
  const src = { cart: counter('cart'), listener: counter('listener'), bounce: BOUNCE, price: plain('1') };
  return { config, apps: { shop: tree('shop', [child('cart'), child('listener')], src) } };
}

export const HAND_WRITTEN: readonly Scenario[] = [
  {
    name: 'a function that the appup calls ends a process on purpose and starts it again',
    upFrom: listening(),
    to: { apps: { shop: withAppup(BOUNCED) } },
    expect: 'equal',
    finds: ['rehearsal-process-ended'],
    never: ['rehearsal-process-died'],
    replaced: ['listener'],
    before: ADD_3,
    asks: [PRICE, total('3', '3')],
  },
  {
    name: 'a function that the appup calls ends a process on a node that prints no crash, so it may have been one',
    upFrom: listening('[{kernel, [{logger, [{handler, default, undefined}]}]}].'),
    to: { apps: { shop: withAppup(BOUNCED) } },
    expect: { refused: 'rehearsal-process-died' },
  },
  {
    name: 'a complete hand-written appup is used',
    hazards: ['H31'],
    upFrom: base,
    to: { apps: { shop: withAppup(bothWays(LOAD)) } },
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, total('3', '3')],
  },
  {
    name: 'a hand-written appup that forgets a changed module',
    hazards: ['H21', 'H31'],
    upFrom: { apps: { shop: shop({ price: plain('1'), tax: plain('1') }) } },
    to: { apps: { shop: withAppup(bothWays(LOAD), { price: plain('2'), tax: plain('2') }) } },
    expect: { refused: 'The relup does not load all code that differs' },
  },
  {
    name: 'a hand-written appup with an empty list for a changed module',
    hazards: ['H21'],
    upFrom: base,
    to: { apps: { shop: withAppup(bothWays('[]')) } },
    expect: { refused: 'The relup does not load all code that differs' },
  },
  {
    name: 'a hand-written appup that forgets a module on the way down only',
    hazards: ['H33'],
    upFrom: base,
    to: { apps: { shop: withAppup(`{"1.1.0", [{"1.0.0", ${LOAD}}], [{"1.0.0", []}]}.\n`) } },
    expect: { refused: 'The relup does not load all code that differs' },
  },
  {
    name: 'a hand-written appup without a downgrade is not valid, so one is generated',
    hazards: ['H33'],
    upFrom: base,
    to: { apps: { shop: withAppup(`{"1.1.0", [{"1.0.0", ${LOAD}}], []}.\n`) } },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'a stale appup for the version before is not valid, so one is generated',
    hazards: ['H23'],
    upFrom: base,
    to: { apps: { shop: withAppup(bothWays(LOAD, '"0.9.0"', '1.0.0')) } },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'an appup for the new version from another up-from version is not valid, so one is generated',
    hazards: ['H23'],
    upFrom: base,
    to: { apps: { shop: withAppup(bothWays(LOAD, '"0.9.0"')) } },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'a version expression that matches',
    hazards: ['H32'],
    upFrom: base,
    to: { apps: { shop: withAppup(bothWays(LOAD, '<<"1\\\\.0\\\\.[0-9]+">>')) } },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'a version expression that matches only the beginning of the version is not valid, so one is generated',
    hazards: ['H32'],
    upFrom: base,
    to: { apps: { shop: withAppup(bothWays(LOAD, '<<"1\\\\.0">>')) } },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'a hand-written appup for two up-from versions',
    hazards: ['H36', 'H37'],
    upFrom: base,
    older: { apps: { shop: { vsn: '0.9.0', src: { price: plain('0') } } } },
    to: {
      apps: {
        shop: withAppup(
          `{"1.1.0", [{"1.0.0", ${LOAD}}, {"0.9.0", ${LOAD}}], [{"1.0.0", ${LOAD}}, {"0.9.0", ${LOAD}}]}.\n`,
        ),
      },
    },
    expect: 'equal',
  },
  {
    name: 'a hand-written appup that names a module nobody has',
    hazards: ['H21'],
    upFrom: base,
    to: { apps: { shop: withAppup(bothWays('[{load_module, price}, {load_module, nobody}]')) } },
    expect: { refused: 'appup-unknown-module' },
  },
  {
    name: 'a hand-written appup that adds a module under a wrong name',
    hazards: ['H21'],
    upFrom: base,
    to: {
      apps: {
        shop: withAppup(bothWays('[{load_module, price}, {add_module, taxes}]'), {
          price: plain('2'),
          tax: plain('2'),
        }),
      },
    },
    expect: { refused: 'appup-unknown-module' },
  },
  {
    name: 'a hand-written appup restarts the application: its state is lost, its code is right',
    upFrom: base,
    to: { apps: { shop: withAppup(bothWays('[{restart_application, shop}]')) } },
    expect: 'equal',
    before: ADD_3,
    asks: [PRICE, { ask: 'gen_server:call(cart, total)', upFrom: '3', to: '0', back: '0' }],
    replaced: ['cart', 'shop_sup'],
  },
  {
    name: 'a hand-written appup that restarts the emulator',
    hazards: ['H38'],
    upFrom: base,
    to: { apps: { shop: withAppup(bothWays('[{load_module, price}, restart_new_emulator]')) } },
    expect: { refused: 'The relup restarts the emulator' },
  },
  {
    name: 'a hand-written appup starts and stops a child by apply',
    hazards: ['H24'],
    upFrom: { apps: { shop: shop() } },
    to: {
      apps: {
        shop: withAppup(
          `{"1.1.0",
 [{"1.0.0", [{add_module, tax}, {update, shop_sup, supervisor}, {apply, {supervisor, restart_child, [shop_sup, tax]}}]}],
 [{"1.0.0", [{apply, {supervisor, terminate_child, [shop_sup, tax]}}, {apply, {supervisor, delete_child, [shop_sup, tax]}},
             {update, shop_sup, supervisor}, {delete_module, tax}]}]}.\n`,
          { tax: counter('tax'), shop_sup: supervisor('shop_sup', [child('cart'), child('tax')]) },
        ),
      },
    },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '3')],
  },
  {
    name: 'a hand-written appup updates the supervisor and forgets to start the new child',
    hazards: ['H24'],
    upFrom: { apps: { shop: shop() } },
    to: {
      apps: {
        shop: withAppup(
          `{"1.1.0",
 [{"1.0.0", [{add_module, tax}, {update, shop_sup, supervisor}]}],
 [{"1.0.0", [{update, shop_sup, supervisor}, {delete_module, tax}]}]}.\n`,
          { tax: counter('tax'), shop_sup: supervisor('shop_sup', [child('cart'), child('tax')]) },
        ),
      },
    },
    expect: { refused: 'rehearsal-supervision' },
  },
  {
    name: 'an appup by Erlang expressions, with the version filled in',
    upFrom: base,
    to: {
      apps: {
        shop: withAppup(
          'Load = [{load_module, Module} || Module <- [price]].\n{"{{vsn}}", [{"1.0.0", Load}], [{"1.0.0", Load}]}.\n',
        ),
      },
    },
    expect: 'equal',
    asks: [PRICE],
  },
  {
    name: 'a hand-written appup that is no Erlang term',
    hazards: ['H23'],
    upFrom: base,
    to: { apps: { shop: withAppup('{"1.1.0", [{"1.0.0", [}]}\n') } },
    expect: { refused: 'The appup apps/shop/src/shop.appup.src cannot be used' },
  },
  {
    name: 'an appup for a dependency in the project',
    hazards: ['H29'],
    upFrom: { apps: { ...base.apps, money: { dependency: true, src: { money: plain('1') } } } },
    to: {
      apps: { money: { src: { money: plain('2') } } },
      files: { 'appups/money.appup.src': bothWays('[{load_module, money}]') },
    },
    expect: 'equal',
    asks: [{ ask: 'money:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'an appup that the dependency ships',
    hazards: ['H29'],
    upFrom: { apps: { ...base.apps, money: { dependency: true, src: { money: plain('1') } } } },
    to: {
      apps: {
        money: {
          src: { money: plain('2') },
          files: { 'ebin/money.appup': bothWays('[{load_module, money}]') },
        },
      },
    },
    expect: 'equal',
    asks: [{ ask: 'money:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'a dependency without any appup gets one',
    hazards: ['H29'],
    upFrom: { apps: { ...base.apps, money: { dependency: true, src: { money: plain('1') } } } },
    to: { apps: { money: { src: { money: plain('2') } } } },
    expect: 'equal',
    asks: [{ ask: 'money:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'appups are required and two applications have none',
    hazards: ['H29'],
    upFrom: { apps: { ...base.apps, money: { dependency: true, src: { money: plain('1') } } } },
    to: { apps: { money: { src: { money: plain('2') } }, shop: { src: { price: plain('2') } } } },
    inputs: { appups: 'require' },
    expect: { refused: 'No valid appup for' },
  },
  {
    name: 'an appup that calls a function which fails on the node',
    upFrom: base,
    to: {
      apps: { shop: withAppup(bothWays('[{load_module, price}, {apply, {erlang, error, [on_purpose]}}]')) },
    },
    expect: { refused: 'rehearsal-node-restarted' },
  },
  {
    name: 'an appup that deletes a module which the supervisor still starts',
    upFrom: base,
    to: {
      apps: {
        shop: withAppup(
          `{"1.1.0", [{"1.0.0", [{load_module, price}, {delete_module, cart}]}], [{"1.0.0", ${LOAD}}]}.\n`,
        ),
      },
    },
    expect: { refused: 'appup-deletes-module' },
  },
];
