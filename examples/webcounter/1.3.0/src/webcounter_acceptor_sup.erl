-module(webcounter_acceptor_sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    {ok, Acceptors} = application:get_env(webcounter, acceptors),
    Children = [
        #{id => {acceptor, Number}, start => {webcounter_acceptor, start_link, []}}
     || Number <- lists:seq(1, Acceptors)
    ],
    {ok, {#{strategy => one_for_one, intensity => 10, period => 10}, Children}}.
