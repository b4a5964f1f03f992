%% @doc What differs between the new release and the ones that are upgraded from, by application and version.
-module(relup_hops).

-export([steps/2]).
-export_type([step/0, difference/0]).

%% One application on its way from or to one other version.
-type step() :: #{
    application := atom(),
    from := string(),
    to := string(),
    modules := #{module() => difference()},
    %% modules that moved from or to an application that systools adds as a whole, in the other direction
    only := #{module() => up | down},
    %% whether its appup is to be generated
    generate := boolean(),
    %% how it is started, before and after
    started := {relup_start_types:started(), relup_start_types:started()},
    %% processes that wait while functions are gone that they would call
    window := relup_reach:window(),
    %% callback modules whose behaviour, which differs too, converts their state: by behaviour
    callbacks := relup_callbacks:callbacks(),
    %% processes that are not found by the module that differs
    carried := [relup_carried:group()],
    %% folders with beams that may still have debug information
    old_builds := [file:filename()],
    new_builds := [file:filename()]
}.
-type difference() :: {Old :: file:filename() | none, New :: file:filename() | none}.

%% @doc All steps of all up-from releases; those of the same application and version are one.
-spec steps([string()], [term()]) -> [step()].
steps([NewRoot, NewBuild], Hops) ->
    Steps = lists:append([steps_of(NewRoot, NewBuild, Hop) || Hop <- Hops]),
    Keys = unique([key(Step) || Step <- Steps]),
    [merged([Step || Step <- Steps, key(Step) =:= Key]) || Key <- Keys].

key(#{application := Application, from := From}) ->
    {Application, From}.

unique(List) ->
    maps:keys(maps:from_keys(List, [])).

steps_of(NewRoot, NewBuild, [OldRoot, OldBuild, Applications]) ->
    All = [step(NewRoot, NewBuild, OldRoot, OldBuild, Application) || Application <- Applications],
    Gone = moves(All, fun({_, New}) -> New =:= none end),
    Come = moves(All, fun({Old, _}) -> Old =:= none end),
    Steps = [with_moves(Step, Gone, Come) || #{from := From, to := To} = Step <- All, From =/= "", To =/= ""],
    Windows = relup_reach:windows(OldRoot, Steps),
    Callbacks = relup_callbacks:of_steps(OldRoot, Steps),
    Carried = relup_carried:groups(OldRoot, Steps),
    [
        Step#{window := maps:get(Application, Windows, relup_reach:none()), callbacks := Callbacks, carried := Carried}
     || #{application := Application} = Step <- Steps
    ].

step(NewRoot, NewBuild, OldRoot, OldBuild, [Name, From, To, Added, Changed, Removed, Generate]) ->
    Old = fun(Module) -> beam(OldRoot, Name, From, Module) end,
    New = fun(Module) -> beam(NewRoot, Name, To, Module) end,
    #{
        application => list_to_atom(Name),
        from => From,
        to => To,
        generate => Generate =:= "true",
        started => {relup_start_types:started(OldRoot, Name, From), relup_start_types:started(NewRoot, Name, To)},
        only => #{},
        window => relup_reach:none(),
        callbacks => #{},
        carried => [],
        old_builds => builds(OldBuild, Name),
        new_builds => builds(NewBuild, Name),
        modules => maps:from_list(
            [{list_to_atom(Module), {none, New(Module)}} || Module <- Added] ++
                [{list_to_atom(Module), {Old(Module), New(Module)}} || Module <- Changed] ++
                [{list_to_atom(Module), {Old(Module), none}} || Module <- Removed]
        )
    }.

beam(Root, Name, Version, Module) ->
    filename:join([Root, "lib", Name ++ "-" ++ Version, "ebin", Module ++ ".beam"]).

builds("", _) -> [];
builds(Build, Name) -> [filename:join([Build, "lib", Name, "ebin"])].

%% Where modules come from, or go to.
moves(Steps, Is) ->
    maps:from_list([
        {Module, {Step, Files}}
     || #{modules := Modules} = Step <- Steps, {Module, Files} <- maps:to_list(Modules), Is(Files)
    ]).

%% A module that moved to another application (H35) is that one's to load, like any changed module, and nobody's to remove.
%% Applications that are added as a whole load all their modules without an appup.
with_moves(#{modules := Modules} = Step, Gone, Come) ->
    maps:fold(
        fun(Module, Difference, #{modules := Here, only := Only} = Moved) ->
            case moved(Module, Difference, Gone, Come) of
                elsewhere -> Moved;
                {both, Files} -> Moved#{modules := Here#{Module => Files}};
                {Direction, Files} -> Moved#{modules := Here#{Module => Files}, only := Only#{Module => Direction}}
            end
        end,
        Step#{modules := #{}},
        Modules
    ).

moved(Module, {none, New}, Gone, _) ->
    case Gone of
        #{Module := {#{to := ""}, {Old, none}}} -> {up, {Old, New}};
        #{Module := {_, {Old, none}}} -> {both, {Old, New}};
        _ -> {both, {none, New}}
    end;
moved(Module, {Old, none}, _, Come) ->
    case Come of
        #{Module := {#{from := ""}, {none, New}}} -> {down, {Old, New}};
        #{Module := _} -> elsewhere;
        _ -> {both, {Old, none}}
    end;
moved(_, Difference, _, _) ->
    {both, Difference}.

merged([Step | Steps]) ->
    lists:foldl(
        fun(#{modules := More, old_builds := Builds} = One, #{modules := Modules, old_builds := Known} = Merged) ->
            Both = maps:merge_with(fun(_, {Old1, New1}, {Old2, New2}) -> {either(Old1, Old2), either(New1, New2)} end, Modules, More),
            Merged#{
                modules := Both,
                old_builds := Known ++ Builds,
                window := relup_reach:merge(maps:get(window, One), maps:get(window, Merged)),
                callbacks := relup_callbacks:in_both(maps:get(callbacks, One), maps:get(callbacks, Merged)),
                carried := relup_carried:in_both(maps:get(carried, One), maps:get(carried, Merged))
            }
        end,
        Step,
        Steps
    ).

either(none, File) -> File;
either(File, _) -> File.
