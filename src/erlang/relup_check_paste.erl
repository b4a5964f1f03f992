%% @doc Clauses of code_change that convert a state whose record, or map of known keys, changed, or one that lies in it: a start for
%% whoever writes them. They compile in the new version of the module; what is new gets the value that a new state has there, as
%% far as that is a literal.
-module(relup_check_paste).

-export([clauses/3, records/2]).

-type side() :: {[relup_check_shape:shape()], relup_check_forms:index()}.

%% @doc As text, or null where the state is nothing that is converted field by field.
-spec clauses(atom(), side(), side()) -> binary() | null.
clauses(Kind, {[Old], OldIndex}, {[New], NewIndex}) ->
    Up = converted({Old, OldIndex}, {New, NewIndex}, up),
    Down = converted({New, NewIndex}, {Old, OldIndex}, down),
    case {Up, Down} of
        {{UpPattern, UpValue}, {DownPattern, DownValue}} ->
            relup_json:text([clause(Kind, "{down, _Vsn}", DownPattern, DownValue), ";\n", clause(Kind, "_Vsn", UpPattern, UpValue)]);
        _ ->
            null
    end;
clauses(_, _, _) ->
    null.

%% A pattern and the value made of it; none where something that differs lies where it cannot be reached by fields and keys.
converted({From, FromIndex} = Old, {To, ToIndex} = New, Direction) ->
    Differing = lists:usort(differing(Old, New) ++ differing(New, Old)),
    case {From, To} of
        {{record, Name}, {record, Name}} ->
            {Pattern, Value, Done} = record(Name, "", {Direction, FromIndex, ToIndex, []}),
            Differing -- Done =:= [] andalso not lists:member(several, Done) andalso {Pattern, Value};
        {{map, Keys}, {map, Others}} ->
            {Value, Done} = map(Keys, Others, "State", {Direction, FromIndex, ToIndex, []}),
            Differing -- Done =:= [] andalso not lists:member(several, Done) andalso {"State", Value};
        _ ->
            none
    end.

