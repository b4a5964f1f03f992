%% @doc Which processes crash while a release is installed and looked at: a filter of the node's logger hands crash and supervisor
%% reports, and those of the emulator on processes that were begun by spawn, to a process of ours, and lets every event go on as it
%% would. Constant expressions (see relup_control).
%%
%% Some processes crash now and then whatever is installed, e.g. on what clients send. So it is watched before the installation, too:
%% a crash is told when none like it (begun by the same function, same kind of reason, same place) came before the mark.
%%
%% Of a report leave the node: pid, names of modules and functions, and the kind of the reason. Reasons hold users' values.
-module(relup_crashes).

-export([run/3]).

%% @doc Runs one operation; `Evaluate' evaluates an expression on the node.
-spec run(string(), [string()], relup_node:evaluate()) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}.
run("watch-crashes", [], Evaluate) ->
    answer(Evaluate(forget() ++ watch(), []), fun(ok) -> true end);
run("mark-crashes", [], Evaluate) ->
    answer(Evaluate(mark(), []), fun(ok) -> true end);
run("crashes", [], Evaluate) ->
    answer(Evaluate(crashes(), []), fun(Crashes) -> [crash_json(Crash) || Crash <- Crashes] end);
run("forget-crashes", [], Evaluate) ->
    answer(Evaluate(forget() ++ "ok.", []), fun(ok) -> true end).

answer({ok, Value}, ToJson) -> {ok, ToJson(Value)};
answer(Error, _ToJson) -> Error.

%% A process that the relup has killed, because it runs old code, is told of before; so `killed' is no crash. The collector ends
%% after an hour, and takes the filter with it: a deploy may be killed. A supervisor reports what its child has reported before.
watch() ->
    "Kind = fun\n"
    "    Of(Reason) when is_atom(Reason) -> Reason;\n"
    "    Of(Reason) when is_tuple(Reason), tuple_size(Reason) > 0 -> Of(element(1, Reason));\n"
    "    Of(_) -> error\n"
    "end,\n"
    "Arity = fun(Args) when is_list(Args) -> length(Args); (Number) when is_integer(Number) -> Number; (_) -> 0 end,\n"
    "Function = fun\n"
    "    ([{M, F, Args, _} | _]) -> {M, F, Arity(Args)};\n"
    "    ({M, F, Args}) -> {M, F, Arity(Args)};\n"
    "    (_) -> none\n"
    "end,\n"
    "Crash = fun\n"
    "    (#{label := {proc_lib, crash}, report := [Info | _]}) ->\n"
    "        {_, Reason, Stack} = proplists:get_value(error_info, Info),\n"
    "        {proplists:get_value(pid, Info), Function(proplists:get_value(initial_call, Info)), Kind(Reason), Function(Stack)};\n"
    "    (#{label := {supervisor, Context}, report := Report}) when Context =:= child_terminated; Context =:= start_error ->\n"
    "        Child = proplists:get_value(offender, Report),\n"
    "        {proplists:get_value(pid, Child), Function(proplists:get_value(mfargs, Child)),\n"
    "            Kind(proplists:get_value(reason, Report)), none};\n"
    "    (_) -> none\n"
    "end,\n"
    "Filter = fun\n"
    "    (#{level := error, msg := {report, Report}}, To) ->\n"
    "        case try Crash(Report) catch _:_ -> none end of\n"
    "            none -> ignore;\n"
    "            {_, _, killed, _} -> ignore;\n"
    "            Found -> To ! {crash, Found}, ignore\n"
    "        end;\n"
    "    (#{level := error, msg := {\"Error in process\" ++ _, [Pid | Rest]}, meta := #{error_logger := #{emulator := true}}}, To) ->\n"
    "        {Reason, Stack} = case lists:last([none | Rest]) of {_, [_ | _]} = Both -> Both; Other -> {Other, none} end,\n"
    "        To ! {crash, {Pid, none, Kind(Reason), Function(Stack)}},\n"
    "        ignore;\n"
    "    (_, _) -> ignore\n"
    "end,\n"
    "Sort = fun({_, Begun, Kind, Where}) -> {Begun, Kind, Where} end,\n"
    "Collect = fun Again(Crashes, Usual, Known) ->\n"
    "    receive\n"
    "        {crash, {Pid, _, _, _} = One} ->\n"
    "            Keep = [Pid | lists:sublist(Known, 1000)],\n"
    "            case {lists:member(Pid, Known), lists:member(Sort(One), Usual), length(Crashes) < 100} of\n"
    "                {false, false, true} -> Again([One | Crashes], Usual, Keep);\n"
    "                {false, true, _} -> Again(Crashes, Usual, Keep);\n"
    "                _ -> Again(Crashes, Usual, Known)\n"
    "            end;\n"
    "        mark -> Again([], lists:usort([Sort(One) || One <- Crashes] ++ Usual), Known);\n"
    "        {get, From} -> From ! {self(), lists:reverse(Crashes)}, Again(Crashes, Usual, Known);\n"
    "        stop -> ok;\n"
    "        _ -> Again(Crashes, Usual, Known)\n"
    "    after 3600000 -> ok\n"
    "    end\n"
    "end,\n"
    "Collector = spawn(fun() -> Collect([], [], []), logger:remove_primary_filter(relup_action_crashes) end),\n"
    "true = register(relup_action_crashes, Collector),\n"
    "logger:add_primary_filter(relup_action_crashes, {Filter, Collector}).".

mark() ->
    "case whereis(relup_action_crashes) of undefined -> ok; Collector -> Collector ! mark, ok end.".

%% Empty also when nobody watched, e.g. because the node was restarted since.
crashes() ->
    "case whereis(relup_action_crashes) of\n"
    "    undefined -> [];\n"
    "    Collector ->\n"
    "        Collector ! {get, self()},\n"
    "        receive {Collector, Crashes} -> Crashes after 5000 -> [] end\n"
    "end.".

forget() ->
    "_ = case whereis(relup_action_crashes) of\n"
    "    undefined -> logger:remove_primary_filter(relup_action_crashes);\n"
    "    Before ->\n"
    "        Gone = monitor(process, Before),\n"
    "        Before ! stop,\n"
    "        receive {'DOWN', Gone, process, Before, _} -> ok after 5000 -> ok end\n"
    "end,\n".

crash_json({Pid, Begun, Kind, Where}) ->
    Who = [io_lib:format("~tp", [Pid]) || is_pid(Pid)] ++ [[", begun by ", mfa(Begun)] || is_tuple(Begun)],
    relup_json:text([Who, io_lib:format(": ~tp", [Kind]), [[" in ", mfa(Where)] || is_tuple(Where)]]).

mfa({Module, Function, Arity}) ->
    io_lib:format("~tp:~tp/~b", [Module, Function, Arity]).
