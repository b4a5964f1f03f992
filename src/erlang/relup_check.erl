%% @doc What the checks of appups need to know: `check NewRoot NewBuild Request ...'.
%%
%% NewRoot is the new release's tree with the chosen appups in its ebin folders; NewBuild is the folder with the applications
%% that rebar3 compiled (`_build/<profile>/lib'), whose beams still have debug information where the release's are stripped.
%% A request is the flat list: application, version in the up-from release, version in the new release, the up-from release's
%% tree, its build folder (empty when there is none), the appup's source (empty when it was not written by hand), the number
%% of modules that differ, and these modules.
-module(relup_check).

-export([command/1]).

-spec command([string()]) -> {ok, [map()]}.
command([NewRoot, NewBuild | Flat]) ->
    {ok, [answer({NewRoot, NewBuild}, Request) || Request <- requests(Flat)]}.

requests([]) ->
    [];
requests([Application, From, To, OldRoot, OldBuild, Source, Count | Rest]) ->
    {Modules, Others} = lists:split(list_to_integer(Count), Rest),
    Request = #{
        application => Application,
        from => From,
        to => To,
        old => {OldRoot, OldBuild},
        source => Source,
        changed => [list_to_atom(Module) || Module <- Modules]
    },
    [Request | requests(Others)].

answer(New, #{application := Application, from := From, to := To, old := Old, source := Source, changed := Changed}) ->
    {NewRoot, _} = New,
    {Up, Down} = appup(filename:join([ebin(NewRoot, Application, To), Application ++ ".appup"]), From),
    Instructions = #{up => instructions(Up, New, Old), down => instructions(Down, New, Old)},
    #{
        up => relup_check_source:with_lines(up, Source, To, From, maps:get(up, Instructions)),
        down => relup_check_source:with_lines(down, Source, To, From, maps:get(down, Instructions)),
        modules => [
            module(Module, place(Old, Application, From), place(New, Application, To))
         || Module <- lists:usort(Changed ++ advanced(Up) ++ advanced(Down))
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
        state => relup_check_state:compare(Before, After)
    }.
