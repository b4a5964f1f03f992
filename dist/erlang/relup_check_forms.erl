%% @doc A module's forms by what they define, with the file and line of each definition.
-module(relup_check_forms).

-export([index/1, function/3, record/2, fields/2, record_names/2, place/2]).
-export_type([index/0]).

-type index() :: #{
    functions := #{{atom(), arity()} => [erl_parse:abstract_clause()]},
    records := #{atom() => [tuple()]},
    forms := #{term() => tuple()},
    types := #{atom() => tuple()},
    places := #{term() => {string(), pos_integer()}},
    %% records that functions put into fields of others
    held := #{atom() => [atom()]},
    fields := relup_check_fields:fields(),
    needs := relup_check_needs:keys()
}.

-spec index([erl_parse:abstract_form()]) -> index().
index(Forms) ->
    Empty = #{
        functions => #{}, records => #{}, types => #{}, forms => #{}, places => #{}, held => #{}, fields => #{},
        needs => #{exact => [], tolerant => []}
    },
    {_File, #{functions := Functions, records := Records} = Index} = lists:foldl(fun form/2, {"", Empty}, Forms),
    Index#{
        held => relup_check_held:fields(maps:values(Functions), relup_check_shape:maker(Index)),
        fields => relup_check_fields:collect(maps:values(Functions), Records),
        needs => relup_check_needs:keys(Functions)
    }.

form({attribute, _, file, {File, _}}, {_, Index}) ->
    {File, Index};
form({attribute, Anno, record, {Name, Fields}} = Form, {File, Index}) ->
    {File, add(records, Name, Fields, {record, Name}, Form, {File, erl_anno:line(Anno)}, Index)};
form({attribute, Anno, Kind, {Name, Type, []}} = Form, {File, Index}) when Kind =:= type; Kind =:= opaque ->
    {File, add(types, Name, Type, {type, Name}, Form, {File, erl_anno:line(Anno)}, Index)};
form({function, Anno, Name, Arity, Clauses} = Form, {File, Index}) ->
    Key = {Name, Arity},
    {File, add(functions, Key, Clauses, {function, Key}, Form, {File, erl_anno:line(Anno)}, Index)};
form(_, State) ->
    State.

add(Kind, Key, Value, Id, Form, Place, #{forms := Forms, places := Places} = Index) ->
    Members = maps:get(Kind, Index),
    Index#{Kind := Members#{Key => Value}, forms := Forms#{Id => Form}, places := Places#{Id => Place}}.

-spec function(atom(), arity(), index()) -> [erl_parse:abstract_clause()].
function(Name, Arity, #{functions := Functions}) ->
    maps:get({Name, Arity}, Functions, []).

%% @doc The names of a record's fields, in order; undefined for one that the module does not know.
-spec record(atom(), index()) -> [atom()] | undefined.
record(Name, #{records := Records}) ->
    case Records of
        #{Name := Fields} -> [field(Field) || Field <- Fields];
        #{} -> undefined
    end.

%% @doc The same; none for a record that the module does not know.
-spec fields(atom(), index()) -> [atom()].
fields(Name, Index) ->
    case record(Name, Index) of
        undefined -> [];
        Fields -> Fields
    end.

field({typed_record_field, Field, _Type}) -> field(Field);
field({record_field, _, {atom, _, Name}}) -> Name;
field({record_field, _, {atom, _, Name}, _Default}) -> Name.

%% @doc The records that a record's fields hold: by default, by type, or as functions of the module have them there.
-spec record_names(atom(), index()) -> [atom()].
record_names(Name, #{records := Records, held := Held}) ->
    lists:usort([One || One <- named(maps:get(Name, Records, [])) ++ maps:get(Name, Held, []), One =/= Name]).

named({record, _, Name, _Fields}) when is_atom(Name) -> [Name];
named({type, _, record, [{atom, _, Name} | _]}) -> [Name];
named(Tuple) when is_tuple(Tuple) -> named(tuple_to_list(Tuple));
named([Head | Tail]) -> named(Head) ++ named(Tail);
named(_) -> [].

%% @doc Where a definition stands.
-spec place({record | type, atom()} | {function, {atom(), arity()}}, index()) -> map() | null.
place(Id, #{places := Places}) ->
    case Places of
        #{Id := {File, Line}} -> #{file => relup_json:text(File), line => Line};
        #{} -> null
    end.
