%% @doc Which processes release_handler suspends while it installs, for how long, and which it leaves out because they do not
%% answer in time: those keep their old state under new code (H135).
-module(relup_suspensions).

-export([run/3, to_json/1]).

%% @doc Runs one operation of a deploy; `Evaluate' asks the node a question of relup_on_node.
-spec run(string(), [string()], relup_node:evaluate()) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}.
run("busy", [InstructionsFile, Milliseconds], Evaluate) ->
    #{suspends := Modules} = relup_effects:of_file(InstructionsFile),
    answer(Evaluate(busy, [{'Modules', Modules}, {'Ms', list_to_integer(Milliseconds)}]), fun processes_json/1);
run("left-out", [], Evaluate) ->
    answer(Evaluate(left_out, []), fun processes_json/1);
run("hold", [PidsFile], Evaluate) ->
    answer(Evaluate(hold, [{'Pids', relup_watch:lines(PidsFile)}]), fun(Held) -> Held end);
run("let-go", [], Evaluate) ->
    answer(Evaluate(let_go, []), fun(_) -> true end);
run("end-processes", [PidsFile], Evaluate) ->
    answer(Evaluate(end_processes, [{'Pids', relup_watch:lines(PidsFile)}]), fun(_) -> true end);
run("forget-suspensions", [], Evaluate) ->
    answer(Evaluate(forget_suspensions, []), fun(ok) -> true end);
run(Operation, Args, Evaluate) ->
    relup_crashes:run(Operation, Args, Evaluate).

answer({ok, Value}, ToJson) -> {ok, ToJson(Value)};
answer(Error, _ToJson) -> Error.

%% @doc How many processes were suspended, and for how many microseconds the longest.
-spec to_json({non_neg_integer(), non_neg_integer()}) -> {ok, map()}.
to_json({Count, Microseconds}) ->
    {ok, #{processes => Count, microseconds => Microseconds}}.

processes_json(Processes) ->
    [
        #{pid => relup_json:text(Pid), alive => Alive, text => relup_watch:process_text({Pid, Info})}
     || {Pid, Alive, Info} <- Processes
    ].
