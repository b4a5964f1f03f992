%% @doc What the control process can look at on a node besides release_handler's own matters: supervision trees, processes
%% that run old code, and access to files. Constant expressions, as in relup_node.
-module(relup_watch).

-export([run/3, lines/1, process_text/1]).

%% @doc Runs one operation; `Evaluate' evaluates an expression on the node.
-spec run(string(), [string()], relup_node:evaluate()) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}.
run("trees", [Milliseconds], Evaluate) ->
    answer(Evaluate(trees(), [{'Ms', list_to_integer(Milliseconds)}]), fun trees_json/1);
run("old-code", [ListFile], Evaluate) ->
    Modules = [list_to_atom(Name) || Name <- lines(ListFile)],
    answer(Evaluate(old_code(), [{'Modules', Modules}]), fun old_code_json/1);
run("access", [ListFile], Evaluate) ->
    answer(Evaluate(access(), [{'Paths', lines(ListFile)}]), fun access_json/1);
run(Operation, Args, Evaluate) ->
    relup_suspensions:run(Operation, Args, Evaluate).

answer({ok, Value}, ToJson) -> {ok, ToJson(Value)};
answer(Error, _ToJson) -> Error.

%% @doc The lines of a file.
-spec lines(file:filename()) -> [string()].
lines(ListFile) ->
    {ok, Text} = file:read_file(ListFile),
    string:lexemes(unicode:characters_to_list(Text), "\n").

%% Walks as release_handler does when a relup suspends processes, but with short limits, so that what would make it fail
%% half-way is found before (H76). Each application is walked by a process of its own: application_master:get_child/1 has
%% no limit. A child whose modules are `dynamic' is asked for them, which only a gen_event answers: to a gen_server or gen_statem
%% the question is an unknown message that may end it, so those are only told. Children without an id of their own (simple_one_for_one) may be many and come and go, so they are only counted.
trees() ->
    "Text = fun(Term) -> lists:flatten(io_lib:format(\"~0tP\", [Term, 12])) end,\n"
    "Status = fun(Pid) ->\n"
    "    {status, _, _, [_, State | _]} = sys:get_status(Pid, Ms),\n"
    "    State\n"
    "end,\n"
    "Ask = fun(Who, Fun) ->\n"
    "    try Fun() catch\n"
    "        exit:{timeout, _} -> throw({Who, silent});\n"
    "        exit:timeout -> throw({Who, silent});\n"
    "        exit:_ -> gone\n"
    "    end\n"
    "end,\n"
    "HasModules = fun(Pid) ->\n"
    "    try\n"
    "        [{_, {Loop, _, _}}, {_, Entries}] = process_info(Pid, [current_function, dictionary]),\n"
    "        {Module, _, _} = proplists:get_value('$initial_call', Entries),\n"
    "        Behaviours = [B || {Key, Bs} <- Module:module_info(attributes), lists:member(Key, [behaviour, behavior]), B <- Bs],\n"
    "        [] =:= [B || B <- [Loop | Behaviours], lists:member(B, [gen_server, gen_statem, gen_fsm])]\n"
    "    catch _:_ -> true end\n"
    "end,\n"
    "Walk = fun Walk(Sup, Path, Listed) ->\n"
    "    Who = lists:flatten(lists:join(\" / \", lists:reverse(Path))),\n"
    "    case Ask(Who, fun() -> Status(Sup) end) of\n"
    "        suspended -> throw({Who, suspended});\n"
    "        _ -> ok\n"
    "    end,\n"
    "    Children = case Ask(Who, fun() -> gen_server:call(Sup, which_children, Ms) end) of\n"
    "        List when is_list(List) -> List;\n"
    "        _ -> []\n"
    "    end,\n"
    "    lists:flatmap(fun\n"
    "        ({Id, Pid, Type, Modules}) when is_pid(Pid) ->\n"
    "            Own = Listed andalso Id =/= undefined,\n"
    "            ChildPath = [Text(Id) | Path],\n"
    "            Name = lists:flatten(lists:join(\" / \", lists:reverse(ChildPath))),\n"
    "            _ = [case HasModules(Pid) of\n"
    "                true -> Ask(Name, fun() -> gen:call(Pid, self(), get_modules, Ms) end);\n"
    "                false -> throw({Name, no_modules})\n"
    "            end || Type =:= worker, Modules =:= dynamic],\n"
    "            Below = case Type of\n"
    "                supervisor -> Walk(Pid, ChildPath, Own);\n"
    "                _ -> []\n"
    "            end,\n"
    "            [{Name, pid_to_list(Pid)} || Own] ++ [dynamic || not Own] ++ Below;\n"
    "        ({Id, restarting, _, _}) when Id =/= undefined, Listed ->\n"
    "            [{lists:flatten(lists:join(\" / \", lists:reverse([Text(Id) | Path]))), \"restarting\"}];\n"
    "        (_) -> []\n"
    "    end, Children)\n"
    "end,\n"
    "WalkApplication = fun(App, Master) ->\n"
    "    {Root, _} = application_master:get_child(Master),\n"
    "    [{atom_to_list(App), pid_to_list(Root)} | Walk(Root, [atom_to_list(App)], true)]\n"
    "end,\n"
    "Bounded = fun(Fun) ->\n"
    "    {Pid, Ref} = spawn_monitor(fun() ->\n"
    "        exit(try {walked, Fun()} catch throw:Found -> {stuck, Found}; _:_ -> {walked, []} end)\n"
    "    end),\n"
    "    receive\n"
    "        {'DOWN', Ref, process, Pid, Result} -> Result\n"
    "    after 20 * Ms ->\n"
    "        exit(Pid, kill),\n"
    "        receive {'DOWN', Ref, process, Pid, _} -> ok end,\n"
    "        {stuck, {\"its application master\", silent}}\n"
    "    end\n"
    "end,\n"
    "[{App, Bounded(fun() -> WalkApplication(App, Master) end)}\n"
    "    || {App, _, _} <- application:which_applications(infinity),\n"
    "       Master <- [application_controller:get_master(App)], is_pid(Master)].".

