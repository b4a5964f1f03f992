%% @doc One emulator for the questions of a run: `erl ... -s relup_questions main'.
%%
%% A request is what relup_cli gets from the command line: the file for the answer, a command and its arguments. The request
%% `compiled' is answered when all of our modules are there, which relup_compile.eval compiles in the process relup_compiler.
-module(relup_questions).

-export([main/0]).

%% Commands that need no more modules than those that relup_compile.eval compiles first.
-define(FIRST, ["toolchain", "rebar3-version", "project"]).

-spec main() -> no_return().
main() ->
    relup_session:serve(fun answer/1).

answer(["compiled"]) ->
    compiled();
answer([_, Command | _] = Request) ->
    %% What OTP prints goes where nobody takes it for an answer.
    group_leader(whereis(standard_error), self()),
    lists:member(Command, ?FIRST) orelse compiled(),
    ok = relup_cli:to_file(Request),
    {ok, true}.

compiled() ->
    Compiler = monitor(process, relup_compiler),
    receive
        {'DOWN', Compiler, process, _, _} -> {ok, true}
    end.
