%% @doc Shapes with their definitions filled in: what a value of a shape is made of in one version of a module.
-module(relup_check_layout).

-export([layout/2, fits/2, definitions/2, text/2]).
-export_type([layout/0]).

-type layout() ::
    {record, atom(), [atom()], [layout()]} | {map, [atom()]} | {tuple, [[layout()]]} | atom() | unknown.

%% @doc A record is its fields in order, with the records that they hold.
-spec layout(relup_check_shape:shape(), relup_check_forms:index()) -> layout().
layout(Shape, Index) ->
    layout(Shape, Index, []).

layout({record, Name}, Index, Within) ->
    Inner = [Other || Other <- relup_check_forms:record_names(Name, Index), not lists:member(Other, [Name | Within])],
    case relup_check_forms:record(Name, Index) of
        undefined -> unknown;
        Fields -> {record, Name, Fields, [layout({record, Other}, Index, [Name | Within]) || Other <- Inner]}
    end;
layout({tuple, Elements}, Index, Within) ->
    {tuple, [[layout(Shape, Index, Within) || Shape <- Shapes] || Shapes <- Elements]};
layout({map, Keys}, _, _) ->
    {map, Keys};
layout({atom, _}, _, _) ->
    atom;
layout(Plain, _, _) ->
    Plain.

%% @doc Whether code that knows the second layouts can go on with a value of the first ones.
-spec fits([layout()], [layout()]) -> boolean().
fits(Incoming, Expected) ->
    Expected =:= [] orelse
        lists:all(fun(One) -> lists:any(fun(Other) -> fit(One, Other) end, Expected) end, Incoming).

fit(unknown, _) -> true;
fit(_, unknown) -> true;
fit({record, Name, Fields, Inner}, {record, Name, Fields, Others}) -> fit_inner(Inner, Others);
%% keys that the other code does not know do not disturb it
fit({map, Keys}, {map, Needed}) -> Needed -- Keys =:= [];
fit({tuple, As}, {tuple, Bs}) when length(As) =:= length(Bs) ->
    lists:all(fun({A, B}) -> fits(A, B) end, lists:zip(As, Bs));
fit(Same, Same) -> true;
fit(_, _) -> false.

%% Records that both hold; a field may well hold others by now.
fit_inner(Inner, Others) ->
    lists:all(
        fun({record, Name, _, _} = Record) ->
            case lists:keyfind(Name, 2, [Other || Other <- Others, is_tuple(Other)]) of
                false -> true;
                Other -> fit(Record, Other)
            end;
            (_) -> true
        end,
        Inner
    ).

%% @doc The source of what a shape is made of: `{Id, Text}'.
-spec definitions(relup_check_shape:shape(), relup_check_forms:index()) -> [{term(), binary()}].
definitions({record, Name}, Index) ->
    Names = lists:usort(with_inner([Name], [], Index)),
    [{{record, One}, text({record, One}, Index)} || One <- Names, text({record, One}, Index) =/= none];
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

%% @doc The text of a record's definition; none for anything else.
-spec text(term(), relup_check_forms:index()) -> binary() | none.
text({record, _} = Id, #{forms := Forms}) ->
    case Forms of
        #{Id := {attribute, Anno, record, {Name, Fields}}} ->
            Form = {attribute, Anno, record, {Name, [untyped(Field) || Field <- Fields]}},
            relup_json:text(on_one_line(erl_pp:attribute(Form)));
        #{} ->
            none
    end;
text(_, _) ->
    none.

on_one_line(Text) ->
    re:replace(string:trim(Text), "\\s*\\n\\s*", " ", [global, unicode, {return, list}]).

untyped({typed_record_field, Field, _Type}) -> Field;
untyped(Field) -> Field.

plain({map, Keys}) -> ["#{", lists:join(", ", [[atom_text(Key), " => _"] || Key <- Keys]), "}"];
plain({tuple, Elements}) -> ["{", lists:join(", ", [lists:join(" | ", [plain(Shape) || Shape <- Shapes]) || Shapes <- Elements]), "}"];
plain({record, Name}) -> ["#", atom_text(Name), "{}"];
plain({atom, Name}) -> atom_text(Name);
plain(list) -> "a list";
plain(number) -> "a number";
plain(binary) -> "a binary";
plain(_) -> "_".

atom_text(Atom) -> io_lib:format("~tp", [Atom]).
