%% @doc Processes of a behaviour of the release that release_handler does not find by the module that is exchanged (H30, H134).
%%
%% It finds processes by the modules that their child specification names. A supervisor takes the module of the start function,
%% unless it is told otherwise: the callback module, where that calls the behaviour's start_link, else the behaviour. An update of
%% the other one finds none of them: they would go on in its old code, or with a state that nobody converts. So they are suspended,
%% and asked to convert their state, under the name that they have.
-module(relup_carried).

-export([groups/2, modules/1, starts_itself/3, in_both/2]).
-export_type([group/0]).

-type group() :: #{
    %% what is exchanged, of one application
    code := [module()],
    %% modules that the processes are known by, callers first; and those of them whose processes convert their state
    waiting := [module()],
    converted := [module()],
    behaviour := module()
}.

%% @doc For what differs from the old release; `Steps' are those of one up-from release.
-spec groups(file:filename(), [relup_hops:step()]) -> [group()].
groups(OldRoot, Steps) ->
    Changed = maps:from_list([
        {Module, {Application, relup_beam:facts(New)}}
     || #{generate := true, application := Application, modules := Modules} <- Steps,
        {Module, {Old, New}} <- maps:to_list(Modules),
        Old =/= none,
        New =/= none
    ]),
    case lists:any(fun({_, New}) -> runs_callbacks(New) orelse relup_behaviour:kind(New) =:= custom end, maps:values(Changed)) of
        true ->
            All = modules(OldRoot),
            of_behaviours(All, Changed) ++ of_callbacks(All, Changed);
        false ->
            []
    end.

%% Processes run it, and call the functions of another module.
runs_callbacks(Facts) ->
    relup_beam:exports(Facts, behaviour_info, 1) andalso is_process(Facts).

is_process(Facts) ->
    is_gen(Facts) orelse relup_beam:kind(Facts) =:= special.

is_gen(Facts) ->
    lists:member(relup_beam:kind(Facts), [gen_server, gen_statem, gen_fsm]).

%% @doc What is told by the beams of a release that are not OTP's.
-spec modules(file:filename()) -> [relup_beam:facts()].
modules(Root) ->
    [relup_beam:facts(filename:join(Ebin, Beam)) || Ebin <- relup_reach:ebins(Root), Beam <- filelib:wildcard("*.beam", Ebin)].

%% Behaviours that are exchanged, with callback modules that start processes of them.
of_behaviours(All, Changed) ->
    [
        #{
            code => [Behaviour],
            waiting => Callbacks,
            converted => [One || One <- Callbacks, is_gen(New), relup_instruction:converts(New), not is_map_key(One, Changed)],
            behaviour => Behaviour
        }
     || {Behaviour, {_, New}} <- lists:sort(maps:to_list(Changed)),
        runs_callbacks(New),
        Callbacks <- [callers_first([Facts || Facts <- All, is_carried(Facts, Behaviour, All, Changed)])],
        Callbacks =/= []
    ].

%% Where both change in one application, they are exchanged as one group.
is_carried(#{module := Module} = Facts, Behaviour, All, Changed) ->
    relup_beam:kind(Facts) =:= other andalso starts_itself(Facts, Behaviour, All) andalso
        case Changed of
            #{Module := {Application, _}, Behaviour := {Application, _}} -> false;
            #{} -> true
        end.

%% Callback modules that are exchanged, whose behaviour, which is not, starts the processes and converts their state.
of_callbacks(All, Changed) ->
    Pairs = [
        {{Application, Behaviour}, Module}
     || {Module, {Application, #{behaviours := Behaviours} = New}} <- lists:sort(maps:to_list(Changed)),
        relup_behaviour:kind(New) =:= custom,
        relup_instruction:converts(New),
        #{module := Behaviour} = Facts <- All,
        lists:member(Behaviour, Behaviours),
        not is_map_key(Behaviour, Changed),
        is_process(Facts),
        relup_instruction:converts(Facts),
        not starts(New, Behaviour),
        not named_together(Module, Behaviour, All)
    ],
    [
        #{code => Modules, waiting => [Behaviour], converted => [Behaviour], behaviour => Behaviour}
     || {{_, Behaviour}, Modules} <- lists:sort(maps:to_list(
            maps:groups_from_list(fun({Key, _}) -> Key end, fun({_, Module}) -> Module end, Pairs)
        ))
    ].

%% A process that waits for one that is suspended already could not be suspended itself.
callers_first(Callbacks) ->
    Names = [Module || #{module := Module} <- Callbacks],
    Needs = [
        {Module, [Called || Called <- relup_beam:calls(Facts), Called =/= Module, lists:member(Called, Names)]}
     || #{module := Module} = Facts <- Callbacks
    ],
    lists:reverse(relup_order:sort(maps:from_list(Needs), fun(_) -> false end)).

%% @doc Whether processes of the behaviour are known by a callback module only: it starts them, and no child specification names both.
-spec starts_itself(relup_beam:facts(), module(), [relup_beam:facts()]) -> boolean().
starts_itself(#{module := Module, behaviours := Behaviours} = Facts, Behaviour, All) ->
    lists:member(Behaviour, Behaviours) andalso starts(Facts, Behaviour) andalso not named_together(Module, Behaviour, All).

starts(#{imports := Imports}, Behaviour) ->
    [] =/= [Name || {Called, Name, _} <- Imports, Called =:= Behaviour, lists:member(Name, [start, start_link, start_monitor])].

%% Whether a supervisor, or the module itself, has a list with both: `modules' of a child specification.
named_together(Module, Behaviour, All) ->
    lists:any(
        fun(#{module := Own} = Facts) ->
            (Own =:= Module orelse relup_beam:kind(Facts) =:= supervisor) andalso names_both(Facts, Module, Behaviour)
        end,
        All
    ).

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

%% @doc An appup's entry serves all releases with that version of the application: who waits in one of them waits, and only what is
%% converted in all is converted.
-spec in_both([group()], [group()]) -> [group()].
in_both(Ones, Others) ->
    Keyed = fun(Groups) -> maps:from_list([{{Code, Behaviour}, Group} || #{code := Code, behaviour := Behaviour} = Group <- Groups]) end,
    maps:values(
        maps:merge_with(
            fun(_, #{waiting := Waiting, converted := Converted} = One, #{waiting := More, converted := Also}) ->
                One#{waiting := Waiting ++ (More -- Waiting), converted := [Module || Module <- Converted, lists:member(Module, Also)]}
            end,
            Keyed(Ones),
            Keyed(Others)
        )
    ).
