%% @doc What a scratch node is asked beyond its code: environment, supervision trees, registered names, and what still holds
%% code that was loaded before. Constant expressions, evaluated on the node (see relup_control); values of the environment
%% and arguments of children never leave it, only hashes of them do.
-module(relup_observe).

-export([expressions/0, to_json/1]).

%% @doc Expressions that bind `Observed', a map for to_json/1. They need the bindings `OldCode', [{Module, MD5}]: the code of
%% the other release for modules that differ; `OldPaths', [{Application, Path}]: its folders of applications that differ; and `AsksInit': whether supervisors' init/1 is asked what children it lists, on a
%% node that nothing else is done with.
-spec expressions() -> string().
expressions() ->
    normal() ++ relup_observe_processes:expressions() ++ relup_observe_environment:expressions() ++ relup_observe_remains:expressions() ++ child() ++ trees() ++ old_processes() ++ old_funs() ++
    "DistributionPort = try\n"
    "    [NodeName, _] = string:split(atom_to_list(node()), \"@\"),\n"
    "    {port, EpmdAnswer, _} = (net_kernel:epmd_module()):port_please(NodeName, {127, 0, 0, 1}),\n"
    "    EpmdAnswer\n"
    "catch _:_ -> null end,\n"
    "Observed = #{\n"
    "    mode => code:get_mode(),\n"
    "    keys => [{App, Keys(App)} || {App, _, _} <- application:loaded_applications()],\n"
    "    types => proplists:get_value(started, application:info(), []),\n"
    "    remains => Remains(),\n"
    "    trees => Stable(Trees(), 20),\n"
    "    registered => registered(),\n"
    "    uptime => element(1, erlang:statistics(wall_clock)),\n"
    "    processes => erlang:system_info(process_count),\n"
    "    ports => length(erlang:ports()),\n"
    "    distributionPort => DistributionPort,\n"
    "    oldProcesses => OldProcesses(),\n"
    "    oldFuns => OldFuns(),\n"
    "    oldPaths => Holders()\n"
    "},\n".

%% Two nodes that run the same differ in identifiers, in the node's name, and in the folder that they run from.
normal() ->
    "{ok, [[RootDir]]} = init:get_argument(root),\n"
    "Hash = fun(Term) ->\n"
    "    Normal = fun\n"
    "        Norm(T) when T =:= node() -> '#node';\n"
    "        Norm(T) when is_pid(T); is_reference(T); is_port(T) -> '#id';\n"
    "        Norm(T) when is_function(T) -> {erlang:fun_info(T, module), erlang:fun_info(T, arity)};\n"
    "        Norm(T) when is_binary(T) ->\n"
    "            binary:replace(T, unicode:characters_to_binary(RootDir), <<\"#root\">>, [global]);\n"
    "        Norm([H | R] = T) ->\n"
    "            case io_lib:char_list(T) of\n"
    "                true -> Norm(unicode:characters_to_binary(T));\n"
    "                false -> [Norm(H) | Norm(R)]\n"
    "            end;\n"
    "        Norm(T) when is_tuple(T) -> {Norm(tuple_to_list(T))};\n"
    "        Norm(T) when is_map(T) -> {map, lists:sort([{Norm(K), Norm(V)} || {K, V} <- maps:to_list(T)])};\n"
    "        Norm(T) -> T\n"
    "    end,\n"
    "    erlang:phash2(Normal(Term), 16#100000000)\n"
    "end,\n".

