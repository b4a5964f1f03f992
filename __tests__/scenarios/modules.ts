// Texts of the modules that nearly every scenario has; what a scenario is about stands in the scenario.
import type { ApplicationText } from './scenario.js';

/** An application callback that starts a supervisor. */
export function callback(supervisor: string, more = ''): string {
  return `-behaviour(application).
-export([start/2, stop/1]).
${more}
start(_Type, _Args) -> ${supervisor}:start_link().
stop(_State) -> ok.
`;
}

/** A supervisor registered under its module's name. */
export function supervisor(name: string, children: readonly string[], flags = '#{}', more = ''): string {
  return `-behaviour(supervisor).
-export([start_link/0, init/1]).
${more}
start_link() -> supervisor:start_link({local, ${name}}, ${name}, []).
init([]) -> {ok, {${flags}, [${children.join(',\n  ')}]}}.
`;
}

/** A child specification; `more` are further entries of the map. */
export function child(id: string, more = ''): string {
  return `#{id => ${id}, start => {${id}, start_link, []}${more === '' ? '' : `, ${more}`}}`;
}

/** A child that is itself a supervisor. */
export function subtree(id: string): string {
  return child(id, 'type => supervisor');
}

interface ServerOptions {
  /** First state; default `0`. */
  readonly state?: string;
  /** Clauses of `handle_call(Request, From, State)`. */
  readonly calls?: string;
  /** Clauses of `code_change/3`; default: none, and it is not exported. */
  readonly codeChange?: string;
  readonly more?: string;
}

/** Adds up what it is sent: `{add, M}`; tells the sum: `total`. */
const COUNTS = `handle_call({add, M}, _From, N) -> {reply, ok, N + M};
handle_call(total, _From, N) -> {reply, N, N}.`;

/** A gen_server registered under its module's name. */
export function server(name: string, options: ServerOptions = {}): string {
  const { state = '0', calls = COUNTS, codeChange, more = '' } = options;
  return `-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2]).
${codeChange === undefined ? '' : '-export([code_change/3]).'}
${more}
start_link() -> gen_server:start_link({local, ${name}}, ${name}, [], []).
init([]) -> {ok, ${state}}.
${calls}
handle_cast(_Message, State) -> {noreply, State}.
${codeChange ?? ''}
`;
}

/** A counter that answers `total` with an expression of `N`. */
export function counter(name: string, total = 'N'): string {
  return server(name, {
    calls: `handle_call({add, M}, _From, N) -> {reply, ok, N + M};
handle_call(total, _From, N) -> {reply, ${total}, N}.`,
  });
}

/** A module with one function, `f/0`. */
export function plain(value: string): string {
  return `-export([f/0]).\nf() -> ${value}.\n`;
}

/** An application with callback, supervisor (`<name>_sup`) and children, each a module of its own. */
export function tree(
  name: string,
  children: readonly string[],
  src: Readonly<Record<string, string>> = {},
  more: ApplicationText = {},
): ApplicationText {
  return {
    mod: `{${name}_app, []}`,
    ...more,
    src: {
      [`${name}_app`]: callback(`${name}_sup`),
      [`${name}_sup`]: supervisor(`${name}_sup`, children),
      ...src,
    },
  };
}

/** The usual application: `shop` with one counter, `cart`. */
export function shop(
  src: Readonly<Record<string, string>> = {},
  more: ApplicationText = {},
): ApplicationText {
  return tree('shop', [child('cart')], { cart: counter('cart'), ...src }, more);
}

/** The question that shows that the counter `cart` kept its state and runs which code. */
export function total(upFrom: string, to: string): { ask: string; upFrom: string; to: string } {
  return { ask: 'gen_server:call(cart, total)', upFrom, to };
}

/** Puts 3 into the counter `cart`. */
export const ADD_3 = 'gen_server:call(cart, {add, 3})';
