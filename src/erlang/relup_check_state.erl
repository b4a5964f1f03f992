%% @doc Compares the state of a process between two versions of its module (H26).
%%
%% The state is what init/1 returns; where that cannot be seen or is only a placeholder for what handle_continue/2 or a first
%% message makes, the record that the callbacks' heads and returns name; then the type state(), or the record `state'. Only what the source says is judged: a state that is built from data, or that belongs
%% to another module, has an unknown shape, and then nothing is claimed.
-module(relup_check_state).

-export([compare/2, state_functions/1]).

%% @doc What is known of the state on both sides; null for a module that no process runs, or that is on one side only.
-spec compare(relup_check_beam:beam() | null, relup_check_beam:beam() | null) -> map() | null.
compare(null, _) ->
    null;
compare(_, null) ->
    null;
compare(Old, New) ->
    Kind = relup_check_beam:kind(New),
    case lists:member(Kind, [gen_server, gen_statem, gen_fsm, gen_event, special, custom, kept]) of
        true -> compare_forms(Kind, relup_check_beam:forms(Old), relup_check_beam:forms(New));
        false -> null
    end.

compare_forms(Kind, {ok, OldForms}, {ok, NewForms}) ->
    [Old, New] = [relup_check_forms:index(Forms) || Forms <- [OldForms, NewForms]],
    {OldShapes, _} = state(Kind, Old),
    {NewShapes, NewId} = state(Kind, New),
    Down = direction(down, Kind, {NewShapes, New}, {OldShapes, Old}, New),
    #{
        kind => Kind,
        up => direction(up, Kind, {OldShapes, Old}, {NewShapes, New}, New),
        down => back(Down, Kind, NewShapes, {Old, New}),
        old => texts(OldShapes, Old, New),
        new => texts(NewShapes, New, Old),
        paste => relup_check_paste:clauses(Kind, {OldShapes, Old}, {NewShapes, New}),
        records => relup_check_paste:records({OldShapes, Old}, {NewShapes, New}),
        place => relup_check_forms:place(NewId, New),
        codeChange => relup_check_forms:place({function, relup_check_conversion:function(Kind)}, New),
        codeChangeDiffers => relup_check_conversion:text(Kind, Old) =/= relup_check_conversion:text(Kind, New)
    };
compare_forms(_Kind, Old, New) ->
    #{unseen => [Side || {Side, unknown} <- [{old, Old}, {new, New}]]}.

%% Whether processes with a state of the one version find a state that the other does not know, and what code_change of the
%% new version does with it.
direction(Direction, Kind, {From, FromIndex}, {To, ToIndex}, New) ->
    Incoming = [relup_check_layout:layout(Shape, FromIndex) || Shape <- From],
    Expected = [relup_check_layout:layout(Shape, ToIndex) || Shape <- To],
    #{
        changed => not relup_check_layout:fits(Incoming, Expected),
        conversion => relup_check_conversion:judge(Direction, Kind, {Incoming, Expected}, New)
    }.

