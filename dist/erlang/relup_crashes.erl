%% @doc Which processes crash while a release is installed and looked at (on_node/watch_crashes.eval).
%%
%% Some processes crash now and then whatever is installed, e.g. on what clients send. So it is watched before the installation, too:
%% a crash is told when none like it (begun by the same function, same kind of reason, same place) came before the mark.
-module(relup_crashes).

-export([run/3]).

%% @doc Runs one operation; `Evaluate' asks the node a question of relup_on_node.
-spec run(string(), [string()], relup_node:evaluate()) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}.
run("watch-crashes", [], Evaluate) ->
    answer(Evaluate(watch_crashes, []), fun(ok) -> true end);
run("mark-crashes", [], Evaluate) ->
    answer(Evaluate(mark_crashes, []), fun(ok) -> true end);
run("crashes", [], Evaluate) ->
    answer(Evaluate(crashes, []), fun(Crashes) -> [crash_json(Crash) || Crash <- Crashes] end);
run("forget-crashes", [], Evaluate) ->
    answer(Evaluate(forget_crashes, []), fun(ok) -> true end);
run(Operation, Args, Evaluate) ->
    relup_cluster:run(Operation, Args, Evaluate).

answer({ok, Value}, ToJson) -> {ok, ToJson(Value)};
answer(Error, _ToJson) -> Error.

crash_json({Pid, Begun, Kind, Where}) ->
    Who = [io_lib:format("~tp", [Pid]) || is_pid(Pid)] ++ [[", begun by ", mfa(Begun)] || is_tuple(Begun)],
    relup_json:text([Who, io_lib:format(": ~tp", [Kind]), [[" in ", mfa(Where)] || is_tuple(Where)]]).

mfa({Module, Function, Arity}) ->
    io_lib:format("~tp:~tp/~b", [Module, Function, Arity]).
