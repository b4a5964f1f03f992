%% @doc Judges whether code_change of a module does something with the state that it is given.
%%
%% It is always the newer module's that is called: after its code was loaded on the way up, before the older one is loaded on
%% the way down, with `{down, Vsn}' then.
-module(relup_check_conversion).

-export([function/1, positions/1, judge/4, text/2]).

%% @doc The function that a kind of process has for it.
-spec function(atom()) -> {atom(), arity()}.
function(gen_server) -> {code_change, 3};
function(gen_event) -> {code_change, 3};
function(Kind) when Kind =:= custom; Kind =:= kept -> {code_change, 3};
function(gen_statem) -> {code_change, 4};
function(gen_fsm) -> {code_change, 4};
function(special) -> {system_code_change, 4}.

%% @doc Positions of version and state among its arguments.
-spec positions(atom()) -> {pos_integer(), pos_integer()}.
positions(gen_statem) -> {1, 3};
positions(gen_fsm) -> {1, 3};
positions(special) -> {3, 1};
positions(_) -> {1, 2}.

%% @doc What it does with a state of the given layouts: `missing', `converts', `passes' (returns it unchanged), `wrong' (all that it
%% is seen to return is something else than what is expected), or `no_clause' when no clause takes it.
-spec judge(up | down, atom(), {[relup_check_layout:layout()], [relup_check_layout:layout()]}, relup_check_forms:index()) ->
    missing | converts | passes | wrong | no_clause.
judge(Direction, Kind, {Incoming, Expected}, Index) ->
    {Name, Arity} = function(Kind),
    {Version, State} = positions(Kind),
    Clauses = relup_check_forms:function(Name, Arity, Index),
    Taken = until_all(
        [
            Clause
         || {clause, _, Patterns, _, _} = Clause <- Clauses,
            is_for(Direction, lists:nth(Version, Patterns)),
            takes(lists:nth(State, Patterns), Incoming, Index)
        ],
        positions(Kind),
        Incoming,
        Index
    ),
    Arguments = [case Position of State -> [argument]; _ -> [unknown] end || Position <- lists:seq(1, Arity)],
    case {Clauses, Taken} of
        {[], _} -> missing;
        {_, []} -> no_clause;
        _ -> verdict(Kind, relup_check_shape:clauses(Taken, Arguments, Index), Expected, Index)
    end.

%% @doc Its text without line numbers; none where it does not exist.
-spec text(atom(), relup_check_forms:index()) -> binary() | none.
text(Kind, #{forms := Forms}) ->
    text_of(maps:get({function, function(Kind)}, Forms, none)).

text_of(none) -> none;
text_of(Form) -> relup_json:text(erl_pp:form(Form)).

%% Returned is `{ok, State}' or `{ok, StateName, Data}'; what else is returned makes the upgrade fail, and converts nothing.
verdict(Kind, Returned, Expected, Index) ->
    Position = case positions(Kind) of {1, 3} -> 3; _ -> 2 end,
    States = [
        case Shape of
            {tuple, [[{atom, ok}] | _] = Elements} when length(Elements) >= Position -> lists:nth(Position, Elements);
            {tuple, [[{atom, _}] | _]} -> [];
            %% a call that cannot be followed
            unknown -> [unknown];
            _ -> []
        end
     || Shape <- Returned
    ],
    case lists:usort(lists:append(States)) of
        [] -> passes;
        [argument] -> passes;
        Shapes ->
            %% the state that came in is returned unchanged in some cases; that is for its author to know
            Made = [relup_check_layout:shallow(relup_check_layout:layout(Shape, Index)) || Shape <- Shapes, Shape =/= argument],
            IsWrong = Expected =/= [] andalso lists:all(fun(Layout) -> not relup_check_layout:fits([Layout], Expected) end, Made),
            case IsWrong of
                true -> wrong;
                false -> converts
            end
    end.

