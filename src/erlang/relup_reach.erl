%% @doc Processes that would call a function that is gone while modules are exchanged one after the other (H131).
%%
%% A changed module calls a function of another one in its old code that the other's new code does not have. When upgrading, the
%% other one is loaded first; when downgrading, last: in between, whoever gets to the call dies. That may be a process of a
%% module that did not change, and that reaches the call through others. So all of them wait meanwhile.
-module(relup_reach).

-export([windows/2, none/0, merge/2, ebins/1, graph/1, reaching/2]).
-export_type([graph/0]).
-export_type([window/0]).

%% What one application's script does about it.
-type window() :: #{
    %% a process of the first module must wait until the second one, of the same application, is exchanged
    before := [{module(), module()}],
    %% modules whose processes are suspended by themselves, because their own code is not exchanged here; callers first.
    %% Suspended and resumed when upgrading; a downgrade resumes the first and suspends the second ones
    suspend := [module()],
    resume := [module()],
    %% the functions that are gone, and the modules whose processes get to a call of them
    gone := [mfa()],
    waiting := [module()]
}.

-type graph() :: #{module() => {Calls :: [module()], Waits :: boolean()}}.

-spec none() -> window().
none() ->
    #{before => [], suspend => [], resume => [], gone => [], waiting => []}.

-spec merge(window(), window()) -> window().
merge(One, Other) ->
    maps:merge_with(fun(_, Here, There) -> Here ++ (There -- Here) end, One, Other).

%% @doc By application; `Steps' are those of one up-from release.
-spec windows(file:filename(), [relup_hops:step()]) -> #{atom() => window()}.
windows(OldRoot, Steps) ->
    Changed = maps:from_list(lists:append([changed(Step) || #{generate := true} = Step <- Steps])),
    case broken(Changed) of
        [] ->
            #{};
        Broken ->
            Graph = graph(ebins(OldRoot), Changed),
            lists:foldl(fun(Call, Windows) -> add(Call, Changed, Graph, Windows) end, #{}, Broken)
    end.

changed(#{application := Application, modules := Modules}) ->
    [
        {Module, {Application, relup_beam:facts(Old), facts(New)}}
     || {Module, {Old, New}} <- maps:to_list(Modules), Old =/= none
    ].

facts(none) -> none;
facts(File) -> relup_beam:facts(File).

%% Calls between changed modules that only work as long as both are old: `{Caller, Function}'.
broken(Changed) ->
    [
        {Caller, Function}
     || {Caller, {_, #{imports := Imports}, _}} <- maps:to_list(Changed),
        {Callee, Name, Arity} = Function <- Imports,
        Callee =/= Caller,
        {_, _, #{} = New} <- [maps:get(Callee, Changed, none)],
        not relup_beam:exports(New, Name, Arity)
    ].

add({Caller, {Callee, _, _} = Function}, Changed, Graph, Windows) ->
    #{Caller := {Above, _, _}, Callee := {Below, _, _}} = Changed,
    Waiting = [Module || {Module, true} <- reaching(Caller, Graph)],
    {Here, Others} = lists:partition(fun(Module) -> is_of(Module, Above, Changed) andalso Above =:= Below end, Waiting),
    Edges = [{Module, Caller} || Module <- Here, Module =/= Caller] ++ [{Caller, Callee} || Above =:= Below],
    Window = #{before => Edges, suspend => Others, resume => [], gone => [Function], waiting => Waiting},
    Opened = open(Below, Window, Windows),
    open(Above, (none())#{resume => Others}, Opened).

open(Application, Window, Windows) ->
    Windows#{Application => merge(maps:get(Application, Windows, none()), Window)}.

is_of(Module, Application, Changed) ->
    case Changed of
        #{Module := {Application, _, New}} -> New =/= none;
        #{} -> false
    end.

%% @doc The code of a release that is not OTP's: OTP calls no code by its name that is not its own.
-spec ebins(file:filename()) -> [file:filename()].
ebins(Root) ->
    [
        filename:join([Root, "lib", Folder, "ebin"])
     || Folder <- filelib:wildcard("*", filename:join(Root, "lib")), not relup_applications:is_otp(Folder)
    ].

graph(Ebins, Changed) ->
    Beams = [filename:join(Ebin, Beam) || Ebin <- Ebins, Beam <- filelib:wildcard("*.beam", Ebin)],
    Nodes = [node_of(relup_beam:facts(Beam), Changed) || Beam <- Beams],
    maps:map(
        fun(_, Versions) -> {lists:usort(lists:append([Calls || {Calls, _} <- Versions])), lists:any(fun({_, Waits}) -> Waits end, Versions)} end,
        maps:groups_from_list(fun({Module, _}) -> Module end, fun({_, Node}) -> Node end, Nodes)
    ).

%% @doc What calls what in some folders, with all versions of a module that are there.
-spec graph([file:filename()]) -> graph().
graph(Ebins) ->
    graph(Ebins, #{}).

node_of(#{module := Module, calls := Calls} = Facts, Changed) ->
    Later =
        case Changed of
            #{Module := {_, _, #{calls := New}}} -> New;
            #{} -> []
        end,
    {Module, {lists:usort(Calls ++ Later), waits(relup_behaviour:kind(Facts))}}.

%% A supervisor must answer release_handler, and so must an event manager that is asked for its handlers.
waits(Kind) ->
    lists:member(Kind, [gen_server, gen_statem, gen_fsm, special, custom]).

%% @doc A module and all that get to it, callers first, each with whether its processes can wait.
-spec reaching(module(), graph()) -> [{module(), boolean()}].
reaching(Module, Graph) ->
    [{One, Waits} || One <- reaching([Module], [Module], Graph), {_, Waits} <- [maps:get(One, Graph, {[], false})]].

reaching([], Found, _) ->
    Found;
reaching(New, Found, Graph) ->
    Callers = [Caller || {Caller, {Calls, _}} <- maps:to_list(Graph), lists:any(fun(One) -> lists:member(One, New) end, Calls)],
    More = lists:usort(Callers) -- Found,
    reaching(More, More ++ Found, Graph).
