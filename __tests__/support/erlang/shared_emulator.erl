%% @doc One emulator for the questions of many tests: `erl ... -s shared_emulator main`.
%%
%% It speaks as relup_session does: a line is a request, an id and, in base64, a command of relup_cli and its arguments.
%% `evaluate' is a command, too: it evaluates Erlang expressions, and answers the last value as text.
-module(shared_emulator).

-export([main/0]).

-spec main() -> no_return().
main() ->
    process_flag(trap_exit, true),
    serve(open_port({fd, 0, 1}, [binary, {line, 1_000_000}, eof])).

serve(Port) ->
    receive
        {Port, {data, {eol, Line}}} ->
            spawn(fun() -> handle(Port, Line) end),
            serve(Port);
        {Port, eof} ->
            erlang:halt(0, [{flush, false}]);
        {'EXIT', Port, _Closed} ->
            erlang:halt(0, [{flush, false}])
    end.

handle(Port, Line) ->
    [Id | Encoded] = string:lexemes(Line, " "),
    Request = [unicode:characters_to_list(base64:decode(Text)) || Text <- Encoded],
    port_command(Port, ["relup-answer ", Id, " ", relup_json:encode(answer(Request)), "\n"]).

answer([]) -> relup_cli:answer(fun(_) -> {ok, true} end, []);
answer(["evaluate" | Args]) -> relup_cli:answer(fun evaluate/1, Args);
answer([Command | Args]) -> relup_cli:answer(relup_cli:command(Command), Args).

evaluate([Text]) ->
    {ok, Tokens, _} = erl_scan:string(Text ++ "."),
    {ok, Expressions} = erl_parse:parse_exprs(Tokens),
    {value, Value, _} = erl_eval:exprs(Expressions, []),
    {ok, unicode:characters_to_binary(io_lib:format("~tp", [Value]))}.
