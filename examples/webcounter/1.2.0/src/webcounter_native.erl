%% Stands for a module with native code: it would load a library (NIF) when it is loaded itself. The library is left out, so that
%% the example needs no C compiler; the functions written in Erlang are used then, as many such modules do.
-module(webcounter_native).
-export([is_page/1]).
-nifs([is_page/1]).
-on_load(load/0).

load() ->
    case erlang:load_nif(filename:join(code:priv_dir(webcounter), ?MODULE_STRING), 1) of
        ok -> ok;
        {error, {load_failed, _}} -> ok;
        {error, _} = Error -> Error
    end.

%% @doc Whether this is a page's name: lower-case letters, digits and dashes.
-spec is_page(binary()) -> boolean().
is_page(<<Char, Rest/binary>>) when Char >= $a, Char =< $z; Char >= $0, Char =< $9; Char =:= $- ->
    Rest =:= <<>> orelse is_page(Rest);
is_page(_) ->
    false.
