%% @doc Callback modules whose behaviour differs in the same upgrade: a process that runs both has one state, and converts it
%% once (H134).
%%
%% release_handler asks each process for a conversion per module that is to be changed, and a process always answers by its
%% behaviour's code_change. So only the behaviour is asked; its callback modules are exchanged while their processes wait, and
%% are there, new, when the behaviour hands their part of the state on to them.
-module(relup_callbacks).

-export([of_steps/2, in_both/2, of_behaviour/2, behaviour/2]).
-export_type([callbacks/0]).

-type callbacks() :: #{Behaviour :: module() => [module()]}.

%% @doc Pairs among the modules that differ between two releases, and whose appups are generated. Where processes are known by the
%% callback module only (see relup_carried), that is asked, and no pair.
-spec of_steps(file:filename(), [relup_hops:step()]) -> callbacks().
of_steps(OldRoot, Steps) ->
    Pairs = pairs(Steps),
    All = case Pairs of [] -> []; _ -> relup_carried:modules(OldRoot) end,
    maps:groups_from_list(
        fun({Behaviour, _}) -> Behaviour end,
        fun({_, #{module := Module}}) -> Module end,
        [{Behaviour, Facts} || {Behaviour, Facts} <- Pairs, not relup_carried:starts_itself(Facts, Behaviour, All)]
    ).

pairs(Steps) ->
    New = maps:from_list([
        {Module, relup_beam:facts(File)}
     || #{generate := true, modules := Modules} <- Steps,
        {Module, {Old, File}} <- maps:to_list(Modules),
        Old =/= none,
        File =/= none
    ]),
    [
        {Behaviour, Facts}
     || {_, #{behaviours := Behaviours} = Facts} <- lists:sort(maps:to_list(New)),
        relup_behaviour:kind(Facts) =:= custom,
        Behaviour <- Behaviours,
        #{} = Own <- [maps:get(Behaviour, New, none)],
        relup_instruction:converts(Own)
    ].

%% @doc An appup's entry serves all releases with that version of the application, so what does not hold for all counts for none.
-spec in_both(callbacks(), callbacks()) -> callbacks().
in_both(One, Other) ->
    maps:filtermap(
        fun(Behaviour, Modules) ->
            case [Module || Module <- Modules, lists:member(Module, maps:get(Behaviour, Other, []))] of
                [] -> false;
                Both -> {true, Both}
            end
        end,
        One
    ).

%% @doc The callback modules that are exchanged together with a behaviour.
-spec of_behaviour(module(), callbacks()) -> [module()].
of_behaviour(Behaviour, Callbacks) ->
    maps:get(Behaviour, Callbacks, []).

%% @doc The behaviour that converts a callback module's state.
-spec behaviour(module(), callbacks()) -> {ok, module()} | none.
behaviour(Module, Callbacks) ->
    case [Behaviour || {Behaviour, Modules} <- maps:to_list(Callbacks), lists:member(Module, Modules)] of
        [Behaviour | _] -> {ok, Behaviour};
        [] -> none
    end.
