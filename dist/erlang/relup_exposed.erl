%% @doc Processes that can get to a call which fails while a relup exchanges modules one after the other, because the script does
%% not make them wait (H131). A generated appup does; one that a person wrote may well have gone without it, and whether a rehearsal
%% hits the moment between two loads is luck.
-module(relup_exposed).

-export([calls/3]).

-type version() :: from | to.

%% @doc By function that is called: the modules whose processes may call it. `From' and `To' as the script goes.
-spec calls([term()], relup_applications:applications(), relup_applications:applications()) -> [map()].
calls(Script, From, To) ->
    Changed = maps:from_list([
        {Module, #{from => Before, to => After}}
     || {load, {Module, _, _}} <- Script, {#{} = Before, #{} = After} <- [{facts(Module, From), facts(Module, To)}]
    ]),
    case map_size(Changed) of
        0 -> [];
        _ -> answers(walk(Script, #{loaded => [], waiting => []}, {Changed, From}), Changed, From, To)
    end.

facts(Module, Applications) ->
    case [File || #{modules := Modules, ebin := Ebin} <- maps:values(Applications), lists:member(Module, Modules), File <- beam(Ebin, Module)] of
        [File | _] -> relup_beam:facts(File);
        [] -> none
    end.

beam(Ebin, Module) ->
    File = filename:join(Ebin, atom_to_list(Module) ++ ".beam"),
    [File || filelib:is_regular(File)].

%% `{Caller, Function, Waiting}' for each call that fails after an instruction, with the modules whose processes wait then.
walk([], _, _) ->
    [];
walk([Instruction | Script], State, {Changed, Applications} = Context) ->
    #{loaded := Loaded, waiting := Waiting} = Next = step(Instruction, State, Applications),
    Exposed =
        case Instruction of
            {load, _} -> [{Caller, Function, Waiting} || {Caller, Function} <- failing(Loaded, Changed)];
            _ -> []
        end,
    Exposed ++ walk(Script, Next, Context).

step({load, {Module, _, _}}, #{loaded := Loaded} = State, _) -> State#{loaded := [Module | Loaded]};
step({suspend, Modules}, State, _) -> wait([module(One) || One <- Modules], State);
step({stop, Modules}, State, _) -> wait(Modules, State);
step({resume, Modules}, State, _) -> go_on(Modules, State);
step({start, Modules}, State, _) -> go_on(Modules, State);
step({apply, {application, stop, [Name]}}, State, Applications) -> wait(modules(Name, Applications), State);
step({apply, {application, start, [Name | _]}}, State, Applications) -> go_on(modules(Name, Applications), State);
step(_, State, _) -> State.

wait(Modules, #{waiting := Waiting} = State) -> State#{waiting := Modules ++ Waiting}.

go_on(Modules, #{waiting := Waiting} = State) -> State#{waiting := Waiting -- Modules}.

module({Module, _Timeout}) -> Module;
module(Module) -> Module.

modules(Name, Applications) ->
    case Applications of
        #{Name := #{modules := Modules}} -> Modules;
        #{} -> []
    end.

%% Calls between changed modules of which one is loaded and the other is not yet, and that works in neither version otherwise.
failing(Loaded, Changed) ->
    [
        {Caller, Function}
     || {Caller, Sides} <- maps:to_list(Changed),
        Version <- [version(Caller, Loaded)],
        #{imports := Imports} <- [maps:get(Version, Sides)],
        {Callee, Name, Arity} = Function <- Imports,
        Callee =/= Caller,
        is_map_key(Callee, Changed),
        version(Callee, Loaded) =/= Version,
        #{Version := Fitting, from := Before, to := After} <- [maps:get(Callee, Changed)],
        relup_beam:exports(Fitting, Name, Arity),
        not (relup_beam:exports(Before, Name, Arity) andalso relup_beam:exports(After, Name, Arity))
    ].

-spec version(module(), [module()]) -> version().
version(Module, Loaded) ->
    case lists:member(Module, Loaded) of
        true -> to;
        false -> from
    end.

answers(Exposed, Changed, From, To) ->
    Graph = case Exposed of [] -> #{}; _ -> relup_reach:graph(ebins([From, To])) end,
    All = [
        {Function, Module}
     || {Caller, Function, Waiting} <- Exposed, {Module, true} <- relup_reach:reaching(Caller, Graph), not lists:member(Module, Waiting)
    ],
    ByFunction = maps:groups_from_list(fun({Function, _}) -> Function end, fun({_, Module}) -> Module end, All),
    [
        #{
            function => relup_json:text(io_lib:format("~tw:~tw/~b", [Callee, Name, Arity])),
            application => owner(Callee, To),
            exchanged => lists:usort([Caller || {Caller, One, _} <- Exposed, One =:= Function]) ++ [Callee || is_map_key(Callee, Changed)],
            modules => lists:usort(Modules)
        }
     || {{Callee, Name, Arity} = Function, Modules} <- lists:sort(maps:to_list(ByFunction))
    ].

owner(Module, Applications) ->
    hd([Name || {Name, #{modules := Modules}} <- maps:to_list(Applications), lists:member(Module, Modules)] ++ [null]).

ebins(Sides) ->
    lists:usort([
        Ebin
     || Applications <- Sides,
        #{ebin := Ebin} <- maps:values(Applications),
        not relup_applications:is_otp(filename:basename(filename:dirname(Ebin)))
    ]).
