%% Owns the listening socket and does nothing else, so that there is no reason to change or restart it: as long as it lives,
%% the kernel takes connections, also while everything else is suspended.
-module(webcounter_listener).
-behaviour(gen_server).
-export([start_link/0, socket/0, port/0]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

-spec socket() -> gen_tcp:socket().
socket() ->
    gen_server:call(?MODULE, socket).

-spec port() -> inet:port_number().
port() ->
    gen_server:call(?MODULE, port).

init([]) ->
    {ok, Ip} = application:get_env(webcounter, ip),
    %% 0: any free port
    Port = list_to_integer(os:getenv("WEBCOUNTER_PORT", "0")),
    case gen_tcp:listen(Port, options(Ip)) of
        {ok, Socket} ->
            {ok, Actual} = inet:port(Socket),
            logger:notice("webcounter listens on ~s:~b", [inet:ntoa(Ip), Actual]),
            {ok, Socket};
        {error, Reason} ->
            {stop, {cannot_listen, Port, Reason}}
    end.

%% The kernel queues up to `backlog' connections that no acceptor has taken yet. A client that does not read its answer
%% holds its connection for `send_timeout' at most.
options(Ip) ->
    [
        binary,
        {ip, Ip},
        {active, false},
        {packet, http_bin},
        {packet_size, 8192},
        {backlog, 1024},
        {nodelay, true},
        {reuseaddr, true},
        {send_timeout, 2000},
        {send_timeout_close, true}
    ].

handle_call(socket, _From, Socket) ->
    {reply, Socket, Socket};
handle_call(port, _From, Socket) ->
    {ok, Port} = inet:port(Socket),
    {reply, Port, Socket};
handle_call(_Request, _From, Socket) ->
    {reply, {error, unknown_request}, Socket}.

handle_cast(_Message, Socket) ->
    {noreply, Socket}.
