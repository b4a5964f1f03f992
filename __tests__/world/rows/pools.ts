import type { Row } from '../row.js';

/** Libraries without native code that Debian has at one version only, around our own code that changes. */
export const POOLS: readonly Row[] = [
  {
    name: 'poolboy 1.5.2 twice',
    upFrom: ['poolboy-1.5.2'],
    use: `-behaviour(gen_server).
-export([start/0, use/1, start_link/1, init/1, handle_call/3, handle_cast/2]).
start() ->
    {ok, Pool} = poolboy:start_link([{worker_module, ?MODULE}, {size, 2}, {max_overflow, 1}], []),
    Pool.
use(Pool) ->
    pong = poolboy:transaction(Pool, fun(Worker) -> gen_server:call(Worker, ping) end),
    {ready, 2, 0, 0} = poolboy:status(Pool),
    {ok, Pool}.
start_link(Arguments) -> gen_server:start_link(?MODULE, Arguments, []).
init(_) -> {ok, none}.
handle_call(ping, _From, State) -> {reply, pong, State}.
handle_cast(_, State) -> {noreply, State}.\n`,
    expect: 'hot',
    why: 'A pool that our server keeps: its workers and the library are as before.',
  },
  {
    name: 'lager 3.9.2 twice',
    upFrom: ['lager-3.9.2'],
    config:
      '{lager, [{handlers, [{lager_console_backend, [{level, critical}]}]}, {error_logger_redirect, false}]}',
    use: `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    ok = lager:log(info, self(), "used ~b times", [N]),
    true = lists:member(lager_console_backend, gen_event:which_handlers(lager_event)),
    {ok, N + 1}.\n`,
    expect: 'hot',
    why: 'An event manager with handlers that the application adds at boot.',
  },
  {
    name: 'mochiweb 3.5.0 twice',
    upFrom: ['mochiweb-3.5.0'],
    use: `-export([start/0, use/1, loop/1]).
start() ->
    {ok, Server} = mochiweb_http:start_link([{name, world_http}, {ip, "127.0.0.1"}, {port, 0}, {loop, {?MODULE, loop}}]),
    mochiweb_socket_server:get(Server, port).
loop(Request) -> mochiweb_request:ok({"text/plain", "world"}, Request).
use(Port) ->
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {active, false}]),
    ok = gen_tcp:send(Socket, <<"GET / HTTP/1.1\\r\\nhost: world\\r\\nconnection: close\\r\\n\\r\\n">>),
    {ok, <<"HTTP/1.1 200", _/binary>>} = gen_tcp:recv(Socket, 0, 5000),
    ok = gen_tcp:close(Socket),
    {ok, Port}.\n`,
    expect: 'hot',
    why: 'A listener that our server keeps, with acceptors that wait in the library.',
  },
  {
    name: 'luerl 1.2.3 twice',
    upFrom: ['luerl-1.2.3'],
    use: `-export([start/0, use/1]).
start() -> {luerl:init(), 0}.
use({Lua, N}) ->
    {[Sum], Next} = luerl:do(<<"n = (n or 0) + 1 return n">>, Lua),
    true = Sum == N + 1,
    {ok, {Next, N + 1}}.\n`,
    expect: 'hot',
    why: 'An interpreter whose state, with references to its own functions, lives in our server.',
  },
];