is_for(Direction, {match, _, A, B}) -> is_for(Direction, A) andalso is_for(Direction, B);
is_for(up, {tuple, _, [{atom, _, down}, _]}) -> false;
is_for(up, _) -> true;
is_for(down, {tuple, _, [{atom, _, down}, _]}) -> true;
is_for(down, Pattern) -> is_open(Pattern).

is_open({var, _, _}) -> true;
is_open({match, _, A, B}) -> is_open(A) andalso is_open(B);
is_open(_) -> false.

%% Clauses after one that takes everything are not reached.
until_all([{clause, _, Patterns, [], _} = Clause | Clauses], {Version, State} = Positions, Incoming, Index) ->
    case
        is_open_or_down(lists:nth(Version, Patterns)) andalso takes_all(lists:nth(State, Patterns), Incoming, Index)
    of
        true -> [Clause];
        false -> [Clause | until_all(Clauses, Positions, Incoming, Index)]
    end;
until_all([Clause | Clauses], Positions, Incoming, Index) ->
    [Clause | until_all(Clauses, Positions, Incoming, Index)];
until_all([], _, _, _) ->
    [].

takes_all({var, _, _}, _, _) ->
    true;
takes_all({match, _, A, B}, Incoming, Index) ->
    takes_all(A, Incoming, Index) andalso takes_all(B, Incoming, Index);
takes_all({record, _, _, Fields} = Pattern, [_ | _] = Incoming, Index) ->
    lists:all(fun({record_field, _, _, Value}) -> is_open(Value) end, Fields) andalso
        lists:all(fun(Layout) -> Layout =/= unknown andalso matches(Pattern, Layout, Index) end, Incoming);
takes_all(_, _, _) ->
    false.

is_open_or_down({match, _, A, B}) -> is_open_or_down(A) andalso is_open_or_down(B);
is_open_or_down({tuple, _, [{atom, _, down}, {var, _, _}]}) -> true;
is_open_or_down(Pattern) -> is_open(Pattern).

%% Whether a pattern can match one of the layouts.
takes(_Pattern, [], _Index) -> true;
takes(Pattern, Layouts, Index) -> lists:any(fun(Layout) -> matches(Pattern, Layout, Index) end, Layouts).

matches(_, unknown, _) -> true;
matches({match, _, A, B}, Layout, Index) -> matches(A, Layout, Index) andalso matches(B, Layout, Index);
matches({record, _, Name, _}, {record, Name, Fields, _}, Index) ->
    case relup_check_forms:record(Name, Index) of
        undefined -> true;
        Known -> length(Known) =:= length(Fields)
    end;
matches({record, _, Name, _}, {tuple, [Tags | _] = Elements}, Index) ->
    Known = relup_check_forms:record(Name, Index),
    lists:member(atom, Tags) andalso (Known =:= undefined orelse length(Known) + 1 =:= length(Elements));
matches({record, _, _, _}, _, _) -> false;
matches({tuple, _, Patterns}, {tuple, Elements}, _) -> length(Patterns) =:= length(Elements);
matches({tuple, _, [{atom, _, Tag} | _] = Patterns}, {record, Name, Fields, _}, _) ->
    Tag =:= Name andalso length(Patterns) =:= length(Fields) + 1;
matches({tuple, _, Patterns}, {record, _, Fields, _}, _) -> length(Patterns) =:= length(Fields) + 1;
matches({tuple, _, _}, _, _) -> false;
matches({map, _, Pairs}, {map, Keys, _, _}, _) ->
    lists:all(fun(Key) -> lists:member(Key, Keys) end, [Key || {_, _, {atom, _, Key}, _} <- Pairs]);
matches({map, _, _}, _, _) -> false;
matches({Literal, _}, Layout, _) when Literal =:= nil -> Layout =:= list;
matches({cons, _, _, _}, Layout, _) -> Layout =:= list;
matches({integer, _, _}, Layout, _) -> Layout =:= number;
matches({atom, _, _}, Layout, _) -> Layout =:= atom;
matches({bin, _, _}, Layout, _) -> Layout =:= binary;
matches(_, _, _) -> true.
