%% @doc Which processes release_handler suspends while it installs, for how long, and which it leaves out because they do not
%% answer in time: those keep their old state under new code (H135). Constant expressions (see relup_control).
-module(relup_suspensions).

-export([run/3, start/0, stop/0, to_json/1]).

%% @doc Runs one operation of a deploy; `Evaluate' evaluates an expression on the node.
-spec run(string(), [string()], relup_node:evaluate()) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}.
run("busy", [InstructionsFile, Milliseconds], Evaluate) ->
    Bindings = [{'Modules', suspended(InstructionsFile)}, {'Ms', list_to_integer(Milliseconds)}],
    answer(Evaluate(process() ++ busy(), Bindings), fun processes_json/1);
run("left-out", [], Evaluate) ->
    answer(Evaluate(process() ++ left_out(), []), fun processes_json/1);
run("hold", [PidsFile], Evaluate) ->
    answer(Evaluate(hold(), [{'Pids', relup_watch:lines(PidsFile)}]), fun(Held) -> Held end);
run("let-go", [], Evaluate) ->
    answer(Evaluate(let_go() ++ ".", []), fun(_) -> true end);
run("end-processes", [PidsFile], Evaluate) ->
    Text = "[exit(list_to_pid(Pid), kill) || Pid <- Pids].",
    answer(Evaluate(Text, [{'Pids', relup_watch:lines(PidsFile)}]), fun(_) -> true end);
run("forget-suspensions", [], Evaluate) ->
    answer(Evaluate(off() ++ forget() ++ "ok.", []), fun(ok) -> true end);
run(Operation, Args, Evaluate) ->
    relup_crashes:run(Operation, Args, Evaluate).

answer({ok, Value}, ToJson) -> {ok, ToJson(Value)};
answer(Error, _ToJson) -> Error.

%% The modules whose processes a script of a relup suspends; the script as a file that can be consulted.
suspended(InstructionsFile) ->
    {ok, Instructions} = file:consult(InstructionsFile),
    lists:usort([module(One) || {suspend, List} <- Instructions, One <- List]).

module({Module, _Timeout}) -> Module;
module(Module) -> Module.

%% @doc Traces release_handler's calls of sys:suspend and sys:resume. The tracer stays until it is stopped or for an hour, so
%% that a control process that is started anew finds it.
-spec start() -> string().
start() ->
    forget() ++
        "Wait = fun Again(Since, Count, Longest, Last, LeftOut) ->\n"
        "    receive\n"
        "        {trace_ts, _, call, {sys, suspend, [Pid | _]}, Time} ->\n"
        "            Again(Since#{Pid => Time}, Count + 1, Longest, Pid, LeftOut);\n"
        "        {trace_ts, _, exception_from, {sys, suspend, _}, _, _} ->\n"
        "            Again(maps:remove(Last, Since), Count, Longest, Last, [Last | LeftOut]);\n"
        "        {trace_ts, _, call, {sys, resume, [Pid | _]}, Time} ->\n"
        "            Again(Since, Count, max(Longest, Time - maps:get(Pid, Since, Time)), Last, LeftOut);\n"
        "        {left_out, From} ->\n"
        "            From ! {self(), LeftOut},\n"
        "            Again(Since, Count, Longest, Last, LeftOut);\n"
        "        {stop, From} ->\n"
        "            From ! {self(), {Count, erlang:convert_time_unit(Longest, native, microsecond)}};\n"
        "        _ ->\n"
        "            Again(Since, Count, Longest, Last, LeftOut)\n"
        "    after 3600000 -> ok\n"
        "    end\n"
        "end,\n"
        "Tracer = spawn(fun() -> Wait(#{}, 0, 0, none, []) end),\n"
        "true = register(relup_action_tracer, Tracer),\n"
        "_ = erlang:trace_pattern({sys, suspend, '_'}, [{'_', [], [{exception_trace}]}], [global]),\n"
        "_ = erlang:trace_pattern({sys, resume, '_'}, true, [global]),\n"
        "erlang:trace(whereis(release_handler), true, [call, monotonic_timestamp, {tracer, Tracer}]).".

%% @doc How many processes were suspended, and for how many microseconds the longest.
-spec stop() -> string().
stop() ->
    off() ++
        "Tracer = whereis(relup_action_tracer),\n"
        "Tracer ! {stop, self()},\n"
        "receive {Tracer, Answer} -> Answer after 5000 -> {0, 0} end.".

-spec to_json({non_neg_integer(), non_neg_integer()}) -> {ok, map()}.
to_json({Count, Microseconds}) ->
    {ok, #{processes => Count, microseconds => Microseconds}}.

off() ->
    "_ = erlang:trace(whereis(release_handler), false, [call]),\n"
    "_ = [erlang:trace_pattern({sys, Name, '_'}, false, [global]) || Name <- [suspend, resume]],\n"
    "Delivered = erlang:trace_delivered(whereis(release_handler)),\n"
    "receive {trace_delivered, _, Delivered} -> ok after 5000 -> ok end,\n".

%% What a deploy that was killed left.
forget() ->
    "_ = case whereis(relup_action_tracer) of\n"
    "    undefined -> ok;\n"
    "    Earlier ->\n"
    "        Ended = monitor(process, Earlier),\n"
    "        exit(Earlier, kill),\n"
    "        receive {'DOWN', Ended, process, Earlier, _} -> ok end\n"
    "end,\n".

%% What is told of a process.
process() ->
    "Tell = fun(Pid) ->\n"
    "    case process_info(Pid, [registered_name, current_function, dictionary]) of\n"
    "        undefined -> {pid_to_list(Pid), false, {[], {gone, gone, 0}, none}};\n"
    "        [{_, Name}, {_, Current}, {_, Dictionary}] ->\n"
    "            {pid_to_list(Pid), true, {Name, Current, proplists:get_value('$initial_call', Dictionary, none)}}\n"
    "    end\n"
    "end,\n".

%% Asks as release_handler's suspension does, without a process having to do anything: any system message would do. It is enough
%% to find a few that do not answer.
busy() ->
    "{Walker, Walked} = spawn_monitor(fun() -> exit({found, release_handler_1:get_supervised_procs()}) end),\n"
    "Supervised = receive\n"
    "    {'DOWN', Walked, process, Walker, {found, Found}} -> Found;\n"
    "    {'DOWN', Walked, process, Walker, _} -> []\n"
    "after 4 * Ms -> exit(Walker, kill), []\n"
    "end,\n"
    "IsConcerned = fun(Of) -> is_list(Of) andalso lists:any(fun(Module) -> lists:member(Module, Of) end, Modules) end,\n"
    "Concerned = lists:usort([Pid || {_, _, Pid, Of} <- Supervised, is_pid(Pid), IsConcerned(Of)]),\n"
    "IsBusy = fun(Pid) ->\n"
    "    try sys:log(Pid, get, Ms) of _ -> false catch\n"
    "        exit:{timeout, _} -> is_process_alive(Pid);\n"
    "        _:_ -> false\n"
    "    end\n"
    "end,\n"
    "Busy = fun\n"
    "    Ask([Pid | Others], Few) when length(Few) < 3 ->\n"
    "        case IsBusy(Pid) of\n"
    "            true -> Ask(Others, [Pid | Few]);\n"
    "            false -> Ask(Others, Few)\n"
    "        end;\n"
    "    Ask(_, Few) -> Few\n"
    "end,\n"
    "[Tell(Pid) || Pid <- Busy(Concerned, [])].".

%% Empty also when nobody traced, e.g. because the node was restarted since.
left_out() ->
    "case whereis(relup_action_tracer) of\n"
    "    undefined -> [];\n"
    "    Tracer ->\n" ++ off() ++
        "        Tracer ! {left_out, self()},\n"
        "        receive {Tracer, LeftOut} -> [Tell(Pid) || Pid <- lists:usort(LeftOut)] after 5000 -> [] end\n"
        "end.".

%% Keeps processes from answering release_handler, so that it leaves them out once more: whose state was not converted on the way
%% up must not be converted on the way down. They are free again when the holder ends, whatever happens. A supervisor has no state
%% of its own to convert, and would keep release_handler from finding its children.
hold() ->
    let_go() ++
    ",\n"
    "Held = [Pid || Text <- Pids, Pid <- [list_to_pid(Text)], is_process_alive(Pid),\n"
    "        element(1, proc_lib:translate_initial_call(Pid)) =/= supervisor],\n"
    "Holder = spawn(fun() ->\n"
    "    _ = [try erlang:suspend_process(Pid, [asynchronous]) catch _:_ -> ok end || Pid <- Held],\n"
    "    receive let_go -> ok after 900000 -> ok end\n"
    "end),\n"
    "true = register(relup_action_holder, Holder),\n"
    "[list_to_binary(pid_to_list(Pid)) || Pid <- Held].".

let_go() ->
    "_ = case whereis(relup_action_holder) of\n"
    "    undefined -> ok;\n"
    "    Before ->\n"
    "        Gone = monitor(process, Before),\n"
    "        Before ! let_go,\n"
    "        receive {'DOWN', Gone, process, Before, _} -> ok end\n"
    "end".

processes_json(Processes) ->
    [
        #{pid => relup_json:text(Pid), alive => Alive, text => relup_watch:process_text({Pid, Info})}
     || {Pid, Alive, Info} <- Processes
    ].
