%% Takes connections from the listening socket. It waits in gen_tcp:accept/2 only for a moment at a time, and is a gen_server
%% otherwise: so it can be suspended, and `{update, webcounter_acceptor}' exchanges its code while it is nowhere in it.
-module(webcounter_acceptor).
-behaviour(gen_server).
-export([start_link/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

%% Milliseconds. An upgrade that suspends acceptors waits for each as long as this.
-define(WAIT, 200).

start_link() ->
    gen_server:start_link(?MODULE, [], []).

init([]) ->
    self() ! accept,
    {ok, webcounter_listener:socket()}.

%% The message to itself queues behind a request to suspend. A `continue' or a loop would not let that one in.
handle_info(accept, Listener) ->
    case gen_tcp:accept(Listener, ?WAIT) of
        {ok, Socket} ->
            hand_over(Socket),
            accept_again(Listener);
        {error, timeout} ->
            accept_again(Listener);
        {error, Reason} when Reason =:= emfile; Reason =:= enfile; Reason =:= econnaborted ->
            timer:sleep(?WAIT),
            accept_again(Listener);
        {error, Reason} ->
            {stop, {cannot_accept, Reason}, Listener}
    end;
handle_info(_Message, Listener) ->
    {noreply, Listener}.

accept_again(Listener) ->
    self() ! accept,
    {noreply, Listener}.

hand_over(Socket) ->
    {ok, Connection} = webcounter_connection_sup:start_connection(Socket),
    case gen_tcp:controlling_process(Socket, Connection) of
        ok -> webcounter_connection:serve(Connection);
        {error, _} ->
            gen_tcp:close(Socket),
            webcounter_connection:drop(Connection)
    end.

handle_call(_Request, _From, Listener) ->
    {reply, {error, unknown_request}, Listener}.

handle_cast(_Message, Listener) ->
    {noreply, Listener}.
