%% @doc What the checks of appups need to know: `check RequestFile'.
%%
%% The request (see relup_request) is `[NewRoot, NewBuild, Steps]'. NewRoot is the new release's tree with the chosen appups in
%% its ebin folders; NewBuild is the folder with the applications that rebar3 compiled (`_build/<profile>/lib'), whose beams
%% still have debug information where the release's are stripped. A step is `[Application, From, To, OldRoot, OldBuild, Source,
%% Modules]': application versions, the up-from release's tree and build folder (empty when there is none), the appup's source
%% (empty when it was not written by hand), and the modules that differ, each as `[Module, Application, Version]' with the
%% application that it lies in in the up-from release.
-module(relup_check).

-export([command/1]).

-spec command([string()]) -> {ok, [map()]}.
command([RequestFile]) ->
    [NewRoot, NewBuild, Steps] = relup_request:read(RequestFile),
    {ok, [answer({NewRoot, NewBuild}, Step) || Step <- Steps]}.

answer(New, [Application, From, To, OldRoot, OldBuild, Source, Modules]) ->
    {NewRoot, _} = New,
    Old = {OldRoot, OldBuild},
    {Up, Down} = appup(filename:join([ebin(NewRoot, Application, To), Application ++ ".appup"]), From),
    Differing = maps:from_list([{list_to_atom(Module), {Owner, Version}} || [Module, Owner, Version] <- Modules]),
    Updated = maps:from_keys(advanced(Up) ++ advanced(Down), {Application, From}),
    #{
        up => relup_check_source:with_lines(up, Source, To, From, instructions(Up, New, Old)),
        down => relup_check_source:with_lines(down, Source, To, From, instructions(Down, New, Old)),
        start => relup_start_code:application(
            list_to_atom(Application), place(Old, Application, From), place(New, Application, To)
        ),
        modules => [
            module(Module, place(Old, Owner, Version), place(New, Application, To))
         || {Module, {Owner, Version}} <- lists:sort(maps:to_list(maps:merge(Updated, Differing)))
        ]
    }.

ebin(Root, Application, Version) ->
    filename:join([Root, "lib", Application ++ "-" ++ Version, "ebin"]).

%% Where an application's beams lie: in the release, and where rebar3 compiled them.
place({Root, Build}, Application, Version) ->
    {ebin(Root, Application, Version), [filename:join([Build, Application, "ebin"]) || Build =/= ""]}.

%% The instructions that systools will take for a version.
appup(File, From) ->
    {ok, [{_Vsn, Up, Down}]} = file:consult(File),
    {entry(From, Up), entry(From, Down)}.

entry(From, Entries) ->
    case systools_relup:appup_search_for_version(From, Entries) of
        {ok, Instructions} -> Instructions;
        error -> []
    end.

advanced(Instructions) ->
    [Module || {update, Module, Change} <- relup_check_instructions:changes(Instructions), Change =/= soft].

instructions(Instructions, {NewRoot, _}, {OldRoot, _}) ->
    [relup_check_instructions:describe(Instruction, [NewRoot, OldRoot]) || Instruction <- lists:flatten(Instructions)].

%% What is known of one module; the old or the new side is null where the module does not exist.
module(Module, Old, New) ->
    [Before, After] = [relup_check_beam:read(Module, Place) || Place <- [Old, New]],
    #{
        module => Module,
        old => relup_check_beam:facts(Before),
        new => relup_check_beam:facts(After),
        state => relup_check_state:compare(Before, After),
        makes => makes(Module, Before, After),
        stored => relup_check_stored:compare(Before, After),
        messages => relup_check_messages:gone(Before, After),
        statem => relup_check_statem:compare(Before, After),
        strategies => strategies(Module, After, Old, New)
    }.

%% Restart strategies of a supervisor that are others now, as `[Before, After]'.
strategies(_, null, _, _) ->
    [];
strategies(Module, After, {OldEbin, OldBuilds}, {NewEbin, NewBuilds}) ->
    File = fun(Ebin) -> filename:join(Ebin, atom_to_list(Module) ++ ".beam") end,
    [Old, New] = [File(Ebin) || Ebin <- [OldEbin, NewEbin]],
    case relup_check_beam:kind(After) =:= supervisor andalso filelib:is_regular(Old) of
        true ->
            Places = [#{file => Old, builds => OldBuilds}, #{file => New, builds => NewBuilds}],
            [[Before, Now] || {Before, Now} <- apply(relup_supervisor, strategies, [Module | Places])];
        false ->
            []
    end.

%% What start code of a process makes otherwise; a supervisor's children are compared elsewhere.
makes(_, Before, After) when Before =:= null; After =:= null ->
    [];
makes(Module, Before, After) ->
    case relup_check_beam:kind(After) of
        other -> [];
        _ -> relup_start_code:init(Module, relup_check_beam:forms(Before), relup_check_beam:forms(After))
    end.
