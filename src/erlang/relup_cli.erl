%% @doc The one entry of our Erlang code: `erl ... -s relup_cli main -extra AnswerFile Command Arg ...'.
%%
%% The answer is written as JSON to AnswerFile: {"ok": ...} or {"error": {reason, text, term}}. Commands are exported
%% functions of the modules in command/1 that take a list of strings and return {ok, Json} or
%% {error, Reason :: atom(), Text :: chardata(), Term :: term()}.
-module(relup_cli).

-export([main/0, to_file/1, answer/2]).

-spec main() -> no_return().
main() ->
    ok = to_file(init:get_plain_arguments()),
    erlang:halt(0).

%% @doc `[AnswerFile, Command | Args]': answers into the file.
-spec to_file([string()]) -> ok.
to_file([AnswerFile, Command | Args]) ->
    Answer = answer(command(Command), Args),
    ok = file:write_file(AnswerFile, relup_json:encode(Answer)).

%% What answers a command.
-spec command(string()) -> fun(([string()]) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}).
command("toolchain") -> fun relup_toolchain:command/1;
command("rebar3-version") -> fun relup_toolchain:rebar3_version/1;
command("describe") -> fun relup_describe:command/1;
command("describe-package") -> fun relup_describe:package/1;
command("code") -> fun relup_code:command/1;
command("project") -> fun relup_names:command/1;
command("raise") -> fun relup_raise:command/1;
command("appups") -> fun relup_appups:command/1;
command("appup-terms") -> fun relup_appups:terms/1;
command("generate") -> fun relup_generate:command/1;
command("check") -> fun relup_check:command/1;
command("settings") -> fun relup_settings:command/1;
command("needed") -> fun relup_needed:command/1;
command("priv-readers") -> fun relup_at_start:priv/1;
command("config") -> fun relup_config:command/1;
command("relup") -> fun relup_make:command/1;
command("sync-nodes") -> fun relup_cluster:command/1;
command("releases") -> fun relup_releases:command/1;
command("tarball") -> fun relup_tarball:command/1;
command("check-tarball") -> fun relup_tarball:check/1;
command("unpack") -> fun relup_tarball:unpack/1.

%% @doc Runs a command; whatever it throws becomes an answer, too.
-spec answer(fun(([string()]) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}), [string()]) -> map().
answer(Fun, Args) ->
    try Fun(Args) of
        {ok, Json} -> #{ok => Json};
        {error, Reason, Text, Term} -> error_answer(Reason, Text, Term)
    catch
        throw:{error, Reason, Text, Term} ->
            error_answer(Reason, Text, Term);
        Class:Reason:Stack ->
            error_answer(crash, crash_text(Reason), {Class, Reason, Stack})
    end.

%% Files are written with `ok = ', so a full disk ends here.
crash_text({badmatch, {error, Posix}}) when is_atom(Posix) ->
    io_lib:format("Erlang cannot read or write a file: ~ts.", [file:format_error(Posix)]);
crash_text(_) ->
    "relup-action's own Erlang code failed; please report it with the details.".

error_answer(Reason, Text, Term) ->
    #{error => #{reason => Reason, text => relup_json:text(Text), term => relup_json:term(Term)}}.
