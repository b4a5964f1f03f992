%% @doc Evaluates Erlang expressions for tests: `erl ... -s shared_emulator main'; the last value, as text.
-module(shared_emulator).

-export([main/0]).

-spec main() -> no_return().
main() ->
    relup_session:serve(fun evaluate/1).

evaluate([Text]) ->
    {ok, Tokens, _} = erl_scan:string(Text ++ "."),
    {ok, Expressions} = erl_parse:parse_exprs(Tokens),
    {value, Value, _} = erl_eval:exprs(Expressions, []),
    {ok, unicode:characters_to_binary(io_lib:format("~tp", [Value]))}.
