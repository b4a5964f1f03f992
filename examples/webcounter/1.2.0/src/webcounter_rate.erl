%% Knows how many visits there were in the last second. It asks the counter, and nobody has to tell it anything: so it does not
%% matter when an upgrade starts it, before or after the modules that exist already are exchanged.
-module(webcounter_rate).
-behaviour(gen_server).
-export([start_link/0, per_second/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-define(SECOND, 1000).

-record(state, {total :: non_neg_integer(), rate = 0 :: non_neg_integer()}).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% @doc Visits in the last full second; 0 while the process is not there, as in the middle of an upgrade.
-spec per_second() -> non_neg_integer().
per_second() ->
    try
        gen_server:call(?MODULE, per_second)
    catch
        exit:{noproc, _} -> 0
    end.

init([]) ->
    erlang:send_after(?SECOND, self(), tick),
    {ok, #state{total = webcounter_counter:total()}}.

handle_info(tick, #state{total = Before}) ->
    erlang:send_after(?SECOND, self(), tick),
    Total = webcounter_counter:total(),
    {noreply, #state{total = Total, rate = Total - Before}}.

handle_call(per_second, _From, State) ->
    {reply, State#state.rate, State}.

handle_cast(_Message, State) ->
    {noreply, State}.
