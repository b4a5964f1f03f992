%% @doc Makes a relup with systools and reads it back: `relup OutFolder NewRel UpFromRel ...', each release resource file
%% (.rel) in its own tree `<root>/releases/<version>/<name>.rel'.
%%
%% systools is called in the mode that returns errors, so that the reason is not lost on standard output (H41).
-module(relup_make).

-export([command/1]).

-spec command([string()]) -> {ok, map()} | {error, atom(), iodata(), term()}.
command([OutFolder, NewRel | UpFromRels]) ->
    New = relup_applications:read(NewRel),
    Overlay = filename:join(OutFolder, "marked"),
    try
        Path = overlay(Overlay, New) ++ lists:append([ebins(Rel) || Rel <- [NewRel | UpFromRels]]),
        Names = [filename:rootname(Rel) || Rel <- UpFromRels],
        case systools:make_relup(filename:rootname(NewRel), Names, Names, [silent, noexec, {path, Path}]) of
            {ok, Relup, Module, Warnings} ->
                File = filename:join(OutFolder, "relup"),
                Olds = maps:from_list([{version(Rel), relup_applications:read(Rel)} || Rel <- UpFromRels]),
                Ordered = ordered(Relup, New, Olds),
                ok = write(File, Ordered),
                read_back(File, [Module:format_warning(Warning) || Warning <- Warnings], #{
                    startPhases => phases(New, maps:values(Olds)),
                    startTypes => types(New, Olds),
                    dependents => dependents(New, maps:values(Olds)),
                    configReaders => config_readers(New),
                    exposed => exposed(Ordered, New, Olds)
                });
            {error, _, _} ->
                {ok, #{failures => failures(filename:rootname(NewRel), UpFromRels, Path)}}
        end
    after
        file:del_dir_r(Overlay)
    end.

exposed({_, Up, Down}, New, Olds) ->
    [
        Answer#{direction => Direction, upFrom => relup_json:text(Version)}
     || {Direction, Scripts} <- [{up, Up}, {down, Down}],
        {Version, _, Script} <- Scripts,
        not lists:any(fun is_restart/1, Script),
        Old <- [maps:get(Version, Olds)],
        {From, To} <- [case Direction of up -> {Old, New}; down -> {New, Old} end],
        Answer <- relup_exposed:calls(Script, From, To)
    ].

%% systools says neither which direction nor which version it stopped at, so each is tried by itself.
failures(New, UpFromRels, Path) ->
    [
        failure(Direction, version(Rel), Module, Reason)
     || Rel <- UpFromRels,
        Direction <- [up, down],
        {error, Module, Reason} <- [one_way(Direction, New, filename:rootname(Rel), Path)]
    ].

one_way(Direction, New, Old, Path) ->
    {Ups, Downs} = case Direction of up -> {[Old], []}; down -> {[], [Old]} end,
    systools:make_relup(New, Ups, Downs, [silent, noexec, {path, Path}]).

failure(Direction, Version, Module, Reason) ->
    {Kind, Subject} = subject(Reason),
    #{
        direction => Direction,
        version => relup_json:text(Version),
        kind => Kind,
        subject => relup_json:text(Subject),
        text => relup_json:text(Module:format_error(Reason))
    }.

subject({Kind, Subject}) when is_atom(Kind) -> {Kind, io_lib:format("~0tp", [Subject])};
subject({_, _, {Kind, _} = Reason}) when is_atom(Kind) -> subject(Reason);
subject(_) -> {<<>>, ""}.

%% systools finds the marked appups in folders before the release's own.
overlay(Overlay, Applications) ->
    lists:append([overlay(Overlay, Name, One) || {Name, One} <- maps:to_list(Applications)]).

