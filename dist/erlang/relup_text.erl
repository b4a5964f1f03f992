%% @doc Reads files that people wrote: with or without a byte order mark, with any line ends, in UTF-8 or, where a comment says
%% so, in Latin-1. file:consult/1 knows no byte order mark, and says of other bytes only that it cannot parse them.
-module(relup_text).

-export([read/1, consult/1]).

%% @doc The text of a file, or why it has none, to follow "…: ".
-spec read(file:filename()) -> {ok, string()} | {error, unicode:chardata()}.
read(File) ->
    case file:read_file(File) of
        {ok, <<16#EF, 16#BB, 16#BF, Text/binary>>} -> decoded(Text, utf8);
        {ok, Text} -> decoded(Text, epp:read_encoding_from_binary(Text));
        {error, Reason} -> {error, file:format_error(Reason)}
    end.

decoded(Text, latin1) ->
    {ok, binary_to_list(Text)};
decoded(Text, _) ->
    case unicode:characters_to_list(Text) of
        Chars when is_list(Chars) -> {ok, Chars};
        {_, Good, _} -> {error, not_utf8(length([Char || Char <- Good, Char =:= $\n]) + 1)}
    end.

not_utf8(Line) ->
    io_lib:format("line ~b is not UTF-8; save the file as UTF-8, or write %% coding: latin-1 in its first line", [Line]).

%% @doc The terms of a file, or what is wrong with it.
-spec consult(file:filename()) -> {ok, [term()]} | {error, unicode:chardata()}.
consult(File) ->
    case read(File) of
        {ok, Text} -> terms(Text, 1, []);
        Error -> Error
    end.

terms(Text, Line, Terms) ->
    case erl_scan:tokens([], Text, Line) of
        {done, {ok, Tokens, Next}, Rest} -> term(Tokens, Rest, Next, Terms);
        {done, {error, {At, Module, Reason}, _}, _} -> {error, at(At, Module:format_error(Reason))};
        {done, {eof, _}, _} -> {ok, lists:reverse(Terms)};
        {more, _} -> last(Text, Line, Terms)
    end.

%% What follows the last full stop: comments, blank lines, or a term whose own full stop is missing or ends the file.
last(Text, Line, Terms) ->
    case erl_scan:string(Text, Line) of
        {ok, [], _} ->
            {ok, lists:reverse(Terms)};
        {ok, Tokens, Next} ->
            case lists:last(Tokens) of
                {dot, _} -> term(Tokens, "", Next, Terms);
                _ -> {error, at(Next, "the full stop at its end is missing")}
            end;
        {error, {At, Module, Reason}, _} ->
            {error, at(At, Module:format_error(Reason))}
    end.

term(Tokens, Rest, Next, Terms) ->
    case erl_parse:parse_term(Tokens) of
        {ok, Term} -> terms(Rest, Next, [Term | Terms]);
        {error, {At, Module, Reason}} -> {error, at(At, Module:format_error(Reason))}
    end.

at(Line, Text) ->
    io_lib:format("line ~tp: ~ts", [Line, Text]).