%% @doc What stands in the state for each record that differs, in the order in which code_change meets and leaves it, both ways.
-spec records(side(), side()) -> [map()].
records({OldShapes, OldIndex}, {NewShapes, NewIndex}) ->
    Names = [differing({Old, OldIndex}, {New, NewIndex}) || Old <- OldShapes, New <- NewShapes],
    [
        maps:map(fun(_, Text) -> relup_json:text(Text) end, #{old => Old, becomes => New, new => Pattern, back => Back})
     || Name <- lists:usort(lists:append(Names)),
        {Old, New, _} <- [record(Name, "", {up, OldIndex, NewIndex, []})],
        {Pattern, Back, _} <- [record(Name, "", {down, NewIndex, OldIndex, []})]
    ].

%% Records of the state whose fields are others in the other version.
differing({Shape, Index}, {_, Other}) ->
    [
        Name
     || {{record, Name}, _} <- relup_check_layout:definitions(Shape, Index),
        relup_check_forms:record(Name, Other) =/= undefined,
        relup_check_forms:record(Name, Index) =/= relup_check_forms:record(Name, Other)
    ].

%% The other version's record is a tuple; the module's own is written as a record, so that what is new has its default.
record(Name, Prefix, {Direction, FromIndex, ToIndex, Within}) ->
    Way = {Direction, FromIndex, ToIndex, [Name | Within]},
    [From, To] = [relup_check_forms:fields(Name, Index) || Index <- [FromIndex, ToIndex]],
    Both = [Field || Field <- To, lists:member(Field, From)],
    Pattern = tuple(Name, [case lists:member(Field, Both) of true -> variable(Prefix, Field); false -> "_" end || Field <- From]),
    Values = [{Field, field(Name, Field, variable(Prefix, Field), Way)} || Field <- Both],
    New = [{Field, {Text, []}} || Field <- To -- Both, Text <- [literal({field, Name, Field}, ToIndex)], Text =/= none],
    Texts = [{Field, Text} || {Field, {Text, _}} <- Values ++ New],
    Value =
        case Direction of
            up -> io_lib:format("#~tw{~ts}", [Name, lists:join(", ", [io_lib:format("~tw = ~ts", [F, T]) || {F, T} <- Texts])]);
            down -> tuple(Name, [proplists:get_value(Field, Texts, "undefined") || Field <- To])
        end,
    {Pattern, Value, [Name | lists:append([Done || {_, {_, Done}} <- Values])]}.

tuple(Name, Values) ->
    io_lib:format("{~ts}", [lists:join(", ", [io_lib:format("~tw", [Name]) | Values])]).

field(Record, Field, Variable, {_, FromIndex, ToIndex, _} = Way) ->
    [From, To] = [relup_check_shape:of_field(Record, Field, Index) || Index <- [FromIndex, ToIndex]],
    inner(From, To, Variable, Way).

%% What lies in a field or under a key, where it is one record or one map with known keys in both versions.
inner(From, To, Variable, Way) ->
    case {made(From), made(To)} of
        {[{record, Name}], [{record, Name}]} ->
            case lists:member(Name, element(4, Way)) of
                true -> {Variable, []};
                false -> inner_record(Name, Variable, Way)
            end;
        {[{map, Keys}], [{map, Others}]} -> inner_map(Keys, Others, Variable, length(From) > 1, Way);
        {Known, Others} when Known =:= []; Others =:= []; Known =:= Others -> {Variable, []};
        _ -> {Variable, [several]}
    end.

made(Shapes) ->
    [Shape || Shape <- Shapes, is_tuple(Shape), lists:member(element(1, Shape), [record, map])].

inner_record(Name, Variable, {_, FromIndex, ToIndex, Within} = Way) ->
    {Pattern, Value, Done} = record(Name, prefix(Variable), Way),
    IsSame = relup_check_forms:record(Name, FromIndex) =:= relup_check_forms:record(Name, ToIndex),
    %% written as tuples on both sides, the same record is the same text
    {_, AsTuple, _} = record(Name, prefix(Variable), {down, FromIndex, ToIndex, Within}),
    case IsSame andalso lists:flatten(AsTuple) =:= lists:flatten(Pattern) of
        true -> {Variable, []};
        false -> {io_lib:format("case ~ts of ~ts -> ~ts; _ -> ~ts end", [Variable, Pattern, Value, Variable]), Done}
    end.

inner_map(Keys, Others, Variable, IsSometimes, Way) ->
    case map(Keys, Others, Variable, Way) of
        {Variable, Done} -> {Variable, Done};
        {Value, Done} when IsSometimes -> {io_lib:format("case ~ts of #{} -> ~ts; _ -> ~ts end", [Variable, Value, Variable]), Done};
        Converted -> Converted
    end.

map(From, To, Map, Way) ->
    Gone = lists:sort(maps:keys(From) -- maps:keys(To)),
    Kept =
        case Gone of
            [] -> Map;
            _ -> lists:flatten(io_lib:format("maps:without(~0tp, ~ts)", [Gone, Map]))
        end,
    Values = [{Key, value(Key, From, To, Map, Way)} || Key <- lists:sort(maps:keys(To))],
    Pairs = [io_lib:format("~tw => ~ts", [Key, Text]) || {Key, {Text, _}} <- Values, Text =/= same],
    Done = lists:append([Names || {_, {_, Names}} <- Values]),
    case Pairs of
        [] -> {Kept, Done};
        _ -> {[in_parentheses(Kept), "#{", lists:join(", ", Pairs), "}"], Done}
    end.

%% An update wants a variable, or something in parentheses, before it.
in_parentheses(Text) ->
    case lists:member($(, Text) of
        true -> ["(", Text, ")"];
        false -> Text
    end.

value(Key, From, To, Map, Way) when is_map_key(Key, From) ->
    Variable = lists:flatten(io_lib:format("maps:get(~tw, ~ts)", [Key, Map])),
    case inner(maps:get(Key, From), maps:get(Key, To), Variable, Way) of
        {Variable, Done} -> {same, Done};
        Converted -> Converted
    end;
value(Key, _, To, _, {_, _, ToIndex, _}) ->
    case literal({key, lists:sort(maps:keys(To)), Key}, ToIndex) of
        none -> {"undefined", []};
        Text -> {Text, []}
    end.

literal(Place, #{fields := Fields}) ->
    relup_check_fields:literal(Place, Fields).

clause(Kind, Vsn, Pattern, Value) when Kind =:= gen_statem; Kind =:= gen_fsm ->
    io_lib:format("code_change(~ts, StateName, ~ts, _Extra) ->\n    {ok, StateName, ~ts}", [Vsn, Pattern, Value]);
clause(special, Vsn, Pattern, Value) ->
    io_lib:format("system_code_change(~ts, _Module, ~ts, _Extra) ->\n    {ok, ~ts}", [Pattern, Vsn, Value]);
clause(_, Vsn, Pattern, Value) ->
    io_lib:format("code_change(~ts, ~ts, _Extra) ->\n    {ok, ~ts}", [Vsn, Pattern, Value]).

%% A field's name with a capital; one that is no plain name keeps its characters that are.
variable(Prefix, Field) ->
    Plain = [Char || Char <- atom_to_list(Field), is_plain(Char)],
    lists:flatten([Prefix, ["F" || Plain =:= [] orelse not is_letter(hd(Plain))], capital(Plain)]).

%% Of variables for what lies within: they must not be those of what it lies in.
prefix(Variable) ->
    Words = string:lexemes(lists:flatten(Variable), "(), :") -- ["maps", "get"],
    lists:flatten(["In" | [capital([Char || Char <- Word, is_plain(Char)]) || Word <- Words]]).

is_plain(Char) -> is_letter(Char) orelse (Char >= $0 andalso Char =< $9) orelse Char =:= $_.

is_letter(Char) -> (Char >= $a andalso Char =< $z) orelse (Char >= $A andalso Char =< $Z).

capital([First | Rest]) -> string:uppercase([First]) ++ Rest;
capital([]) -> [].