%% A supervisor forgets the arguments of temporary children. Supervisors are asked with a short time limit each: one that hangs must be named, not waited for.
child() ->
    "Ask = fun(Pid, Request) ->\n"
    "    try {ok, gen_server:call(Pid, Request, 1000)} catch _:_ -> none end\n"
    "end,\n"
    "Dictionary = fun(Pid, Key) ->\n"
    "    case process_info(Pid, dictionary) of\n"
    "        {dictionary, Entries} -> proplists:get_value(Key, Entries);\n"
    "        undefined -> undefined\n"
    "    end\n"
    "end,\n"
    "Spec = fun(Sup, Id) ->\n"
    "    case Ask(Sup, {get_childspec, Id}) of\n"
    "        {ok, {ok, #{start := {M, F, A}} = Map}} ->\n"
    "            Rest = maps:with([restart, shutdown, type, modules, significant], Map),\n"
    "            #{start => {M, F, case A of undefined -> '_'; _ -> length(A) end}, arguments => Hash(A), rest => Rest};\n"
    "        _ -> none\n"
    "    end\n"
    "end,\n"
    "Registered = fun(Pid) ->\n"
    "    case process_info(Pid, registered_name) of {registered_name, Name} -> Name; _ -> null end\n"
    "end,\n"
    "Listed = fun\n"
    "    (_, _) when not AsksInit -> unknown;\n"
    "    (Pid, Mod) ->\n"
    "        {_, Ref} = spawn_monitor(fun() -> exit(try\n"
    "            Args = case lists:dropwhile(fun(E) -> E =/= Mod end, tuple_to_list(sys:get_state(Pid, 1000))) of\n"
    "                [Mod, A | _] -> A\n"
    "            end,\n"
    "            {ok, {_, Specs}} = Mod:init(Args),\n"
    "            {listed, [case S of #{id := Id} -> Id; _ -> element(1, S) end || S <- Specs]}\n"
    "        catch _:_ -> unknown end) end),\n"
    "        receive {'DOWN', Ref, _, _, {listed, Ids}} -> Ids; {'DOWN', Ref, _, _, _} -> unknown after 2000 -> unknown end\n"
    "end,\n"
    "Describe = fun Walk(Pid, IsSupervisor) ->\n"
    "    Base = #{pid => pid_to_list(Pid), name => Registered(Pid)},\n"
    "    case IsSupervisor of\n"
    "        false ->\n"
    "            Base#{kind => worker};\n"
    "        true ->\n"
    "            Callback = case Dictionary(Pid, '$initial_call') of {supervisor, Mod, _} -> Mod; _ -> null end,\n"
    "            case Ask(Pid, which_children) of\n"
    "                none ->\n"
    "                    Base#{kind => unresponsive, callback => Callback};\n"
    "                {ok, [{undefined, Any, _, _} | _] = Dynamic} ->\n"
    "                    Sample = [Unnamed(Child, Modules) || {_, Child, worker, Modules} <- lists:sublist(Dynamic, 50)],\n"
    "                    Base#{kind => dynamic, callback => Callback, count => length(Dynamic), spec => Spec(Pid, Any),\n"
    "                        unnamed => lists:usort(lists:append(Sample))};\n"
    "                {ok, Children} when is_list(Children) ->\n"
    "                    Base#{kind => supervisor, callback => Callback, listed => Listed(Pid, Callback), children => [\n"
    "                        {Id, Hash(Id), Type, Spec(Pid, Id), Unnamed(Child, Modules), case is_pid(Child) andalso node(Child) =:= node() of\n"
    "                            true -> Walk(Child, Type =:= supervisor);\n"
    "                            false -> none\n"
    "                        end}\n"
    "                     || {Id, Child, Type, Modules} <- Children]};\n"
    "                _ ->\n"
    "                    Base#{kind => worker}\n"
    "            end\n"
    "    end\n"
    "end,\n".

%% Applications may start children after they were started themselves; what is told is what stays for a moment.
trees() ->
    "Trees = fun() ->\n"
    "    [{App, Describe(Top, element(1, Initial) =:= supervisor)}\n"
    "     || {App, _, _} <- application:which_applications(infinity),\n"
    "        Master <- [application_controller:get_master(App)], is_pid(Master),\n"
    "        {Top, _} <- [application_master:get_child(Master)], is_pid(Top),\n"
    "        Initial <- [case Dictionary(Top, '$initial_call') of T when is_tuple(T) -> T; _ -> {none} end]]\n"
    "end,\n"
    "Stable = fun Again(Last, Times) ->\n"
    "    timer:sleep(50),\n"
    "    Now = Trees(),\n"
    "    if Now =:= Last; Times =:= 0 -> Now; true -> Again(Now, Times - 1) end\n"
    "end,\n".

%% Also processes that hold a fun of the old code: the next purge kills both kinds.
old_processes() ->
    "Who = fun(Pid) ->\n"
    "    case process_info(Pid, [registered_name, current_function]) of\n"
    "        [{registered_name, []}, {current_function, {M, F, A}}] -> io_lib:format(\"~ts:~ts/~b\", [M, F, A]);\n"
    "        [{registered_name, Name}, _] -> atom_to_list(Name);\n"
    "        undefined -> \"ended\"\n"
    "    end\n"
    "end,\n"
    "OldProcesses = fun() ->\n"
    "    Old = [Module || {Module, _} <- code:all_loaded(), erlang:check_old_code(Module)],\n"
    "    Asked = [{Module, Pid, erlang:check_process_code(Pid, Module, [{async, {Module, Pid}}])}\n"
    "        || Pid <- processes(), Pid =/= self(), Module <- Old],\n"
    "    Found = [{Module, Pid} || {Module, Pid, async} <- Asked, true <- [receive\n"
    "        {check_process_code, {Module, Pid}, Answer} -> Answer\n"
    "    after 1000 -> true end]],\n"
    "    [{Module, [Who(Pid) || {M, Pid} <- Found, M =:= Module]} || Module <- lists:usort([M || {M, _} <- Found])]\n"
    "end,\n".

