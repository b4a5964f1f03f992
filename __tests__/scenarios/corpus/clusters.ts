// Two versions on connected nodes: each upgrade of a single node passes.
import { ADD_3, child, counter, server, shop, total, tree } from '../modules.js';
import type { ApplicationText, ReleaseText, Scenario } from '../scenario.js';

/** Does something with each node that comes, in a process of its own so that nobody waits for it. */
const greeter = (does: string): string => `-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2, handle_info/2]).
start_link() -> gen_server:start_link({local, greeter}, greeter, [], []).
init([]) -> ok = net_kernel:monitor_nodes(true), {ok, 0}.
handle_call(_, _From, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
handle_info({nodeup, Node}, State) -> spawn(fun() -> ${does} end), {noreply, State};
handle_info(_, State) -> {noreply, State}.
`;

const greeting = (does: string): ApplicationText =>
  tree('shop', [child('cart'), child('greeter')], { cart: counter('cart'), greeter: greeter(does) });

const ASK = 'catch gen_server:call({cart, Node}, total)';

/** `till` gives the process of another application a global name. */
const named: ReleaseText = {
  apps: {
    shop: shop(),
    desk: tree(
      'desk',
      [child('till')],
      { till: server('till', { state: 'global:register_name({cart, node()}, whereis(cart))' }) },
      { applications: ['shop'] },
    ),
  },
};

const joined = (answer: string): string =>
  counter('cart', answer).replace(
    '{ok, 0}',
    '{ok, begin pg:start(shop_groups), pg:join(shop_groups, carts, self()), 0 end}',
  );

const appup = (instructions: string): string =>
  `{"1.1.0", [{"1.0.0", [${instructions}]}], [{"1.0.0", [${instructions}]}]}.`;

export const CLUSTERS: readonly Scenario[] = [
  {
    name: 'nodes of two versions that ask each other what both know',
    hazards: ['H93'],
    cluster: true,
    upFrom: { apps: { shop: greeting(ASK) } },
    to: { apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
  {
    name: 'the new version asks the node of the old one what that does not know',
    hazards: ['H93'],
    cluster: true,
    upFrom: { apps: { shop: greeting(ASK) } },
    to: {
      apps: {
        shop: {
          src: {
            cart: counter('cart').replace(
              'handle_call(total',
              'handle_call({total, _}, _From, N) -> {reply, N, N};\nhandle_call(total',
            ),
            greeter: greeter('catch gen_server:call({cart, Node}, {total, euro})'),
          },
        },
      },
    },
    expect: { refused: 'rehearsal-cluster-crash' },
  },
  {
    name: 'a process that has a global name from another application is restarted',
    hazards: ['H93'],
    cluster: true,
    upFrom: named,
    to: {
      apps: { shop: { src: { cart: counter('cart', '{sum, N}') } } },
      files: { 'relup.config': '{shop, [{strategy, restart}]}.\n' },
    },
    expect: { refused: 'rehearsal-cluster-name' },
  },
  {
    name: 'a process stays a member of its group on both nodes',
    hazards: ['H93'],
    cluster: true,
    upFrom: { apps: { shop: shop({ cart: joined('N') }) } },
    to: { apps: { shop: { src: { cart: joined('{sum, N}') } } } },
    expect: 'equal',
    before: ADD_3,
    asks: [
      total('3', '{sum,3}'),
      { ask: 'length(pg:get_members(shop_groups, carts))', upFrom: '1', to: '1' },
    ],
  },
  {
    name: 'an appup that waits for all nodes which are connected',
    hazards: ['H93'],
    cluster: true,
    upFrom: { apps: { shop: shop() } },
    to: {
      apps: {
        shop: {
          src: { cart: counter('cart', '{sum, N}') },
          files: {
            'src/shop.appup.src': appup('{sync_nodes, shop, {erlang, nodes, []}}, {load_module, cart}'),
          },
        },
      },
    },
    expect: 'equal',
    finds: ['appup-sync-nodes'],
    before: ADD_3,
    asks: [total('3', '{sum,3}')],
  },
];
