%% @doc Reads appup sources: `appup-terms OutFolder Request ...', or `appups Root OutFolder Request ...'.
%%
%% A request is the flat list: application, new version, number of up-from versions, the up-from versions, number of sources,
%% and for each source its kind ("source": an .appup.src, "appup": a finished .appup) and its file. For each source that can be
%% read the evaluated appup is written to OutFolder/<application>.<position>.appup, so that the caller copies what it chose.
%%
%% An .appup.src is a plain term or Erlang expressions whose last value is the appup, as rebar3_appup_plugin evaluates them;
%% the applications of the release in Root can be called from it. `{{vsn}}' stands for the new application version. Most are plain
%% terms, which any emulator may read; expressions need one of their own.
-module(relup_appups).

-export([command/1, terms/1]).

-spec command([string()]) -> {ok, [map()]}.
command([Root, OutFolder | Flat]) ->
    code:add_pathsz([filename:join(Root, Ebin) || Ebin <- filelib:wildcard("lib/*/ebin", Root)]),
    {ok, answers(fun expressions/1, OutFolder, Flat)}.

%% @doc The same, or null when a source holds expressions.
-spec terms([string()]) -> {ok, [map()] | null}.
terms([OutFolder | Flat]) ->
    try
        {ok, answers(fun term/1, OutFolder, Flat)}
    catch
        throw:expressions -> {ok, null}
    end.

answers(Value, OutFolder, Flat) ->
    [answer(Value, OutFolder, Request) || Request <- requests(Flat)].

requests([]) ->
    [];
requests([Application, Version, UpFromCount | Rest0]) ->
    {UpFroms, [SourceCount | Rest1]} = lists:split(list_to_integer(UpFromCount), Rest0),
    {Sources, Rest2} = lists:split(2 * list_to_integer(SourceCount), Rest1),
    [{Application, Version, UpFroms, pairs(Sources)} | requests(Rest2)].

pairs([Kind, File | Rest]) -> [{Kind, File} | pairs(Rest)];
pairs([]) -> [].

answer(Value, OutFolder, {Application, Version, UpFroms, Sources}) ->
    Numbered = lists:zip(lists:seq(0, length(Sources) - 1), Sources),
    #{
        application => relup_json:text(Application),
        sources => [source(Value, OutFolder, Application, Version, UpFroms, Source) || Source <- Numbered]
    }.

source(Value, OutFolder, Application, Version, UpFroms, {Position, {Kind, File}}) ->
    Written = filename:join(OutFolder, io_lib:format("~ts.~b.appup", [Application, Position])),
    try checked(read(Kind, File, Version, Value)) of
        {Vsn, Up, Down} = Appup ->
            ok = file:write_file(Written, unicode:characters_to_binary(io_lib:format("~tp.~n", [Appup]))),
            #{
                file => relup_json:text(File),
                written => relup_json:text(Written),
                version => relup_json:text(Vsn),
                up => [entry(UpFrom, Up) || UpFrom <- UpFroms],
                down => [entry(UpFrom, Down) || UpFrom <- UpFroms]
            }
    catch
        throw:{bad_appup, Text} ->
            #{file => relup_json:text(File), problem => relup_json:text(Text)}
    end.

%% The entry that release handling would use (H32): the first whose version is equal, or whose expression matches all of it.
entry(UpFrom, Entries) ->
    case [Entry || Entry <- Entries, systools_relup:appup_search_for_version(UpFrom, [Entry]) =/= error] of
        [{Pattern, Instructions} | _] ->
            #{
                upFrom => relup_json:text(UpFrom),
                pattern => pattern(Pattern),
                instructions => [relup_json:term(Instruction) || Instruction <- Instructions]
            };
        [] ->
            #{upFrom => relup_json:text(UpFrom), pattern => null, instructions => []}
    end.

pattern(Pattern) when is_binary(Pattern) -> <<"<<\"", Pattern/binary, "\">>">>;
pattern(Version) -> relup_json:text([$", Version, $"]).

read("appup", File, _Version, _Value) ->
    case relup_text:consult(File) of
        %% systools reads the first, and no further
        {ok, [Term | _]} -> Term;
        {ok, []} -> bad("it holds no term");
        {error, Text} -> bad(Text)
    end;
read("source", File, Version, Value) ->
    case relup_text:read(File) of
        {ok, Text} -> Value(tokens(string:replace(Text, "{{vsn}}", Version, all)));
        {error, Reason} -> bad(Reason)
    end.

tokens(Text) ->
    case erl_scan:string(lists:flatten(Text)) of
        {ok, Tokens, _} -> Tokens;
        {error, {Line, Module, Reason}, _} -> bad(at(Line, Module:format_error(Reason)))
    end.

term(Tokens) ->
    case erl_parse:parse_term(Tokens) of
        {ok, Term} -> Term;
        {error, _} -> throw(expressions)
    end.

expressions(Tokens) ->
    lists:foldl(fun run/2, {no_value, erl_eval:new_bindings()}, forms(Tokens, [])).

forms([], []) -> [];
forms([], Rest) -> [lists:reverse([{dot, 1} | Rest])];
forms([{dot, _} = Dot | Tokens], Form) -> [lists:reverse([Dot | Form]) | forms(Tokens, [])];
forms([Token | Tokens], Form) -> forms(Tokens, [Token | Form]).

run(Tokens, {_Value, Bindings}) ->
    case erl_parse:parse_exprs(Tokens) of
        {ok, Expressions} ->
            try erl_eval:exprs(Expressions, Bindings) of
                {value, Value, NewBindings} -> {Value, NewBindings}
            catch
                Class:Reason -> bad(io_lib:format("its expressions failed with ~tp: ~tp", [Class, Reason]))
            end;
        {error, {Line, Module, Reason}} ->
            bad(at(Line, Module:format_error(Reason)))
    end.

at(Line, Text) ->
    io_lib:format("line ~tp: ~ts", [Line, Text]).

checked({{Vsn, Up, Down}, _Bindings}) -> checked({Vsn, Up, Down});
checked({Vsn, Up, Down}) when is_list(Vsn), is_list(Up), is_list(Down) ->
    case lists:all(fun is_entry/1, Up ++ Down) of
        true -> {Vsn, Up, Down};
        false -> bad("an entry is not of the form {UpFromVsn, [Instruction]}")
    end;
checked(_) ->
    bad("its value is not of the form {Vsn, [{UpFromVsn, Instructions}], [{DownToVsn, Instructions}]}").

is_entry({Vsn, Instructions}) when is_list(Instructions) -> is_list(Vsn) orelse is_expression(Vsn);
is_entry(_) -> false.

is_expression(Vsn) when is_binary(Vsn) ->
    case re:compile(Vsn, [unicode]) of
        {ok, _} -> true;
        {error, {Reason, _}} -> bad(io_lib:format("the version expression ~tp is broken: ~ts", [Vsn, Reason]))
    end;
is_expression(_) ->
    false.

-spec bad(unicode:chardata()) -> no_return().
bad(Text) ->
    throw({bad_appup, Text}).
