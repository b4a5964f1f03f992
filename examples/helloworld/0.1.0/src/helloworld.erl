%% Says hello, and counts how often it was asked: the count shows that the process lives on through the upgrade.
-module(helloworld).
-behaviour(gen_server).
-export([start_link/0, helloworld/0, calls/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

helloworld() ->
    gen_server:call(?MODULE, helloworld).

calls() ->
    gen_server:call(?MODULE, calls).

init([]) ->
    {ok, 0}.

handle_call(helloworld, _From, Calls) ->
    {reply, "Helo, world!", Calls + 1};
handle_call(calls, _From, Calls) ->
    {reply, Calls, Calls}.

handle_cast(_Message, Calls) ->
    {noreply, Calls}.

code_change(_OldVsn, Calls, _Extra) ->
    {ok, Calls}.
