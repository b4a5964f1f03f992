%% @doc The instructions for one application on its way up and down.
-module(relup_script).

-export([scripts/2]).
-export_type([scripts/0, options/0]).

-type scripts() :: #{
    up := [relup_instruction:explained()],
    down := [relup_instruction:explained()],
    notices := [map()]
}.

-type options() :: #{purge := soft_purge | brutal_purge, config := relup_config:config()}.

%% @doc What is called comes before its callers when upgrading, supervisors last, and all the other way round when
%% downgrading (H28, H33).
-spec scripts(relup_hops:step(), options()) -> scripts().
scripts(#{application := Application} = Step, #{config := Config} = Options) ->
    case relup_config:strategy(Config, Application) of
        restart -> restart(Application);
        _ -> generated(Step, Options)
    end.

restart(Application) ->
    Words = "~tw is stopped, all its code exchanged, and started again: relup.config says restart",
    Script = [relup_instruction:explained({restart_application, Application}, Words, [Application])],
    #{up => Script, down => Script, notices => [notice('application-restarted', Application, [])]}.

generated(#{application := Application, modules := Modules, only := Only, started := {Old, New}} = Step, Options) ->
    #{window := #{before := Waiting} = Window, callbacks := Callbacks} = Step,
    Facts = maps:map(fun(_, {Before, After}) -> {facts(Before), facts(After)} end, Modules),
    {Order, DepMods, Cycles} = relup_order:sort(
        with_callbacks(with_waiting(graph(Facts, fun relup_beam:calls/1), Waiting), Callbacks),
        with_callbacks(graph(Facts, fun(Now) -> calls_of_new(Now, Facts) end), Callbacks),
        fun(Module) -> is_supervisor(maps:get(Module, Facts)) end,
        lists:usort(lists:append([[Module, Other] || {Module, Other} <- Waiting]))
    ),
    AllSupervisors = [Module || Module <- Order, is_supervisor(maps:get(Module, Facts)), is_in_both(Module, Facts)],
    Loaded = [Module || Module <- AllSupervisors, must_not_begin_again(Module, Step)],
    Known = fun(Direction) ->
        Here = [Module || Module <- Order, maps:get(Module, Only, Direction) =:= Direction],
        [
            {Module, maps:get(Module, Facts), #{
                needs => lists:usort(
                    [Need || Need <- maps:get(Module, DepMods, []), maps:get(Need, Only, Direction) =:= Direction] ++
                        relup_callbacks:of_behaviour(Module, Callbacks)
                ),
                behaviour => relup_callbacks:behaviour(Module, Callbacks),
                loads => lists:member(Module, Loaded),
                purge => purge(Module, Application, Options)
            }}
         || Module <- Here
        ]
    end,
    Replaced = [Module || Module <- Order, is_replaced(maps:get(Module, Facts))],
    #{up := {Stop, Start}, down := {StopDown, StartDown}, replaced := Again, unknown := Unknown} =
        relup_children:scripts(AllSupervisors -- Loaded, Step),
    #{
        up => started(
            Application,
            {Old, New},
            Stop ++ waiting(up, Window, carried(up, Step, around(Replaced, [up(One) || One <- Known(up)]))) ++ Start
        ),
        down => started(
            Application,
            {New, Old},
            StopDown ++
                waiting(down, Window, carried(down, Step, around(lists:reverse(Replaced), [down(One) || One <- lists:reverse(Known(down))]))) ++
                StartDown
        ),
        notices =>
            [notice('call-cycle', Application, Cycle) || Cycle <- Cycles] ++
                [notice('process-replaced', Application, [Module]) || Module <- Replaced] ++
                [notice('child-replaced', Application, Again) || Again =/= []] ++
                [
                    (notice('function-gone', Application, lists:usort(Waits)))#{
                        functions => relup_json:text(relup_instruction:functions(Gone))
                    }
                 || #{gone := Gone, waiting := [_ | _] = Waits} <- [Window]
                ] ++
                [notice('supervisor-children-unknown', Application, [Module]) || Module <- Unknown]
    }.

started(Application, Types, Script) ->
    relup_start_types:before(Application, Types) ++ Script ++ relup_start_types:afterwards(Application, Types).

