%% @doc What a module puts into the fields of its records and under the keys of its maps, as expressions: where they are maps or
%% records themselves, they are part of a state's shape; where they are literals, a conversion can write them.
-module(relup_check_fields).

-export([collect/2, in_field/3, first_kinds/2, literal/2]).
-export_type([fields/0, kind/0]).

%% `{field, Record, Field}', or `{key, Keys, Key}' of a map that is made with these keys. `made' with the whole record or map,
%% `changed' in one that there is.
-type place() :: {field, atom(), atom()} | {key, [atom()], atom()}.
-type fields() :: #{place() => [{made | changed | default, erl_parse:abstract_expr()}]}.

%% What a value is that is written out, or made by a module of OTP.
-type kind() :: map | list | number | binary | queue | sets | gb_sets | gb_trees | dict | array.

-spec collect([[erl_parse:abstract_clause()]], #{atom() => [tuple()]}) -> fields().
collect(Functions, Records) ->
    Put = [in(Body, bound(Clause)) || Clauses <- Functions, {clause, _, _, _, Body} = Clause <- Clauses],
    Defaults = [
        {{field, Name, Field}, {default, Value}}
     || {Name, Fields} <- maps:to_list(Records), {Field, Value} <- defaults(Fields)
    ],
    maps:groups_from_list(fun({Place, _}) -> Place end, fun({_, Value}) -> Value end, lists:append([Defaults | Put])).

defaults(Fields) ->
    [{Field, Value} || {record_field, _, {atom, _, Field}, Value} <- [untyped(Field) || Field <- Fields]].

untyped({typed_record_field, Field, _Type}) -> Field;
untyped(Field) -> Field.

in({match, _, Pattern, Value}, Bound) when element(1, Pattern) =:= record; element(1, Pattern) =:= map ->
    in(Value, Bound);
in({clause, _, _, _, Body}, Bound) ->
    in(Body, Bound);
in({record, _, Name, Fields}, Bound) when is_atom(Name), is_list(Fields) ->
    fields(Name, made, Fields, Bound) ++ in(Fields, Bound);
in({record, _, Value, Name, Fields}, Bound) ->
    fields(Name, changed, Fields, Bound) ++ in(Value, Bound) ++ in(Fields, Bound);
in({map, _, Pairs}, Bound) ->
    Known = [{Key, Value} || {map_field_assoc, _, {atom, _, Key}, Value} <- Pairs],
    Keys = lists:usort([Key || {Key, _} <- Known]),
    [{{key, Keys, Key}, {made, value(Value, Bound)}} || length(Known) =:= length(Pairs), {Key, Value} <- Known] ++ in(Pairs, Bound);
in(Tuple, Bound) when is_tuple(Tuple) -> in(tuple_to_list(Tuple), Bound);
in([Head | Tail], Bound) -> in(Head, Bound) ++ in(Tail, Bound);
in(_, _) -> [].

fields(Name, How, Fields, Bound) ->
    [{{field, Name, Field}, {How, value(Value, Bound)}} || {record_field, _, {atom, _, Field}, Value} <- Fields].

value({var, _, Name} = Variable, Bound) -> maps:get(Name, Bound, Variable);
value(Value, _) -> Value.

%% Variables that a clause binds to what is written there as a map or a record.
bound(Clause) ->
    maps:from_list(bindings(Clause)).

bindings({match, _, {var, _, Name}, Value}) when element(1, Value) =:= map; element(1, Value) =:= record ->
    [{Name, Value} | bindings(Value)];
bindings(Tuple) when is_tuple(Tuple) -> bindings(tuple_to_list(Tuple));
bindings([Head | Tail]) -> bindings(Head) ++ bindings(Tail);
bindings(_) -> [].

%% @doc What a record's field holds, now and then.
-spec in_field(atom(), atom(), fields()) -> [erl_parse:abstract_expr()].
in_field(Record, Field, Fields) ->
    [Value || {_, Value} <- maps:get({field, Record, Field}, Fields, [])].

%% @doc Of what kind the fields of a record are when it is made, where that is the same wherever it is.
-spec first_kinds(atom(), relup_check_forms:index()) -> [{atom(), kind()}].
first_kinds(Record, #{fields := Fields} = Index) ->
    [
        {Field, Kind}
     || Field <- relup_check_forms:fields(Record, Index),
        Values <- [maps:get({field, Record, Field}, Fields, [])],
        [Kind] <- [lists:usort([kind(Value) || {How, Value} <- Values, How =/= changed])],
        Kind =/= unknown
    ].

kind({map, _, _}) -> map;
kind({nil, _}) -> list;
kind({cons, _, _, _}) -> list;
kind({string, _, _}) -> list;
kind({integer, _, _}) -> number;
kind({float, _, _}) -> number;
kind({bin, _, _}) -> binary;
kind({call, _, {remote, _, {atom, _, Module}, {atom, _, Function}}, Arguments}) -> made_by(Module, Function, length(Arguments));
kind(_) -> unknown.

made_by(Module, new, 0) when Module =:= maps; Module =:= queue; Module =:= sets; Module =:= gb_sets; Module =:= dict; Module =:= array ->
    case Module of
        maps -> map;
        _ -> Module
    end;
made_by(Module, new, 0) when Module =:= orddict; Module =:= ordsets -> list;
made_by(Module, empty, 0) when Module =:= gb_sets; Module =:= gb_trees -> Module;
made_by(_, _, _) -> unknown.

%% @doc The text of the one literal that a new record or map has there; none where there are several, or it is computed.
-spec literal(place(), fields()) -> string() | none.
literal(Place, Fields) ->
    Values = maps:get(Place, Fields, []),
    Made = [Value || {made, Value} <- Values],
    case {lists:usort([text(Value) || Value <- Made]), [text(Value) || {default, Value} <- Values]} of
        {[Text], _} when Text =/= none -> Text;
        {[], [Text]} -> Text;
        _ -> none
    end.

text(Expression) ->
    try erl_parse:normalise(Expression) of
        Term -> lists:flatten(io_lib:format("~0tp", [Term]))
    catch
        error:_ -> none
    end.
