%% Counts visits, from 1.1.0 on also for each page. The count is only here, so it shows that this process lives on through an
%% upgrade.
-module(webcounter_counter).
-behaviour(gen_server).
-export([start_link/0, visit/0, visit/1, total/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

-record(state, {
    total = 0 :: non_neg_integer(),
    pages = #{} :: #{binary() => pos_integer()}
}).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% @doc One more visit; the number of all of them. Called by 1.0.0 only: modules are loaded one after the other, so for a moment
%% the old webcounter_pages meets this module. To be removed in a release that is not upgraded to from 1.0.0.
-spec visit() -> pos_integer().
visit() ->
    gen_server:call(?MODULE, visit).

%% @doc One more visit to a page; the number of all visits, and of those to the page, 0 when it is not known.
-spec visit(binary()) -> {pos_integer(), non_neg_integer()}.
visit(Page) ->
    case gen_server:call(?MODULE, {visit, Page}) of
        %% It waited while this process went back to 1.0.0, which is asked again, in its own way.
        {error, unknown_request} -> {?MODULE:visit(), 0};
        Counts -> Counts
    end.

-spec total() -> non_neg_integer().
total() ->
    gen_server:call(?MODULE, total).

init([]) ->
    {ok, #state{}}.

handle_call({visit, Page}, _From, #state{total = Total, pages = Pages} = State) ->
    OfPage = maps:get(Page, Pages, 0) + 1,
    {reply, {Total + 1, OfPage}, State#state{total = Total + 1, pages = Pages#{Page => OfPage}}};
%% What was sent by 1.0.0 while this process was suspended is answered as 1.0.0 expects it.
handle_call(visit, _From, #state{total = Total} = State) ->
    {reply, Total + 1, State#state{total = Total + 1}};
handle_call(total, _From, State) ->
    {reply, State#state.total, State};
%% What another version asks for is not worth a crash, which would lose the count.
handle_call(_Request, _From, State) ->
    {reply, {error, unknown_request}, State}.

handle_cast(_Message, State) ->
    {noreply, State}.

%% The state of 1.0.0 was {state, Total}.
code_change({down, _Vsn}, #state{total = Total}, _Extra) ->
    {ok, {state, Total}};
code_change(_Vsn, {state, Total}, _Extra) ->
    {ok, #state{total = Total}}.
