%% @doc Which keys of maps a module's code cannot do without, as far as they are atoms that stand there.
-module(relup_check_needs).

-export([keys/1]).
-export_type([keys/0]).

%% `exact': a match, an update or a call fails without the key. `tolerant': the code asks whether it is there, or has a default.
-type keys() :: #{exact := [atom()], tolerant := [atom()]}.

%% @doc What code_change does is not counted: it is there to make the one from the other.
-spec keys(#{{atom(), arity()} => [erl_parse:abstract_clause()]}) -> keys().
keys(Functions) ->
    Others = maps:without([{code_change, 3}, {code_change, 4}, {system_code_change, 4}], Functions),
    Uses = uses(maps:values(Others)),
    maps:from_list([{Kind, lists:usort([Key || {One, Key} <- Uses, One =:= Kind])} || Kind <- [exact, tolerant]]).

uses({map_field_exact, _, {atom, _, Key}, Value}) -> [{exact, Key} | uses(Value)];
uses({call, _, Function, [{atom, _, Key} | More] = Arguments}) -> called(Function, Key, length(More) + 1) ++ uses(Arguments);
uses(Tuple) when is_tuple(Tuple) -> uses(tuple_to_list(Tuple));
uses([Head | Tail]) -> uses(Head) ++ uses(Tail);
uses(_) -> [].

called({remote, _, {atom, _, Module}, {atom, _, Name}}, Key, Arity) -> [{Kind, Key} || Kind <- kind({Module, Name, Arity})];
called({atom, _, Name}, Key, Arity) -> [{Kind, Key} || Kind <- kind({erlang, Name, Arity})];
called(_, _, _) -> [].

kind({maps, get, 2}) -> [exact];
kind({maps, update, 3}) -> [exact];
kind({maps, update_with, 3}) -> [exact];
kind({erlang, map_get, 2}) -> [exact];
kind({maps, get, 3}) -> [tolerant];
kind({maps, find, 2}) -> [tolerant];
kind({maps, is_key, 2}) -> [tolerant];
kind({maps, take, 2}) -> [tolerant];
kind({maps, update_with, 4}) -> [tolerant];
kind({erlang, is_map_key, 2}) -> [tolerant];
kind(_) -> [].
