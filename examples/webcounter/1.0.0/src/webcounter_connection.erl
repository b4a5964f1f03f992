%% One client's connection, for as long as the client keeps it. Between two messages such a process is in gen_server's loop,
%% not in this module, however long it waits: the next message meets the newest code, and purging the old code finds nobody
%% in it. A loop of its own around gen_tcp:recv/3 would hold the old code while it waits, and be killed with it.
-module(webcounter_connection).
-behaviour(gen_server).
-export([start_link/1, serve/1, drop/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

%% Milliseconds after which a silent client is disconnected.
-define(IDLE, 60_000).

-record(connection, {
    socket :: gen_tcp:socket(),
    request = none :: none | {Method :: atom() | binary(), Path :: binary()},
    keep_alive = true :: boolean()
}).

start_link(Socket) ->
    gen_server:start_link(?MODULE, Socket, []).

%% @doc Tells the process that the socket is its own now.
serve(Connection) ->
    gen_server:cast(Connection, serve).

%% @doc Ends a process that does not get its socket.
drop(Connection) ->
    gen_server:cast(Connection, drop).

init(Socket) ->
    {ok, #connection{socket = Socket}, ?IDLE}.

handle_cast(serve, Connection) ->
    wait(Connection);
handle_cast(drop, Connection) ->
    {stop, normal, Connection}.

handle_info({http, Socket, Packet}, #connection{socket = Socket} = Connection) ->
    packet(Packet, Connection);
handle_info({tcp_closed, Socket}, #connection{socket = Socket} = Connection) ->
    {stop, normal, Connection};
handle_info({tcp_error, Socket, _Reason}, #connection{socket = Socket} = Connection) ->
    {stop, normal, Connection};
handle_info(timeout, Connection) ->
    {stop, normal, Connection};
handle_info(_Message, Connection) ->
    {noreply, Connection, ?IDLE}.

handle_call(_Request, _From, Connection) ->
    {reply, {error, unknown_request}, Connection, ?IDLE}.

packet({http_request, Method, {abs_path, Path}, Version}, Connection) ->
    wait(Connection#connection{request = {Method, Path}, keep_alive = Version >= {1, 1}});
packet({http_header, _, 'Connection', _, Value}, #connection{keep_alive = Default} = Connection) ->
    wait(Connection#connection{keep_alive = keep_alive(string:lowercase(Value), Default)});
packet({http_header, _, _Name, _, _Value}, Connection) ->
    wait(Connection);
packet(http_eoh, #connection{request = {Method, Path}} = Connection) ->
    {Status, Body} = webcounter_pages:answer(Method, Path),
    %% What may have a body is not read on.
    respond(Status, Body, Connection#connection{
        request = none,
        keep_alive = Connection#connection.keep_alive andalso Method =:= 'GET'
    });
packet(_Other, Connection) ->
    respond(400, <<"{\"error\":400}\n">>, Connection#connection{keep_alive = false}).

keep_alive(<<"close">>, _Default) -> false;
keep_alive(<<"keep-alive">>, _Default) -> true;
keep_alive(_Other, Default) -> Default.

respond(Status, Body, #connection{socket = Socket, keep_alive = KeepAlive} = Connection) ->
    case {gen_tcp:send(Socket, response(Status, Body, KeepAlive)), KeepAlive} of
        {ok, true} -> wait(Connection);
        {_, _} -> {stop, normal, Connection}
    end.

response(Status, Body, KeepAlive) ->
    [
        <<"HTTP/1.1 ">>,
        status(Status),
        <<"\r\nContent-Type: application/json\r\nContent-Length: ">>,
        integer_to_binary(iolist_size(Body)),
        <<"\r\nConnection: ">>,
        case KeepAlive of
            true -> <<"keep-alive">>;
            false -> <<"close">>
        end,
        <<"\r\n\r\n">>,
        Body
    ].

status(200) -> <<"200 OK">>;
status(400) -> <<"400 Bad Request">>;
status(404) -> <<"404 Not Found">>;
status(405) -> <<"405 Method Not Allowed">>.

%% The next packet comes as one message, and no more until this is called again.
wait(#connection{socket = Socket} = Connection) ->
    case inet:setopts(Socket, [{active, once}]) of
        ok -> {noreply, Connection, ?IDLE};
        {error, _Closed} -> {stop, normal, Connection}
    end.
