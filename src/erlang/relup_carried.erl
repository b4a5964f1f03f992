%% @doc Callback modules that start processes of a behaviour of the release, which is exchanged (H30, H134).
%%
%% release_handler finds processes by the modules that their child specification names. A supervisor takes the module of the start
%% function, unless it is told otherwise, and that is the callback module, where that calls the behaviour's start_link. So an
%% update of the behaviour alone finds none of them: they would go on in its old code, and be killed when that is purged.
-module(relup_carried).

-export([by_behaviour/2, modules/1, starts_itself/3, in_both/2]).
-export_type([carried/0]).

%% By behaviour: its callback modules that did not change, callers first; and those of them whose processes the behaviour
%% asks to convert their state.
-type carried() :: #{Behaviour :: module() => #{waiting := [module()], converted := [module()]}}.

%% @doc By behaviour that differs from what is in the old release; `Steps' are those of one up-from release.
-spec by_behaviour(file:filename(), [relup_hops:step()]) -> carried().
by_behaviour(OldRoot, Steps) ->
    Changed = maps:from_list([
        {Module, {Application, relup_beam:facts(New)}}
     || #{generate := true, application := Application, modules := Modules} <- Steps,
        {Module, {Old, New}} <- maps:to_list(Modules),
        Old =/= none,
        New =/= none
    ]),
    case [{Module, New} || {Module, {_, New}} <- maps:to_list(Changed), runs_callbacks(New)] of
        [] -> #{};
        Behaviours -> of_release(modules(OldRoot), Behaviours, Changed)
    end.

%% Processes run it, and call the functions of another module.
runs_callbacks(Facts) ->
    relup_beam:exports(Facts, behaviour_info, 1) andalso
        lists:member(relup_beam:kind(Facts), [gen_server, gen_statem, gen_fsm, special]).

%% @doc What is told by the beams of a release that are not OTP's.
-spec modules(file:filename()) -> [relup_beam:facts()].
modules(Root) ->
    [relup_beam:facts(filename:join(Ebin, Beam)) || Ebin <- relup_reach:ebins(Root), Beam <- filelib:wildcard("*.beam", Ebin)].

of_release(All, Behaviours, Changed) ->
    maps:from_list([
        {Behaviour, #{waiting => Callbacks, converted => [One || One <- Callbacks, is_converted(One, New, Changed)]}}
     || {Behaviour, New} <- Behaviours,
        Callbacks <- [callers_first([Facts || Facts <- All, is_carried(Facts, Behaviour, All, Changed)])],
        Callbacks =/= []
    ]).

%% A process that waits for one that is suspended already could not be suspended itself.
callers_first(Callbacks) ->
    Names = [Module || #{module := Module} <- Callbacks],
    Needs = [{Module, [Called || Called <- relup_beam:calls(Facts), Called =/= Module, lists:member(Called, Names)]} || #{module := Module} = Facts <- Callbacks],
    lists:reverse(relup_order:sort(maps:from_list(Needs), fun(_) -> false end)).

%% Where both change in one application, they are exchanged as one group.
is_carried(#{module := Module} = Facts, Behaviour, All, Changed) ->
    relup_beam:kind(Facts) =:= other andalso starts_itself(Facts, Behaviour, All) andalso
        case Changed of
            #{Module := {Application, _}, Behaviour := {Application, _}} -> false;
            #{} -> true
        end.

%% One that changes, too, is converted by an instruction of its own.
is_converted(Module, Behaviour, Changed) ->
    lists:member(relup_beam:kind(Behaviour), [gen_server, gen_statem, gen_fsm]) andalso
        relup_instruction:converts(Behaviour) andalso not is_map_key(Module, Changed).

%% @doc Whether processes of the behaviour are known by a callback module only: it starts them, and no child specification names both.
-spec starts_itself(relup_beam:facts(), module(), [relup_beam:facts()]) -> boolean().
starts_itself(#{module := Module, behaviours := Behaviours, imports := Imports} = Facts, Behaviour, All) ->
    lists:member(Behaviour, Behaviours) andalso
        [Name || {Called, Name, _} <- Imports, Called =:= Behaviour, lists:member(Name, [start, start_link, start_monitor])] =/= [] andalso
        not lists:any(fun(One) -> names_both(One, Module, Behaviour) end, [Facts | supervisors(Module, All)]).

%% Those that could start it: a child specification holds the name of the module.
supervisors(Module, All) ->
    [Facts || #{module := Own} = Facts <- All, Own =/= Module, relup_beam:kind(Facts) =:= supervisor].

names_both(#{file := File}, Module, Behaviour) ->
    case relup_beam:forms(File, []) of
        {ok, Forms} -> lists:any(fun(Atoms) -> [Module, Behaviour] -- Atoms =:= [] end, lists_of_atoms(Forms));
        unknown -> false
    end.

lists_of_atoms({cons, _, {atom, _, Atom}, Tail}) -> [[Atom | atoms(Tail)]];
lists_of_atoms(Tuple) when is_tuple(Tuple) -> lists_of_atoms(tuple_to_list(Tuple));
lists_of_atoms([Head | Tail]) -> lists_of_atoms(Head) ++ lists_of_atoms(Tail);
lists_of_atoms(_) -> [].

atoms({cons, _, {atom, _, Atom}, Tail}) -> [Atom | atoms(Tail)];
atoms(_) -> [].

%% @doc An appup's entry serves all releases with that version of the application: all that wait in one of them wait, and only
%% what is converted in all is converted.
-spec in_both(carried(), carried()) -> carried().
in_both(One, Other) ->
    maps:merge_with(
        fun(_, #{waiting := Waiting, converted := Converted}, #{waiting := Others, converted := Also}) ->
            #{waiting => Waiting ++ (Others -- Waiting), converted => [Module || Module <- Converted, lists:member(Module, Also)]}
        end,
        One,
        Other
    ).