trees_json(Applications) ->
    #{
        stuck => [
            #{application => App, process => relup_json:text(Who), what => What}
         || {App, {stuck, {Who, What}}} <- Applications
        ],
        children => maps:from_list([
            {relup_json:text(Name), relup_json:text(Pid)}
         || {_, {walked, Children}} <- Applications, {Name, Pid} <- Children
        ]),
        dynamic => length([dynamic || {_, {walked, Children}} <- Applications, dynamic <- Children])
    }.

%% Processes that run old code of a module, or hold a reference to it; at most 20 of each module are told.
old_code() ->
    "Initial = fun(Pid) ->\n"
    "    case process_info(Pid, [registered_name, current_function, dictionary]) of\n"
    "        undefined -> {[], {gone, gone, 0}, none};\n"
    "        [{_, Name}, {_, Current}, {_, Dictionary}] ->\n"
    "            {Name, Current, proplists:get_value('$initial_call', Dictionary, none)}\n"
    "    end\n"
    "end,\n"
    "Processes = processes(),\n"
    "[{Module, length(Users), [{pid_to_list(Pid), Initial(Pid)} || Pid <- lists:sublist(Users, 20)]}\n"
    "    || Module <- Modules, erlang:check_old_code(Module),\n"
    "       Users <- [[Pid || Pid <- Processes, erlang:check_process_code(Pid, Module) =:= true]],\n"
    "       Users =/= []].".

old_code_json(Modules) ->
    [
        #{module => Module, count => Count, processes => [process_text(Process) || Process <- Processes]}
     || {Module, Count, Processes} <- Modules
    ].

%% @doc A process for people: pid, name, where it is, how it began.
-spec process_text({string(), {Name :: term(), mfa(), Initial :: term()}}) -> term().
process_text({Pid, {Name, Current, Initial}}) ->
    Names = [io_lib:format(" ~tp", [Name]) || Name =/= []],
    Begun = [io_lib:format(", begun by ~ts", [mfa(Initial)]) || is_tuple(Initial)],
    relup_json:text([Pid, Names, " in ", mfa(Current), Begun]).

mfa({Module, Function, Arity}) ->
    io_lib:format("~tp:~tp/~b", [Module, Function, Arity]).

%% `read_write', `write', `read' or `none' for the node's user, or why there is no telling. Names in bytes mean the same whatever the
%% node's locale is.
access() ->
    "[{Path, case file:read_file_info(unicode:characters_to_binary(Path)) of {ok, Info} -> element(4, Info); {error, Reason} -> Reason end}\n"
    "    || Path <- Paths].".

access_json(Paths) ->
    maps:from_list([{relup_json:text(Path), Access} || {Path, Access} <- Paths]).
