%% @doc Makes a relup with systools and reads it back: `relup OutFolder NewRel UpFromRel ...', each release resource file
%% (.rel) in its own tree `<root>/releases/<version>/<name>.rel'.
%%
%% systools is called in the mode that returns errors, so that the reason is not lost on standard output (H41).
-module(relup_make).

-export([command/1]).

-spec command([string()]) -> {ok, map()} | {error, atom(), iodata(), term()}.
command([OutFolder, NewRel | UpFromRels]) ->
    Path = lists:append([ebins(Rel) || Rel <- [NewRel | UpFromRels]]),
    Names = [filename:rootname(Rel) || Rel <- UpFromRels],
    Options = [silent, {path, Path}, {outdir, OutFolder}],
    case systools:make_relup(filename:rootname(NewRel), Names, Names, Options) of
        {ok, _Relup, Module, Warnings} ->
            read_back(filename:join(OutFolder, "relup"), [Module:format_warning(Warning) || Warning <- Warnings]);
        {error, Module, Reason} ->
            {error, relup_failed, Module:format_error(Reason), Reason}
    end.

ebins(Rel) ->
    Root = filename:dirname(filename:dirname(filename:dirname(Rel))),
    [filename:join(Root, Ebin) || Ebin <- filelib:wildcard("lib/*/ebin", Root)].

read_back(File, Warnings) ->
    case file:consult(File) of
        {ok, [{Version, Up, Down}]} ->
            {ok, #{
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
        restartsEmulator => lists:any(fun is_restart/1, Instructions)
    }.

%% H38: either instruction ends the running emulator.
is_restart(restart_new_emulator) -> true;
is_restart(restart_emulator) -> true;
is_restart(_) -> false.