overlay(Overlay, Name, #{ebin := Ebin}) ->
    [App, Appup] = [atom_to_list(Name) ++ Extension || Extension <- [".app", ".appup"]],
    case file:consult(filename:join(Ebin, Appup)) of
        {ok, [{_, _, _} = Term]} ->
            Folder = filename:join([Overlay, Name, "ebin"]),
            ok = filelib:ensure_dir(filename:join(Folder, App)),
            {ok, _} = file:copy(filename:join(Ebin, App), filename:join(Folder, App)),
            ok = write(filename:join(Folder, Appup), relup_segments:mark(Name, Term)),
            [Folder];
        _ ->
            %% none, or one that systools shall name
            []
    end.

write(File, Term) ->
    file:write_file(File, unicode:characters_to_binary(io_lib:format("%% coding: utf-8~n~tp.~n", [Term]))).

version(Rel) ->
    {ok, [{release, {_, Version}, _, _}]} = file:consult(Rel),
    Version.

ordered({Version, Up, Down}, New, Olds) ->
    {Version, [ordered(up, Script, New, Olds) || Script <- Up], [ordered(down, Script, New, Olds) || Script <- Down]}.

ordered(Direction, {Version, Description, Script}, New, Olds) ->
    Old = maps:get(Version, Olds),
    Order = relup_segments:order(Old, New, maps:keys(maps:merge(Old, New))),
    {Version, Description,
        case Direction of
            up -> arranged(up, Script, #{order => Order, from => Old, to => New});
            down -> arranged(down, Script, #{order => lists:reverse(Order), from => New, to => Old})
        end}.

arranged(Direction, Script, #{from := From, to := To} = Applications) ->
    #{first := First, last := Last, around := Around} = relup_start_types:around(Direction, Script, From, To),
    Arranged = relup_segments:arrange(Script, Applications#{around => Around}),
    {Before, [point_of_no_return | After]} =
        lists:splitwith(fun(Instruction) -> Instruction =/= point_of_no_return end, Arranged),
    Before ++ [point_of_no_return] ++ First ++ After ++ Last.

%% Start phases run when an application is started, and never in an upgrade.
phases(New, Olds) ->
    [
        #{application => Name, phases => Added}
     || {Name, #{phases := Phases}} <- lists:sort(maps:to_list(New)),
        Added <- [lists:usort(lists:append([Phases -- Before || #{Name := #{phases := Before}} <- Olds]))],
        Added =/= []
    ].

types(New, Olds) ->
    [
        #{upFrom => relup_json:text(Version), application => Name, before => type(Before), now => type(After)}
     || {Version, Old} <- lists:sort(maps:to_list(Olds)), {Name, Before, After} <- relup_start_types:changes(Old, New)
    ].

%% For each application that had processes, those that need it, directly or not, and have processes of their own. Of a library, which
%% had none, nobody keeps anything when it becomes an application that has.
dependents(New, Olds) ->
    Known = maps:map(fun(_, #{needs := Needs, includes := Includes}) -> Needs -- Includes end, New),
    maps:from_list([
        {Name, [Other || Other <- lists:sort(maps:keys(New)), starts(Other, New), needs(Other, Name, Known, [])]}
     || Name <- maps:keys(New), lists:any(fun(Old) -> starts(Name, Old) end, Olds)
    ]).

starts(Name, Applications) ->
    case Applications of
        #{Name := #{starts := Starts}} -> Starts;
        _ -> false
    end.

needs(Other, Name, Known, Seen) ->
    Needs = maps:get(Other, Known, []) -- Seen,
    Other =/= Name andalso
        (lists:member(Name, Needs) orelse lists:any(fun(Need) -> needs(Need, Name, Known, [Other | Seen]) end, Needs)).

%% Modules that ask for the path of sys.config, which is another one once a release is permanent: OTP leaves off `.config'. OTP's
%% own applications know that.
config_readers(New) ->
    [
        #{application => Name, module => Module}
     || {Name, #{ebin := Ebin}} <- lists:sort(maps:to_list(New)),
        code:lib_dir(Name) =:= {error, bad_name},
        Beam <- filelib:wildcard("*.beam", Ebin),
        {ok, {Module, [{imports, Imports}, {atoms, Atoms}]}} <- [beam_lib:chunks(filename:join(Ebin, Beam), [imports, atoms])],
        lists:member({init, get_argument, 1}, Imports),
        lists:keymember(config, 2, Atoms)
    ].

type({running, Type}) -> Type;
type(Type) -> Type.

ebins(Rel) ->
    Root = filename:dirname(filename:dirname(filename:dirname(Rel))),
    [filename:join(Root, Ebin) || Ebin <- filelib:wildcard("lib/*/ebin", Root)].

read_back(File, Warnings, Noticed) ->
    case file:consult(File) of
        {ok, [{Version, Up, Down}]} ->
            {ok, Noticed#{
                file => relup_json:text(File),
                version => relup_json:text(Version),
                up => [script(Script) || Script <- Up],
                down => [script(Script) || Script <- Down],
                warnings => [relup_json:text(Warning) || Warning <- Warnings]
            }};
        Other ->
            {error, relup_unreadable, "the relup that systools wrote cannot be read back", Other}
    end.

script({Version, Description, Instructions}) ->
    #{
        version => relup_json:text(Version),
        description => relup_json:term(Description),
        instructions => [relup_json:term(Instruction) || Instruction <- Instructions],
        loads => [Module || {load, {Module, _Pre, _Post}} <- Instructions],
        removes => [Module || {remove, {Module, _Pre, _Post}} <- Instructions],
        starts => maps:get(starts, relup_effects:of_script(Instructions)),
        restartsEmulator => lists:any(fun is_restart/1, Instructions)
    }.

%% H38: either instruction ends the running emulator.
is_restart(restart_new_emulator) -> true;
is_restart(restart_emulator) -> true;
is_restart(_) -> false.