%% What converts records somewhere in the state to their newer form, whichever way it is called, does not lead back.
back(#{conversion := converts} = Down, Kind, Shapes, {Old, New}) ->
    {Name, Arity} = relup_check_conversion:function(Kind),
    {Version, _} = relup_check_conversion:positions(Kind),
    Definitions = lists:append([relup_check_layout:definitions(Shape, New) || Shape <- Shapes, Shape =/= unknown]),
    Records = [
        {Record, length(Before) + 1}
     || {{record, Record}, _} <- lists:usort(Definitions),
        Before <- [relup_check_forms:record(Record, Old)],
        Before =/= undefined,
        Before =/= relup_check_forms:record(Record, New)
    ],
    case relup_check_one_way:is_one_way({Name, Arity, Version}, Records, New) of
        true -> Down#{conversion => wrong};
        false -> Down
    end;
back(Down, _, _, _) ->
    Down.

%% The definitions that differ, or else all.
texts(Shapes, Index, Other) ->
    Own = [relup_check_layout:definitions(Shape, Index) || Shape <- Shapes, Shape =/= unknown],
    All = lists:usort(lists:append(Own)),
    IsFirst = fun(Id) -> is_tuple(Id) andalso element(1, Id) =:= first end,
    Differs = fun(Id, Text) ->
        There = relup_check_layout:text(Id, Other),
        There =/= Text andalso not (IsFirst(Id) andalso There =:= none)
    end,
    case [Text || {Id, Text} <- All, Differs(Id, Text)] of
        [] -> [Text || {Id, Text} <- All, not IsFirst(Id)];
        Differing -> lists:uniq(Differing)
    end.

%% The state's shapes, and the definition that stands for it.
state(Kind, Index) ->
    Sources = [
        fun() -> {begun(Kind, Index), {function, {init, 1}}} end,
        fun() -> {from_callbacks(Kind, Index), {function, {init, 1}}} end,
        fun() -> {from_type(Index), {type, state}} end,
        fun() -> {[{record, state} || relup_check_forms:record(state, Index) =/= undefined], {record, state}} end
    ],
    first_known(Sources).

first_known([Source | Sources]) ->
    {Shapes, Id} = Source(),
    case lists:delete(unknown, Shapes) of
        [] when Sources =/= [] -> first_known(Sources);
        Known -> {Known, definition(Known, Id)}
    end.

definition([{record, Name} | _], _) -> {record, Name};
definition(_, Id) -> Id.

%% An atom or a list, such as `undefined', is no state where the callbacks work with a record.
begun(Kind, Index) ->
    Shapes = from_init(Kind, Index),
    IsPlaceholder = fun({atom, _}) -> true; (Shape) -> Shape =:= list end,
    case lists:all(IsPlaceholder, Shapes) andalso from_callbacks(Kind, Index) of
        [_ | _] = Records -> Records;
        _ -> Shapes
    end.

%% The element of `{ok, State}', `{ok, StateName, Data}'. A process of its own kind returns nothing from init.
from_init(special, _Index) ->
    [];
%% What a behaviour that is not OTP's makes of anything else is its own matter, such as the children of a supervisor.
from_init(Kind, Index) when Kind =:= custom; Kind =:= kept ->
    Shapes = lists:append([from_init(Kind, Arity, Index) || Arity <- [0, 1, 2]]),
    [Shape || {Type, _} = Shape <- Shapes, Type =:= record orelse Type =:= map];
from_init(Kind, Index) ->
    from_init(Kind, 1, Index).

from_init(Kind, Arity, Index) ->
    element_of(Kind, [ok], relup_check_shape:returns({init, Arity}, lists:duplicate(Arity, [unknown]), Index)).

element_of(Kind, Tags, Returned) ->
    Position = case Kind of gen_statem -> 3; gen_fsm -> 3; _ -> 2 end,
    lists:usort(lists:append([
        lists:nth(Position, Elements)
     || {tuple, [[{atom, Tag}] | _] = Elements} <- Returned, lists:member(Tag, Tags), length(Elements) >= Position
    ])).

%% Records only: other values in a callback's return may be anything on the way. A process of its own kind often hands the arguments of
%% its loop on as a tuple.
from_callbacks(special, Index) ->
    Tuples = [
        [passed(Element, Body, Index) || Element <- Elements]
     || {Name, Arity, Position} <- [{system_continue, 3, 3}, {system_terminate, 4, 4}],
        {clause, _, Patterns, _, Body} <- relup_check_forms:function(Name, Arity, Index),
        {tuple, _, [_, _ | _] = Elements} <- [lists:nth(Position, Patterns)]
    ],
    case lists:usort([length(Elements) || Elements <- Tuples]) of
        [] -> records_of_callbacks(special, Index);
        Sizes -> [{tuple, together([Elements || Elements <- Tuples, length(Elements) =:= Size])} || Size <- Sizes]
    end;
from_callbacks(Kind, Index) ->
    records_of_callbacks(Kind, Index).

%% The record that an element is, by its pattern or by those of the functions that get it.
passed(Element, Body, Index) ->
    case {record_of(Element), Element} of
        {[Name | _], _} -> [{record, Name}];
        {[], {var, _, Variable}} -> [Shape || {Function, Position} <- given(Variable, Body), Shape <- heads(Function, Position, Index)];
        {[], _} -> []
    end.

given(Variable, {call, _, {atom, _, Name}, Arguments}) ->
    Places = lists:zip(lists:seq(1, length(Arguments)), Arguments),
    [{{Name, length(Arguments)}, Place} || {Place, {var, _, One}} <- Places, One =:= Variable] ++ given(Variable, Arguments);
given(Variable, Tuple) when is_tuple(Tuple) -> given(Variable, tuple_to_list(Tuple));
given(Variable, [Head | Tail]) -> given(Variable, Head) ++ given(Variable, Tail);
given(_, _) -> [].

%% What the clauses tell of each element; nothing is claimed where they tell nothing, or of several records.
together([First | _] = Tuples) ->
    [
        case lists:usort(lists:append([lists:nth(Position, Elements) || Elements <- Tuples])) of
            [Shape] -> [Shape];
            _ -> [unknown]
        end
     || Position <- lists:seq(1, length(First))
    ].

records_of_callbacks(Kind, Index) ->
    Records = lists:append([
        heads(Function, Position, Index) ++ returned(Kind, Function, Index)
     || {Function, Position} <- callbacks(Kind) ++ [{Function, 3} || Kind =:= gen_statem, Function <- state_functions(Index)]
    ]),
    lists:usort([Record || {record, _} = Record <- Records]).

callbacks(gen_server) -> [{{handle_call, 3}, 3}] ++ [{{Name, 2}, 2} || Name <- [handle_cast, handle_info, handle_continue]];
callbacks(gen_event) -> [{{handle_event, 2}, 2}, {{handle_call, 2}, 2}, {{handle_info, 2}, 2}];
callbacks(gen_statem) -> [{{handle_event, 4}, 4}];
callbacks(gen_fsm) -> [{{handle_event, 3}, 3}, {{handle_info, 3}, 3}];
callbacks(Kind) when Kind =:= custom; Kind =:= kept -> [];
callbacks(special) -> [{{system_continue, 3}, 3}, {{system_terminate, 4}, 4}, {{system_code_change, 4}, 1}].

%% @doc Functions that are states of a gen_statem: their first argument is a type of event.
-spec state_functions(relup_check_forms:index()) -> [{atom(), arity()}].
state_functions(#{functions := Functions}) ->
    [Function || {{_, 3} = Function, Clauses} <- maps:to_list(Functions), lists:any(fun is_of_event/1, Clauses)].

is_of_event({clause, _, [{tuple, _, [{atom, _, call}, _]} | _], _, _}) -> true;
is_of_event({clause, _, [{atom, _, Type} | _], _, _}) -> lists:member(Type, [cast, info, internal, enter, timeout, state_timeout]);
is_of_event(_) -> false.

heads({Name, Arity}, Position, Index) ->
    [
        {record, Record}
     || {clause, _, Patterns, _, _} <- relup_check_forms:function(Name, Arity, Index),
        Record <- record_of(lists:nth(Position, Patterns))
    ].

record_of({record, _, Name, _}) -> [Name];
record_of({match, _, A, B}) -> record_of(A) ++ record_of(B);
record_of(_) -> [].

returned(gen_server, {_, Arity} = Function, Index) ->
    Returned = relup_check_shape:returns(Function, lists:duplicate(Arity, [unknown]), Index),
    lists:append([lists:nth(2, Elements) || {tuple, [[{atom, noreply}] | _] = Elements} <- Returned, length(Elements) >= 2] ++
        [lists:nth(3, Elements) || {tuple, [[{atom, reply}] | _] = Elements} <- Returned, length(Elements) >= 3]);
returned(_, _, _) ->
    [].

from_type(#{types := #{state := Type}}) -> of_type(Type);
from_type(#{}) -> [].

of_type({type, _, record, [{atom, _, Name} | _]}) -> [{record, Name}];
of_type({type, _, map, Pairs}) when is_list(Pairs) ->
    case [Key || {type, _, _, [{atom, _, Key}, _]} <- Pairs] of
        Keys when length(Keys) =:= length(Pairs), Keys =/= [] -> [{map, maps:from_list([{Key, [unknown]} || Key <- Keys])}];
        _ -> [unknown]
    end;
of_type({type, _, tuple, Elements}) when is_list(Elements) -> [{tuple, [of_type(Element) || Element <- Elements]}];
of_type(_) -> [unknown].
