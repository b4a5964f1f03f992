%% @doc Records that a module works with, and whose fields differ between two versions (H26): an upgrade leaves the values that there
%% are as they were made, and the new code takes them for something else.
-module(relup_check_stored).

-export([compare/2]).

%% @doc Each such record with its two definitions, and the call that puts it into a table; null where it is not seen to get into
%% one. Records in tables are not told where the new code_change uses tables itself, for it may well convert them.
-spec compare(relup_check_beam:beam() | null, relup_check_beam:beam() | null) -> [map()].
compare(Before, After) when Before =:= null; After =:= null ->
    [];
compare(Before, After) ->
    case {relup_check_beam:forms(Before), relup_check_beam:forms(After)} of
        {{ok, Old}, {ok, New}} -> compare_forms(relup_check_forms:index(Old), relup_check_forms:index(New));
        _ -> []
    end.

compare_forms(Old, New) ->
    case differing(Old, New) of
        [] ->
            [];
        Differing ->
            Stored = maps:merge(maps:from_list(stored(New)), maps:from_list(stored(Old))),
            [
                described(Record, maps:get(Record, Stored, none), Old, New)
             || Record <- Differing, not (is_map_key(Record, Stored) andalso converts(New))
            ]
    end.

differing(#{functions := Functions} = Old, #{records := Records} = New) ->
    Used = relup_check_held:used(maps:values(Functions)),
    [
        Record
     || Record <- lists:sort(maps:keys(Records)),
        Was <- [relup_check_forms:record(Record, Old)],
        Was =/= undefined,
        Was =/= relup_check_forms:record(Record, New),
        lists:member(Record, Used)
    ].

described(Record, Call, Old, New) ->
    #{
        record => atom_to_binary(Record),
        call => call_text(Call),
        old => relup_check_layout:text({record, Record}, Old),
        new => relup_check_layout:text({record, Record}, New),
        place => relup_check_forms:place({record, Record}, New)
    }.

call_text(none) -> null;
call_text({Module, Function, Arity}) -> relup_json:text(io_lib:format("~tp:~tp/~b", [Module, Function, Arity])).

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
