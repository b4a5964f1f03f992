%% @doc Clauses of code_change that convert a state whose record, or map of known keys, changed: a start for whoever writes them.
%% They compile in the new version of the module, and take new fields as their defaults.
-module(relup_check_paste).

-export([clauses/3]).

-type side() :: {[relup_check_shape:shape()], relup_check_forms:index()}.

%% @doc As text, or null where the state is nothing that is converted field by field.
-spec clauses(atom(), side(), side()) -> binary() | null.
clauses(Kind, {[{record, Name}], OldIndex}, {[{record, Name}], NewIndex}) ->
    case {relup_check_forms:record(Name, OldIndex), relup_check_forms:record(Name, NewIndex)} of
        {[_ | _] = Old, [_ | _] = New} when Old =/= New -> record(Kind, Name, Old, New);
        _ -> null
    end;
clauses(Kind, {[{map, Old}], _}, {[{map, New}], _}) when Old =/= New ->
    map(Kind, Old, New);
clauses(_, _, _) ->
    null.

record(Kind, Name, Old, New) ->
    Both = [Field || Field <- New, lists:member(Field, Old)],
    Down = clause(Kind, "{down, _Vsn}", tuple(Name, New, Both), tuple(Name, Old, Both, "undefined")),
    Fields = [io_lib:format("~tw = ~ts", [Field, variable(Field)]) || Field <- Both],
    Up = clause(Kind, "_Vsn", tuple(Name, Old, Both), io_lib:format("#~tw{~ts}", [Name, lists:join(", ", Fields)])),
    relup_json:text([Down, ";\n", Up]).

%% A pattern: fields that the other side does not have are not looked at.
tuple(Name, Fields, Both) ->
    tuple(Name, Fields, Both, "_").

tuple(Name, Fields, Both, Other) ->
    Values = [case lists:member(Field, Both) of true -> variable(Field); false -> Other end || Field <- Fields],
    io_lib:format("{~ts}", [lists:join(", ", [io_lib:format("~tw", [Name]) | Values])]).

map(Kind, Old, New) ->
    Down = clause(Kind, "{down, _Vsn}", "State", changed(New -- Old, Old -- New)),
    Up = clause(Kind, "_Vsn", "State", changed(Old -- New, New -- Old)),
    relup_json:text([Down, ";\n", Up]).

changed(Gone, Added) ->
    Kept =
        case Gone of
            [] -> "State";
            _ -> io_lib:format("(maps:without(~0tp, State))", [Gone])
        end,
    Pairs = [io_lib:format("~tw => undefined", [Key]) || Key <- Added],
    case Pairs of
        [] -> Kept;
        _ -> [Kept, "#{", lists:join(", ", Pairs), "}"]
    end.

clause(Kind, Vsn, Pattern, Value) when Kind =:= gen_statem; Kind =:= gen_fsm ->
    io_lib:format("code_change(~ts, StateName, ~ts, _Extra) ->\n    {ok, StateName, ~ts}", [Vsn, Pattern, Value]);
clause(special, Vsn, Pattern, Value) ->
    io_lib:format("system_code_change(~ts, _Module, ~ts, _Extra) ->\n    {ok, ~ts}", [Pattern, Vsn, Value]);
clause(_, Vsn, Pattern, Value) ->
    io_lib:format("code_change(~ts, ~ts, _Extra) ->\n    {ok, ~ts}", [Vsn, Pattern, Value]).

%% A field's name with a capital; one that is no plain name keeps its characters that are.
variable(Field) ->
    Plain = [Char || Char <- atom_to_list(Field), is_plain(Char)],
    ["F" || Plain =:= [] orelse not is_letter(hd(Plain))] ++ capital(Plain).

is_plain(Char) -> is_letter(Char) orelse (Char >= $0 andalso Char =< $9) orelse Char =:= $_.

is_letter(Char) -> (Char >= $a andalso Char =< $z) orelse (Char >= $A andalso Char =< $Z).

capital([First | Rest]) -> string:uppercase([First]) ++ Rest;
capital([]) -> [].
