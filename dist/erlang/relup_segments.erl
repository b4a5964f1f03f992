%% @doc The order in which a relup goes through the applications (H28, H35).
%%
%% systools puts added applications first, removed ones last, and the rest in between with dependencies first, in both
%% directions. That is wrong when downgrading (a dependency gets its old code under a caller that is still new), when an added
%% application needs the new code of another one to start, and when a removed one still holds what an added one takes over
%% (names, modules). So the instructions of each application are marked when systools gets them, and put into order
%% afterwards: dependencies first when upgrading, exactly the other way round when downgrading; the code of all added
%% applications comes before any of them is started.
-module(relup_segments).

-export([mark/2, order/3, arrange/2]).

-type script() :: [term()].

%% @doc An appup whose instructions are enclosed in marks. What stands before an explicit point_of_no_return stays there.
-spec mark(atom(), {string(), list(), list()}) -> {string(), list(), list()}.
mark(Application, {Version, Up, Down}) ->
    Mark = fun({Pattern, Script}) -> {Pattern, marked(Application, Script)} end,
    {Version, lists:map(Mark, Up), lists:map(Mark, Down)}.

marked(Application, Script) ->
    {Before, After} =
        case lists:splitwith(fun(Instruction) -> Instruction =/= point_of_no_return end, Script) of
            {_, []} -> {[], Script};
            {Head, [point_of_no_return | Tail]} -> {Head ++ [point_of_no_return], Tail}
        end,
    Before ++ [mark('begin', Application, here) | After] ++ [mark('end', Application, here)].

mark(Which, Application, here) ->
    {apply, {?MODULE, Which, [Application]}}.

%% @doc The applications in the order of an upgrade. One that is gone is removed after all others, unless what it started
%% could be in the way of what takes its modules over.
-spec order(relup_applications:applications(), relup_applications:applications(), [atom()]) -> [atom()].
order(Old, New, Touched) ->
    Gone = maps:without(maps:keys(New), Old),
    InTheWay = [Name || {Name, #{starts := true} = One} <- maps:to_list(Gone), moved(One, New) =/= []],
    Last = lists:reverse(sorted(maps:map(fun(_, #{needs := Needs}) -> Needs end, Old), maps:keys(Gone))),
    Had = owners(Old),
    Graph = maps:map(fun(Name, #{needs := Needs} = One) -> Needs ++ takes_from(Name, One, Had, New) end, New),
    [Name || Name <- Last, lists:member(Name, InTheWay)] ++
        sorted(Graph, [Name || Name <- Touched, is_map_key(Name, New)]) ++
        [Name || Name <- Last, not lists:member(Name, InTheWay)].

moved(#{modules := Modules}, Others) ->
    There = owners(Others),
    [Module || Module <- Modules, is_map_key(Module, There)].

%% An application that takes modules over comes after the one that has them until then.
takes_from(Name, #{modules := Modules}, Had, New) ->
    [Other || Module <- Modules, #{Module := Other} <- [Had], Other =/= Name, is_map_key(Other, New)].

sorted(Graph, Names) ->
    Known = maps:map(fun(_, Needs) -> [Need || Need <- Needs, is_map_key(Need, Graph)] end, Graph),
    [Name || Name <- relup_order:sort(Known, fun(_) -> false end), lists:member(Name, Names)].

%% @doc Puts a marked script into the order given. `From' and `To' are the applications before and after it; `Around' has more
%% instructions for before and after those of an application.
-spec arrange(script(), #{
    order := [atom()],
    from := relup_applications:applications(),
    to := relup_applications:applications(),
    around := #{atom() => {script(), script()}}
}) -> script().
arrange(Script, #{order := Order, from := From, to := To, around := Around}) ->
    {Before, [point_of_no_return | After]} =
        lists:splitwith(fun(Instruction) -> Instruction =/= point_of_no_return end, Script),
    {Segments, Rest} = segments(After, owners(maps:without(maps:keys(From), To)), #{}),
    Kept = maps:map(fun(Name, Segment) -> without_moved(Name, Segment, From, To) end, Segments),
    {Loaded, Later} = code_first(Order, Kept, From, To),
    Before ++ [point_of_no_return] ++ Loaded ++ lists:append([around(Name, Later, Around) || Name <- Order]) ++ Rest.

%% A boot has all code before it starts the first application, so that an application works that calls another one without
%% naming it in its resource file. The code of added applications comes first as well, as far as it is nowhere else before.
code_first(Order, Segments, From, To) ->
    Had = owners(From),
    IsNew = fun
        ({load, {Module, _, _}}) -> not is_map_key(Module, Had);
        (_) -> false
    end,
    Added = [Name || Name <- Order, is_map_key(Name, Segments), is_map_key(Name, To), not is_map_key(Name, From)],
    lists:foldl(
        fun(Name, {Loaded, Later}) ->
            {Code, Rest} = lists:splitwith(IsNew, maps:get(Name, Later)),
            {Loaded ++ Code, Later#{Name := Rest}}
        end,
        {[], Segments},
        Added
    ).

around(Name, Segments, Around) ->
    {Before, After} = maps:get(Name, Around, {[], []}),
    Before ++ maps:get(Name, Segments, []) ++ After.

%% The application of each module.
owners(Applications) ->
    maps:from_list([{Module, Name} || {Name, #{modules := Modules}} <- maps:to_list(Applications), Module <- Modules]).

%% The rest is what concerns the emulator as a whole.
segments([], _, Segments) ->
    {Segments, []};
segments([{apply, {?MODULE, 'begin', [Name]}} | Script], Owners, Segments) ->
    {Segment, [_ | Rest]} = lists:splitwith(fun(One) -> One =/= mark('end', Name, here) end, Script),
    segments(Rest, Owners, Segments#{Name => Segment});
segments([{apply, {application, stop, [Name]}} | _] = Script, Owners, Segments) ->
    Last = {apply, {application, unload, [Name]}},
    {Segment, [Last | Rest]} = lists:splitwith(fun(One) -> One =/= Last end, Script),
    segments(Rest, Owners, Segments#{Name => Segment ++ [Last]});
segments([Instruction | Script], Owners, Segments) ->
    case owner(Instruction, Owners) of
        none ->
            {More, Rest} = segments(Script, Owners, Segments),
            {More, [Instruction | Rest]};
        Name ->
            Segment = maps:get(Name, Segments, []),
            segments(Script, Owners, Segments#{Name => Segment ++ [Instruction]})
    end.

owner({load, {Module, _, _}}, Owners) -> maps:get(Module, Owners, none);
owner({apply, {application, _, [Name | _]}}, _) -> Name;
owner(_, _) -> none.

%% A module that goes on to exist in another application is not removed with the one that it was in.
without_moved(Name, Segment, From, To) when is_map_key(Name, From), not is_map_key(Name, To) ->
    Moved = moved(maps:get(Name, From), To),
    lists:append([keep(Instruction, Moved) || Instruction <- Segment]);
without_moved(_, Segment, _, _) ->
    Segment.

keep({remove, {Module, _, _}} = Instruction, Moved) -> [Instruction || not lists:member(Module, Moved)];
keep({purge, Modules}, Moved) -> [{purge, Modules -- Moved}];
keep(Instruction, _) -> [Instruction].