purge(Module, Application, #{purge := Purge, config := Config}) ->
    case relup_config:purge(Config, Application, Module) of
        default -> Purge;
        Own -> Own
    end.

%% A process that reaches a call waits until its caller is exchanged: in the same group, when it is of the same application.
with_waiting(Graph, Waiting) ->
    lists:foldl(
        fun
            ({Module, Caller}, Known) when is_map_key(Module, Known), is_map_key(Caller, Known) ->
                maps:update_with(Module, fun(Needs) -> lists:usort([Caller | Needs]) end, Known);
            (_, Known) ->
                Known
        end,
        Graph,
        Waiting
    ).

%% A behaviour comes after its callback modules, which may well call it.
with_callbacks(Graph, Callbacks) ->
    maps:map(
        fun(Module, Needs) ->
            Own = [One || One <- relup_callbacks:of_behaviour(Module, Callbacks), is_map_key(One, Graph)],
            Behaviours = [Behaviour || {ok, Behaviour} <- [relup_callbacks:behaviour(Module, Callbacks)]],
            lists:usort(Own ++ (Needs -- Behaviours))
        end,
        Graph
    ).

%% Processes whose own code is not exchanged here, around what is.
waiting(Direction, #{suspend := Suspend, resume := Resume, gone := Gone}, Script) ->
    {First, Last} = case Direction of up -> {Suspend, Resume}; down -> {Resume, Suspend} end,
    [relup_instruction:suspend(First, Gone) || First =/= []] ++ Script ++
        [relup_instruction:resume(lists:reverse(Last)) || Last =/= []].

%% Processes that are not found by what is exchanged here.
carried(Direction, #{modules := Modules, carried := Carried}, Script) ->
    lists:foldl(
        fun(#{code := Code, waiting := Waiting, converted := Converted, behaviour := Behaviour}, Inner) ->
            Conversion = [relup_instruction:convert(Direction, Converted, Behaviour) || Converted =/= []],
            [relup_instruction:suspend_carried(Waiting, Code)] ++
                case Direction of
                    up -> Inner ++ Conversion;
                    down -> Conversion ++ Inner
                end ++
                [relup_instruction:resume(lists:reverse(Waiting))]
        end,
        Script,
        [Group || #{code := Code} = Group <- Carried, lists:any(fun(Module) -> is_map_key(Module, Modules) end, Code)]
    ).

is_in_both(Module, Facts) ->
    #{Module := {Old, New}} = Facts,
    Old =/= none andalso New =/= none.

notice(Id, Application, Modules) ->
    #{id => Id, application => Application, modules => Modules}.

facts(none) -> none;
facts(File) -> relup_beam:facts(File).

%% What must be loaded (or, if it is gone: removed) before a module, by what its new code calls.
graph(Facts, Calls) ->
    Callers = callers(Facts),
    maps:map(
        fun
            (Module, {_, none}) -> maps:get(Module, Callers, []);
            (_, {_, New}) -> [Called || Called <- Calls(New), is_in_new(Called, Facts)]
        end,
        Facts
    ).

%% The modules of which it calls a function that their old code does not have.
calls_of_new(#{imports := Imports}, Facts) ->
    lists:usort([Called || {Called, Name, Arity} <- Imports, #{Called := {Old, _}} <- [Facts], not has(Old, Name, Arity)]).

has(none, _, _) -> false;
has(Facts, Name, Arity) -> relup_beam:exports(Facts, Name, Arity).

is_in_new(Module, Facts) ->
    case Facts of
        #{Module := {_, New}} -> New =/= none;
        _ -> false
    end.

%% For each module that is gone those that called it.
callers(Facts) ->
    maps:groups_from_list(
        fun({Called, _}) -> Called end,
        fun({_, Caller}) -> Caller end,
        [
            {Called, Caller}
         || {Caller, {Old, _}} <- maps:to_list(Facts),
            Old =/= none,
            Called <- relup_beam:calls(Old),
            is_map_key(Called, Facts),
            not is_in_new(Called, Facts)
        ]
    ).

must_not_begin_again(Module, #{modules := Modules, old_builds := OldBuilds, new_builds := NewBuilds}) ->
    #{Module := {Old, New}} = Modules,
    relup_supervisor:must_not_begin_again(Module, #{file => Old, builds => OldBuilds}, #{file => New, builds => NewBuilds}).

is_supervisor({_, none}) -> false;
is_supervisor({_, New}) -> relup_beam:kind(New) =:= supervisor.

up({Module, {none, _}, Options}) -> relup_instruction:add(Module, Options);
up({Module, {_, none}, Options}) -> relup_instruction:delete(Module, Options);
up(Changed) -> changed(Changed).

down({Module, {none, _}, Options}) -> relup_instruction:delete(Module, Options);
down({Module, {_, none}, Options}) -> relup_instruction:add(Module, Options);
down(Changed) -> changed(Changed).

changed({_, {_, New}, #{loads := true} = Options}) ->
    relup_instruction:changed(New, other, Options);
changed({_, {_, New} = Pair, #{behaviour := Converted} = Options}) ->
    case {is_replaced(Pair), Converted} of
        {true, _} -> relup_instruction:changed(New, other, Options);
        {false, {ok, Behaviour}} -> relup_instruction:changed(New, {converted_by, Behaviour}, Options);
        {false, none} -> relup_instruction:changed(New, relup_behaviour:kind(New), Options)
    end.

%% A process of one kind cannot go on as one of another kind. Between a supervisor and a module that does not say what it is
%% nothing is known.
is_replaced({Old, New}) when Old =:= none; New =:= none ->
    false;
is_replaced({Old, New}) ->
    case lists:sort([relup_beam:kind(Old), relup_beam:kind(New)]) of
        [Kind, Kind] -> false;
        [other, supervisor] -> false;
        [bridge, other] -> false;
        _ -> true
    end.

around([], Script) ->
    Script;
around(Modules, Script) ->
    Stop = [stop(Module) || Module <- Modules],
    Start = [start(Module) || Module <- lists:reverse(Modules)],
    Stop ++ Script ++ Start.

stop(Module) ->
    Words = "the processes of ~tw are stopped: they cannot go on as another kind of process",
    relup_instruction:explained({stop, [Module]}, Words, [Module]).

start(Module) ->
    relup_instruction:explained({start, [Module]}, "the processes of ~tw are started again", [Module]).
