-module(webcounter_sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

%% Called again by an upgrade that changes this module, while everything runs: no side effects here.
init([]) ->
    Web = #{
        id => web,
        start => {webcounter_web_sup, start_link, []},
        type => supervisor,
        shutdown => infinity
    },
    Counter = #{id => counter, start => {webcounter_counter, start_link, []}},
    Rate = #{id => rate, start => {webcounter_rate, start_link, []}},
    {ok, {#{strategy => one_for_one, intensity => 5, period => 10}, [Counter, Web, Rate]}}.
