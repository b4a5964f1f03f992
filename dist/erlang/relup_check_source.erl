%% @doc Finds the lines of instructions in a hand-written appup.
-module(relup_check_source).

-export([with_lines/5]).

%% @doc Adds `line' to each described instruction: where it stands in the source, in the entry that counts; null where that
%% cannot be known, because the source is a program rather than a term, or there is none.
-spec with_lines(up | down, file:filename(), string(), string(), [map()]) -> [map()].
with_lines(_Direction, "", _To, _From, Instructions) ->
    [Instruction#{line => null} || Instruction <- Instructions];
with_lines(Direction, File, To, From, Instructions) ->
    Written = written(Direction, File, To, From),
    [Instruction#{line => line(maps:get(text, Instruction), Written)} || Instruction <- Instructions].

line(Text, Written) ->
    proplists:get_value(Text, Written, null).

%% [{text of the instruction, line}]
written(Direction, File, To, From) ->
    try
        {ok, Text} = relup_text:read(File),
        {ok, Tokens, _} = erl_scan:string(lists:flatten(string:replace(Text, "{{vsn}}", To, all))),
        {tuple, _, [_Vsn, Up, Down]} = term(Tokens),
        Entry = entry(From, list(case Direction of up -> Up; down -> Down end)),
        [{text(erl_parse:normalise(Item)), erl_anno:line(element(2, Item))} || Item <- Entry]
    catch
        error:_ -> []
    end.

text(Instruction) ->
    relup_json:text(io_lib:format("~0tp", [Instruction])).

%% The last expression: the appup itself, where it is written as a term.
term(Tokens) ->
    Trimmed = lists:reverse(lists:dropwhile(fun(Token) -> element(1, Token) =:= dot end, lists:reverse(Tokens))),
    Last = lists:reverse(lists:takewhile(fun(Token) -> element(1, Token) =/= dot end, lists:reverse(Trimmed))),
    {ok, Expressions} = erl_parse:parse_exprs(Last ++ [{dot, 1}]),
    lists:last(Expressions).

list({cons, _, Head, Tail}) -> [Head | list(Tail)];
list({nil, _}) -> [].

entry(From, Entries) ->
    Matching = [
        Instructions
     || {tuple, _, [Version, Instructions]} <- Entries,
        systools_relup:appup_search_for_version(From, [{version(Version), []}]) =/= error
    ],
    case Matching of
        [Instructions | _] -> list(Instructions);
        [] -> []
    end.

version({bin, _, _} = Expression) ->
    {value, Version, _} = erl_eval:expr(Expression, erl_eval:new_bindings()),
    Version;
version(Expression) ->
    erl_parse:normalise(Expression).
