%% Counts visits. The count is only here, so it shows that this process lives on through an upgrade.
-module(webcounter_counter).
-behaviour(gen_server).
-export([start_link/0, visit/0, total/0]).
-export([init/1, handle_call/3, handle_cast/2]).

-record(state, {total = 0 :: non_neg_integer()}).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% @doc One more visit; the number of all of them.
-spec visit() -> pos_integer().
visit() ->
    gen_server:call(?MODULE, visit).

-spec total() -> non_neg_integer().
total() ->
    gen_server:call(?MODULE, total).

init([]) ->
    {ok, #state{}}.

handle_call(visit, _From, #state{total = Total} = State) ->
    {reply, Total + 1, State#state{total = Total + 1}};
handle_call(total, _From, State) ->
    {reply, State#state.total, State};
%% What another version asks for is not worth a crash, which would lose the count.
handle_call(_Request, _From, State) ->
    {reply, {error, unknown_request}, State}.

handle_cast(_Message, State) ->
    {noreply, State}.
