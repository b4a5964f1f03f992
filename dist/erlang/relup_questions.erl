%% @doc One emulator for the questions of a run: `erl ... -s relup_questions main'.
%%
%% A request is what relup_cli gets from the command line: the file for the answer, a command and its arguments.
-module(relup_questions).

-export([main/0]).

-spec main() -> no_return().
main() ->
    relup_session:serve(fun answer/1).

answer(Request) ->
    %% What OTP prints goes where nobody takes it for an answer.
    group_leader(whereis(standard_error), self()),
    ok = relup_cli:to_file(Request),
    {ok, true}.
