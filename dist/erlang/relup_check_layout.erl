%% @doc Shapes with their definitions filled in: what a value of a shape is made of in one version of a module.
-module(relup_check_layout).

-export([layout/2, shallow/1, fits/2, definitions/2, text/2]).
-export_type([layout/0]).

-type layout() ::
    %% with what lies in it: records that it holds anywhere, maps by their field, and of what kind fields are at first
    {record, atom(), [atom()], [layout() | {field, atom(), [layout()]} | {first, atom(), relup_check_fields:kind()}]}
    %% with the keys that code cannot do without, and what lies under each
    | {map, [atom()], [atom()], #{atom() => [layout()]}}
    | {tuple, [[layout()]]}
    | atom()
    | unknown.

%% @doc A record is its fields in order, with the records that they hold.
-spec layout(relup_check_shape:shape(), relup_check_forms:index()) -> layout().
layout(Shape, Index) ->
    layout(Shape, Index, []).

%% Keys of a state itself are needed, unless all code that names them gets on without; keys further in, where code does not.

layout({record, Name}, Index, Within) ->
    case lists:member(Name, Within) of
        %% a tree of the same
        true -> unknown;
        false -> record(Name, Index, Within)
    end;
layout({tuple, Elements}, Index, Within) ->
    {tuple, [[layout(Shape, Index, Within) || Shape <- Shapes] || Shapes <- Elements]};
layout({map, Values}, #{needs := #{exact := Exact, tolerant := Tolerant}} = Index, Within) ->
    Keys = lists:sort(maps:keys(Values)),
    Needed =
        case Within of
            [] -> [Key || Key <- Keys, lists:member(Key, Exact) orelse not lists:member(Key, Tolerant)];
            _ -> [Key || Key <- Keys, lists:member(Key, Exact), not lists:member(Key, Tolerant)]
        end,
    {map, Keys, Needed, maps:map(fun(_, Shapes) -> [layout(Shape, Index, [map | Within]) || Shape <- Shapes] end, Values)};
%% within what is made of it, what came in may be anything
layout(argument, _, _) ->
    unknown;
layout({atom, _}, _, _) ->
    atom;
layout(Plain, _, _) ->
    Plain.

record(Name, Index, Within) ->
    Inner = [Other || Other <- relup_check_forms:record_names(Name, Index), not lists:member(Other, [Name | Within])],
    case relup_check_forms:record(Name, Index) of
        undefined -> unknown;
        Fields ->
            Maps = [
                {field, Field, [layout(Shape, Index, [Name | Within]) || Shape <- Shapes]}
             || Field <- Fields,
                Shapes <- [relup_check_shape:of_field(Name, Field, Index)],
                lists:keymember(map, 1, [Shape || Shape <- Shapes, is_tuple(Shape)])
            ],
            Firsts = [{first, Field, Kind} || {Field, Kind} <- relup_check_fields:first_kinds(Name, Index)],
            {record, Name, Fields, [layout({record, Other}, Index, [Name | Within]) || Other <- Inner] ++ Maps ++ Firsts}
    end.

%% @doc Without what lies in it: how a value is changed within is not followed.
-spec shallow(layout()) -> layout().
shallow({record, Name, Fields, _}) -> {record, Name, Fields, []};
shallow({map, Keys, Needed, _}) -> {map, Keys, Needed, #{}};
shallow({tuple, Elements}) -> {tuple, [[shallow(One) || One <- Layouts] || Layouts <- Elements]};
shallow(Plain) -> Plain.

%% @doc Whether code that knows the second layouts can go on with a value of the first ones.
-spec fits([layout()], [layout()]) -> boolean().
fits(Incoming, Expected) ->
    Expected =:= [] orelse
        lists:all(fun(One) -> lists:any(fun(Other) -> fit(One, Other) end, Expected) end, Incoming).

fit(unknown, _) -> true;
fit(_, unknown) -> true;
fit({record, Name, Fields, Inner}, {record, Name, Fields, Others}) -> fit_inner(Inner, Others);
%% keys that the other code does not know do not disturb it
fit({map, Keys, _, Values}, {map, _, Needed, Others}) ->
    Needed -- Keys =:= [] andalso
        lists:all(fun(Key) -> fit_values(maps:get(Key, Values), maps:get(Key, Others)) end, maps:keys(maps:with(maps:keys(Values), Others)));
%% a record of the other version, as a tuple
fit({tuple, [Tags | _] = Elements}, {record, _, Fields, _}) -> lists:member(atom, Tags) andalso length(Elements) =:= length(Fields) + 1;
fit({record, _, Fields, _}, {tuple, [Tags | _] = Elements}) -> lists:member(atom, Tags) andalso length(Elements) =:= length(Fields) + 1;
fit({tuple, As}, {tuple, Bs}) when length(As) =:= length(Bs) ->
    lists:all(fun({A, B}) -> fits(A, B) end, lists:zip(As, Bs));
fit(Same, Same) -> true;
fit(_, _) -> false.

%% Records that both hold; a field may well hold others by now.
fit_inner(Inner, Others) ->
    lists:all(
        fun({record, Name, _, _} = Record) ->
            case lists:keyfind(Name, 2, [Other || Other <- Others, element(1, Other) =:= record]) of
                false -> true;
                Other -> fit(Record, Other)
            end;
            ({field, Field, Values}) ->
                lists:all(fun(Expected) -> fit_values(Values, Expected) end, [Other || {field, One, Other} <- Others, One =:= Field]);
            ({first, Field, Kind}) ->
                lists:all(fun(Other) -> fit_kinds(Kind, Other) end, [Other || {first, One, Other} <- Others, One =:= Field]);
            (_) -> true
        end,
        Inner
    ).

%% Text may well be taken in both forms.
fit_kinds(Kind, Kind) -> true;
fit_kinds(One, Other) -> lists:sort([One, Other]) =:= [binary, list].

%% What lies within may be something else at another time: its kind is compared where it is one only, and maps and records where both
%% have them.
fit_values(Values, Expected) ->
    Kinds = [Kind || Layouts <- [Values, Expected], [Kind] <- [lists:usort([kind(One) || One <- Layouts])], Kind =/= unknown],
    (length(Kinds) < 2 orelse fit_kinds(hd(Kinds), lists:last(Kinds))) andalso fit_made(Values, Expected).

kind({map, _, _, _}) -> map;
kind(empty_map) -> map;
kind(Kind) when Kind =:= list; Kind =:= number; Kind =:= binary -> Kind;
kind(_) -> unknown.

fit_made(Values, Expected) ->
    [Known, Others] = [[One || One <- Layouts, is_made(One)] || Layouts <- [Values, Expected]],
    Others =:= [] orelse fits(Known, Others).

is_made({map, _, _, _}) -> true;
is_made({record, _, _, _}) -> true;
is_made(_) -> false.

%% @doc The source of what a shape is made of: `{Id, Text}'.
-spec definitions(relup_check_shape:shape(), relup_check_forms:index()) -> [{term(), binary()}].
definitions({record, Name}, Index) ->
    Names = lists:usort(with_inner([Name], [], Index)),
    Ids = [
        Id
     || One <- Names,
        Id <- [{record, One} | [{What, One, Field} || What <- [field, first], Field <- relup_check_forms:fields(One, Index)]]
    ],
    [{Id, text(Id, Index)} || Id <- Ids, text(Id, Index) =/= none];
definitions(Shape, Index) ->
    [{Shape, relup_json:text(plain(Shape))} | nested(Shape, Index)].

with_inner([], Known, _) ->
    Known;
with_inner([Name | Names], Known, Index) ->
    case lists:member(Name, Known) of
        true -> with_inner(Names, Known, Index);
        false -> with_inner(relup_check_forms:record_names(Name, Index) ++ Names, [Name | Known], Index)
    end.

nested({tuple, Elements}, Index) ->
    lists:append([definitions(Shape, Index) || Shapes <- Elements, {record, _} = Shape <- Shapes]);
nested(_, _) ->
    [].

%% @doc The text of a record's definition, of a map in a field, or of what a field is at first; none for anything else.
-spec text(term(), relup_check_forms:index()) -> binary() | none.
text({record, _} = Id, #{forms := Forms}) ->
    case Forms of
        #{Id := {attribute, Anno, record, {Name, Fields}}} ->
            Form = {attribute, Anno, record, {Name, [untyped(Field) || Field <- Fields]}},
            relup_json:text(on_one_line(erl_pp:attribute(Form)));
        #{} ->
            none
    end;
text({field, Name, Field}, Index) ->
    case [Shape || {map, _} = Shape <- relup_check_shape:of_field(Name, Field, Index)] of
        [] -> none;
        Maps -> field_text(Name, Field, lists:join(" | ", [plain(Map) || Map <- Maps]))
    end;
text({first, Name, Field}, Index) ->
    case [Kind || {One, Kind} <- relup_check_fields:first_kinds(Name, Index), One =:= Field] of
        [] -> none;
        [map] -> text_of_map({field, Name, Field}, Index);
        [Kind] -> field_text(Name, Field, kind_text(Kind))
    end;
text(_, _) ->
    none.

%% With its keys, where they are known.
text_of_map({field, Name, Field} = Id, Index) ->
    case text(Id, Index) of
        none -> field_text(Name, Field, "a map");
        Text -> Text
    end.

field_text(Name, Field, Value) ->
    relup_json:text(io_lib:format("#~tw{~tw = ~ts}", [Name, Field, Value])).

kind_text(sets) -> "a set";
kind_text(array) -> "an array";
kind_text(Kind) -> ["a ", string:trim(atom_to_list(Kind), trailing, "s")].

on_one_line(Text) ->
    re:replace(string:trim(Text), "\\s*\\n\\s*", " ", [global, unicode, {return, list}]).

untyped({typed_record_field, Field, _Type}) -> Field;
untyped(Field) -> Field.

plain({map, Values}) ->
    Pairs = [[atom_text(Key), " => ", plain_value(Shapes)] || {Key, Shapes} <- lists:sort(maps:to_list(Values))],
    ["#{", lists:join(", ", Pairs), "}"];
plain({tuple, Elements}) -> ["{", lists:join(", ", [lists:join(" | ", [plain(Shape) || Shape <- Shapes]) || Shapes <- Elements]), "}"];
plain({record, Name}) -> ["#", atom_text(Name), "{}"];
plain({atom, Name}) -> atom_text(Name);
plain(list) -> "a list";
plain(number) -> "a number";
plain(binary) -> "a binary";
plain(_) -> "_".

plain_value([{map, _} = Map]) -> plain(Map);
plain_value([empty_map]) -> "#{}";
plain_value([Kind]) when Kind =:= list; Kind =:= number; Kind =:= binary -> plain(Kind);
plain_value(_) -> "_".

atom_text(Atom) -> io_lib:format("~tp", [Atom]).
