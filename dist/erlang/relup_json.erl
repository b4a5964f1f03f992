%% @doc JSON encoder. OTP has one (`json') only since OTP 27, and this code runs on OTP 25 and newer.
%%
%% Maps are objects, lists are arrays, binaries are strings (UTF-8); atoms are strings but for
%% true, false and null. Strings must therefore be binaries: see text/1.
-module(relup_json).

-export([encode/1, text/1, term/1, one_line/1, hex/1]).

%% @doc A string, iolist or atom as the UTF-8 binary that encode/1 takes for a JSON string.
-spec text(unicode:chardata() | atom()) -> binary().
text(Atom) when is_atom(Atom) ->
    atom_to_binary(Atom);
text(Chars) ->
    case unicode:characters_to_binary(Chars) of
        Binary when is_binary(Binary) -> Binary;
        _ -> bytes(Chars)
    end.

%% Bytes that are no UTF-8 are kept (encode/1 takes them as Latin-1); what is no text either, e.g. half a character of
%% UTF-16, is shown as the list that it is.
bytes(Chars) ->
    try
        iolist_to_binary(Chars)
    catch
        error:badarg -> iolist_to_binary(io_lib:format("~w", [Chars]))
    end.

%% @doc Any term as text, as the shell prints it.
-spec term(term()) -> binary().
term(Term) ->
    text(io_lib:format("~tp", [Term])).

%% @doc Any term as text without line ends, so that two can be compared.
-spec one_line(term()) -> binary().
one_line(Term) ->
    text(io_lib:format("~0tp", [Term])).

%% @doc Bytes as lower-case hexadecimal digits.
-spec hex(binary()) -> binary().
hex(Bytes) ->
    text(string:lowercase(binary:encode_hex(Bytes))).

-spec encode(term()) -> iodata().
encode(Atom) when Atom =:= true; Atom =:= false; Atom =:= null ->
    atom_to_binary(Atom);
encode(Atom) when is_atom(Atom) ->
    string(atom_to_binary(Atom));
encode(Binary) when is_binary(Binary) ->
    string(Binary);
encode(Integer) when is_integer(Integer) ->
    integer_to_binary(Integer);
encode(Float) when is_float(Float) ->
    float_to_binary(Float, [short]);
encode(List) when is_list(List) ->
    [$[, lists:join($,, [encode(Item) || Item <- List]), $]];
encode(Map) when is_map(Map) ->
    Members = [[string(text(Key)), $:, encode(Value)] || {Key, Value} <- lists:sort(maps:to_list(Map))],
    [${, lists:join($,, Members), $}].

%% Most strings need nothing, and looking at them as a whole, in one function, is quick also where this code is interpreted.
string(Binary) ->
    case re:run(Binary, "[\"\\\\\\x00-\\x1f\\x7f]", [{capture, none}]) =:= nomatch andalso unicode:characters_to_binary(Binary) of
        Binary -> [$", Binary, $"];
        _ -> [$", escape(Binary, []), $"]
    end.

escape(<<>>, Acc) ->
    lists:reverse(Acc);
escape(<<$", Rest/binary>>, Acc) ->
    escape(Rest, ["\\\"" | Acc]);
escape(<<$\\, Rest/binary>>, Acc) ->
    escape(Rest, ["\\\\" | Acc]);
escape(<<C, Rest/binary>>, Acc) when C < 32; C =:= 127 ->
    escape(Rest, [io_lib:format("\\u~4.16.0b", [C]) | Acc]);
escape(<<C/utf8, Rest/binary>>, Acc) ->
    escape(Rest, [<<C/utf8>> | Acc]);
escape(<<C, Rest/binary>>, Acc) ->
    %% not UTF-8: taken as Latin-1
    escape(Rest, [<<C/utf8>> | Acc]).
