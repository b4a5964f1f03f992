%% The listener stands before the acceptors: when it has to be started again, they are, too.
-module(webcounter_web_sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Supervisor = #{type => supervisor, shutdown => infinity},
    {ok,
        {#{strategy => rest_for_one}, [
            Supervisor#{id => connections, start => {webcounter_connection_sup, start_link, []}},
            #{id => listener, start => {webcounter_listener, start_link, []}},
            Supervisor#{id => acceptors, start => {webcounter_acceptor_sup, start_link, []}}
        ]}}.