%% A local fun carries its module's MD5 in the external term format, which is searched for without looking at the terms.
old_funs() ->
    "OldFuns = fun() ->\n"
    "    Readable = [Table || Table <- ets:all(), OldCode =/= [],\n"
    "        ets:info(Table, protection) =/= private, ets:info(Table, memory) < 4000000],\n"
    "    TablesOfFuns = [{io_lib:format(\"ETS table ~0tp\", [try ets:info(Table, name) catch _:_ -> none end]),\n"
    "        try term_to_binary(ets:tab2list(Table)) catch _:_ -> <<>> end} || Table <- Readable],\n"
    "    TermsOfFuns = [{io_lib:format(\"persistent term ~0tp\", [Key]), term_to_binary(Value)}\n"
    "        || OldCode =/= [], {Key, Value} <- persistent_term:get(), erts_debug:flat_size(Value) < 4000000],\n"
    "    Stored = TablesOfFuns ++ TermsOfFuns,\n"
    "    lists:usort([{Module, Name} || {Name, Bytes} <- Stored, {Module, Old} <- OldCode,\n"
    "        MD5(Module) =/= Old, binary:match(Bytes, Old) =/= nomatch])\n"
    "end,\n".

%% @doc `Observed' as JSON.
-spec to_json(map()) -> map().
to_json(Observed) ->
    #{keys := Keys, types := Types, remains := Remains, trees := Trees, oldProcesses := Processes, oldFuns := Funs} = Observed,
    (maps:without([keys, oldProcesses], Observed))#{
        environmentKeys => relup_observe_environment:to_json(Keys),
        types => maps:from_list(Types),
        remains => relup_observe_remains:to_json(Remains),
        trees => maps:from_list([{App, process_json(Tree)} || {App, Tree} <- Trees]),
        oldProcesses => [#{module => Module, processes => texts(Whos)} || {Module, Whos} <- Processes],
        oldFuns => [#{module => Module, holder => relup_json:text(Holder)} || {Module, Holder} <- Funs],
        oldPaths => [#{application => App, holder => relup_json:text(Holder)} || {Holder, App} <- maps:get(oldPaths, Observed)]
    }.

process_json(#{pid := Pid, name := Name, kind := Kind} = Process) ->
    Callback = maps:get(callback, Process, null),
    Json = maps:merge(
        maps:with([count], Process),
        #{pid => relup_json:text(Pid), name => atom_json(Name), callback => atom_json(Callback), kind => Kind}
    ),
    case Process of
        #{children := Children, listed := Listed} ->
            Json#{
                children => [child_json(Child) || Child <- Children],
                listed => case Listed of unknown -> null; _ -> [one_line(Id) || Id <- Listed] end
            };
        #{spec := Spec, unnamed := Unnamed} -> Json#{spec => spec_json(Spec), unnamed => Unnamed};
        _ -> Json
    end.

child_json({Id, Key, Type, Spec, Unnamed, Process}) ->
    #{
        id => one_line(Id),
        key => Key,
        isAtom => is_atom(Id),
        unnamed => Unnamed,
        type => Type,
        spec => spec_json(Spec),
        process => case Process of none -> null; _ -> process_json(Process) end
    }.

spec_json(none) ->
    null;
spec_json(#{start := {Module, Function, Arity}, arguments := Arguments, rest := Rest}) ->
    #{
        start => relup_json:text(io_lib:format("~tp:~tp/~tp", [Module, Function, Arity])),
        arguments => Arguments,
        options => maps:map(fun(_, Value) -> one_line(Value) end, Rest)
    }.

atom_json(null) -> null;
atom_json(Atom) -> one_line(Atom).

one_line(Term) ->
    relup_json:text(io_lib:format("~0tp", [Term])).

texts(Texts) ->
    [relup_json:text(Text) || Text <- Texts].
