%% @doc Records that a module keeps in tables, and whose fields differ between two versions (H26): an upgrade leaves the rows as
%% they are, and the new code takes them for something else.
-module(relup_check_stored).

-export([compare/2]).

%% @doc Each such record with its two definitions and the call that stores it; nothing where the new code_change uses tables itself,
%% for it may well convert them.
-spec compare(relup_check_beam:beam() | null, relup_check_beam:beam() | null) -> [map()].
compare(Before, After) when Before =:= null; After =:= null ->
    [];
compare(Before, After) ->
    case {relup_check_beam:forms(Before), relup_check_beam:forms(After)} of
        {{ok, Old}, {ok, New}} -> differing(relup_check_forms:index(Old), relup_check_forms:index(New));
        _ -> []
    end.

differing(Old, New) ->
    Stored = maps:to_list(maps:merge(maps:from_list(stored(New)), maps:from_list(stored(Old)))),
    [
        #{
            record => atom_to_binary(Record),
            call => relup_json:text(io_lib:format("~tp:~tp/~b", [Module, Function, Arity])),
            old => relup_check_layout:text({record, Record}, Old),
            new => relup_check_layout:text({record, Record}, New),
            place => relup_check_forms:place({record, Record}, New)
        }
     || {Record, {Module, Function, Arity}} <- lists:sort(Stored),
        [Was, Is] <- [[relup_check_forms:record(Record, Index) || Index <- [Old, New]]],
        Was =/= undefined,
        Is =/= undefined,
        Was =/= Is,
        not converts(New)
    ].

stored(#{functions := Functions} = Index) ->
    relup_check_held:stored(maps:values(Functions), relup_check_shape:maker(Index)).

%% In code_change, or in a function that it calls.
converts(Index) ->
    Clauses = lists:append([
        relup_check_forms:function(Name, Arity, Index)
     || {Name, Arity} <- [{code_change, 3}, {code_change, 4}, {system_code_change, 4}]
    ]),
    Called = [relup_check_forms:function(Name, Arity, Index) || {Name, Arity} <- local_calls(Clauses)],
    uses_tables([Clauses | Called]).

local_calls({call, _, {atom, _, Name}, Arguments}) -> [{Name, length(Arguments)} | local_calls(Arguments)];
local_calls(Tuple) when is_tuple(Tuple) -> local_calls(tuple_to_list(Tuple));
local_calls([Head | Tail]) -> local_calls(Head) ++ local_calls(Tail);
local_calls(_) -> [].

uses_tables({remote, _, {atom, _, Module}, _}) -> lists:member(Module, [ets, mnesia, dets]);
uses_tables(Tuple) when is_tuple(Tuple) -> uses_tables(tuple_to_list(Tuple));
uses_tables([Head | Tail]) -> uses_tables(Head) orelse uses_tables(Tail);
uses_tables(_) -> false.
