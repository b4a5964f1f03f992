%% @doc What processes run, and what they keep of an earlier version: constant expressions for relup_observe.
-module(relup_observe_processes).

-export([expressions/0]).

%% @doc Binds `Unnamed' and `Holders'.
-spec expressions() -> string().
expressions() ->
    unnamed() ++ holders().

%% Callback modules that a process runs and that its child specification does not name, so that release_handler does not find it
%% (H130): of a gen_server the one that it was started with, of a gen_statem the ones that it is in now, of a gen_event its handlers.
%% Only what waits in a behaviour's own loop is asked. `dynamic' names nothing unless it is a gen_event.
unnamed() ->
    "LoopOf = fun(Pid) ->\n"
    "    case process_info(Pid, current_function) of {current_function, {M, _, _}} -> M; _ -> none end\n"
    "end,\n"
    "Runs = fun(Pid) ->\n"
    "    case LoopOf(Pid) of\n"
    "        gen_statem ->\n"
    "            {status, _, _, [_, _, _, _, Misc]} = sys:get_status(Pid, 1000),\n"
    "            lists:append([Ms || {data, Data} <- Misc, {\"Modules\", Ms} <- Data]);\n"
    "        gen_event ->\n"
    "            [case Handler of {M, _} -> M; M -> M end || Handler <- gen_event:which_handlers(Pid)];\n"
    "        gen_server ->\n"
    "            {dictionary, Entries} = process_info(Pid, dictionary),\n"
    "            [M || {'$initial_call', {M, init, 1}} <- Entries];\n"
    "        _ -> []\n"
    "    end\n"
    "end,\n"
    "Unnamed = fun\n"
    "    (Pid, Named) when is_pid(Pid), is_list(Named) -> try Runs(Pid) -- Named catch _:_ -> [] end;\n"
    "    (Pid, dynamic) when is_pid(Pid) ->\n"
    "        try LoopOf(Pid) of gen_event -> []; _ -> Runs(Pid) catch _:_ -> [] end;\n"
    "    (_, _) -> []\n"
    "end,\n".

%% Paths are searched for in the external term format, where a string's characters stand side by side. OTP's base keeps paths of
%% all versions by right.
holders() ->
    "Holds = fun(Term) ->\n"
    "    Bytes = try term_to_binary(Term()) catch _:_ -> <<>> end,\n"
    "    [App || {App, Path} <- OldPaths, lists:any(fun({At, Length}) ->\n"
    "        case Bytes of\n"
    "            <<_:(At + Length)/binary, Next, _/binary>> -> not lists:member(Next, \"0123456789.+-\");\n"
    "            _ -> true\n"
    "        end\n"
    "    end, binary:matches(Bytes, Path))]\n"
    "end,\n"
    "IsOwn = fun(Pid) ->\n"
    "    case application:get_application(Pid) of\n"
    "        {ok, App} -> not lists:member(App, [kernel, stdlib, sasl]);\n"
    "        undefined -> false\n"
    "    end\n"
    "end,\n"
    "NameOf = fun(Pid) ->\n"
    "    case process_info(Pid, [registered_name, dictionary]) of\n"
    "        [{_, Name}, _] when is_atom(Name) -> atom_to_list(Name);\n"
    "        [_, {_, Entries}] -> io_lib:format(\"of ~0tp\", [element(1, proplists:get_value('$initial_call', Entries, {unknown}))]);\n"
    "        undefined -> \"that has ended\"\n"
    "    end\n"
    "end,\n"
    "Holders = fun() ->\n"
    "    Processes = [Pid || OldPaths =/= [], Pid <- processes(), IsOwn(Pid),\n"
    "        lists:member(LoopOf(Pid), [gen_server, gen_statem, gen_event]),\n"
    "        {memory, Memory} <- [process_info(Pid, memory)], Memory < 10000000],\n"
    "    Tables = [Table || OldPaths =/= [], Table <- ets:all(), ets:info(Table, protection) =/= private,\n"
    "        Memory <- [ets:info(Table, memory)], is_integer(Memory), Memory < 400000, IsOwn(ets:info(Table, owner))],\n"
    "    Terms = [Pair || OldPaths =/= [], {_, Value} = Pair <- persistent_term:get(), erts_debug:flat_size(Value) < 400000],\n"
    "    lists:usort(lists:append([\n"
    "        [{[\"process \", NameOf(Pid)], App} || Pid <- lists:sublist(Processes, 1000), App <- Holds(fun() -> sys:get_state(Pid, 1000) end)],\n"
    "        [{io_lib:format(\"ETS table ~0tp\", [ets:info(Table, name)]), App} || Table <- Tables, App <- Holds(fun() -> ets:tab2list(Table) end)],\n"
    "        [{io_lib:format(\"persistent term ~0tp\", [Key]), App} || {Key, Value} <- Terms, App <- Holds(fun() -> Value end)]\n"
    "    ]))\n"
    "end,\n".
