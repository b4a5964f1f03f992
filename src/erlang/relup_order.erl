%% @doc The order in which modules are loaded (H28): what is called comes before its callers.
%%
%% The graph says for each module which ones must be loaded before it when upgrading; a downgrade goes the other way
%% round. Where modules need each other (a cycle), what some of them cannot do without decides; where that goes round in a
%% circle, too, there is no right order: those are sorted by name, and told.
-module(relup_order).

-export([sort/2, sort/4]).
-export_type([graph/0]).

-type graph() :: #{module() => [module()]}.

%% @doc Sorts modules, or what else depends on each other.
-spec sort(graph(), fun((module()) -> boolean())) -> [module()].
sort(Graph, Last) ->
    {Order, _, _} = sort(Graph, #{}, Last, []),
    Order.

%% @doc Sorts modules; `Musts' has those needs of the graph without which a call would fail, `Last' tells the modules that come as
%% late as the graph allows. Only cycles of musts are told.
%%
%% The graph that comes back is for the instructions' DepMods. systools suspends the processes of modules that are connected
%% in it all at once; in a cycle one could then wait for another that is suspended already, and could not be suspended
%% itself. So modules of cycles, and those that need them, are not connected: their order in the list counts. A cycle that has one
%% of the modules `Together' is connected all the same, as a chain: its processes would die while it is exchanged piece by piece.
-spec sort(graph(), graph(), fun((module()) -> boolean()), [module()]) ->
    {Order :: [module()], DepMods :: graph(), Cycles :: [[module()]]}.
sort(Graph, Musts, Last, Together) ->
    Components = components(Graph),
    Of = component_of(Components),
    Acyclic = acyclic(Graph, Of),
    Sorted = [inner(Component, Musts, Last) || Component <- order(Components, Of, Acyclic, Last)],
    Order = [Component || {Component, _} <- Sorted],
    Chained = maps:merge(Acyclic, maps:from_list(lists:append([chain(Component, Acyclic) || Component <- Order]))),
    {lists:append(Order), without_cycles(Order, Chained, Together), lists:sort(lists:append([Cycles || {_, Cycles} <- Sorted]))}.

%% A cycle in the order of its musts, and the cycles that are left in them.
inner([Module], _, _) ->
    {[Module], []};
inner(Component, Musts, Last) ->
    Graph = maps:from_list([{Module, [Need || Need <- maps:get(Module, Musts, []), lists:member(Need, Component)]} || Module <- Component]),
    Components = components(Graph),
    Of = component_of(Components),
    Order = order(Components, Of, acyclic(Graph, Of), Last),
    {lists:append(Order), [Cycle || Cycle = [_, _ | _] <- Order]}.

components(Graph) ->
    Digraph = digraph(Graph),
    Components = [lists:sort(Component) || Component <- digraph_utils:strong_components(Digraph)],
    digraph:delete(Digraph),
    Components.

component_of(Components) ->
    maps:from_list([{Module, Component} || Component <- Components, Module <- Component]).

acyclic(Graph, Of) ->
    maps:map(fun(Module, Needs) -> lists:usort(Needs) -- maps:get(Module, Of) end, Graph).

%% Each but the first needs the one before it.
chain([First | Rest], Graph) ->
    {Needs, _} = lists:mapfoldl(fun(Module, Before) -> {{Module, [Before | maps:get(Module, Graph)]}, Module} end, First, Rest),
    Needs.

without_cycles(Order, Graph, Together) ->
    lists:foldl(
        fun(Component, DepMods) ->
            Needs = lists:usort(lists:append([maps:get(Module, Graph) || Module <- Component])) -- Component,
            IsConnected = length(Component) =:= 1 orelse lists:any(fun(Module) -> lists:member(Module, Together) end, Component),
            case IsConnected andalso lists:all(fun(Need) -> is_map_key(Need, DepMods) end, Needs) of
                true -> maps:merge(DepMods, maps:with(Component, Graph));
                false -> DepMods
            end
        end,
        #{},
        Order
    ).

digraph(Graph) ->
    Digraph = digraph:new(),
    _ = [digraph:add_vertex(Digraph, Module) || Module <- maps:keys(Graph)],
    _ = [digraph:add_edge(Digraph, Module, Need) || {Module, Needs} <- maps:to_list(Graph), Need <- Needs],
    Digraph.

%% Always the first, by name, of the components that wait for nothing.
order(Components, Of, Graph, Last) ->
    Needs = maps:from_list([{Component, needs(Component, Graph, Of)} || Component <- Components]),
    Dependents = maps:groups_from_list(
        fun({Need, _}) -> Need end,
        fun({_, Component}) -> Component end,
        [{Need, Component} || {Component, List} <- maps:to_list(Needs), Need <- List]
    ),
    Rank = fun(Component) -> {lists:any(Last, Component), Component} end,
    Ready = gb_sets:from_list([Rank(Component) || {Component, []} <- maps:to_list(Needs)]),
    take(Ready, maps:map(fun(_, List) -> length(List) end, Needs), Dependents, Rank).

needs(Component, Graph, Of) ->
    lists:usort([maps:get(Need, Of) || Module <- Component, Need <- maps:get(Module, Graph)]).

take(Ready, Missing, Dependents, Rank) ->
    case gb_sets:is_empty(Ready) of
        true ->
            [];
        false ->
            {{_, Component}, Others} = gb_sets:take_smallest(Ready),
            {Ready1, Missing1} = lists:foldl(
                fun(Dependent, {Set, Counts}) ->
                    case maps:get(Dependent, Counts) of
                        1 -> {gb_sets:add(Rank(Dependent), Set), Counts};
                        Count -> {Set, Counts#{Dependent := Count - 1}}
                    end
                end,
                {Others, Missing},
                maps:get(Component, Dependents, [])
            ),
            [Component | take(Ready1, Missing1, Dependents, Rank)]
    end.
