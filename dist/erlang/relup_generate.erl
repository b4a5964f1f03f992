%% @doc Generates appups: `generate RequestFile'.
%%
%% The request (see relup_request) is `[Purge, ConfigFile, [NewRoot, NewBuild], Hops, Corrections]'. A hop is one up-from release,
%% `[Root, Build, Applications]', where Build is the `_build/<profile>' it was made in, or empty. An application is
%% `[Name, From, To, Added, Changed, Removed, Generate]': what differs by module MD5, and whether its appup is asked for. A
%% correction is `[Application, From, Direction, Position, Instruction]'; the config file is a project's relup.config.
%%
%% The answer has the appup of every application asked for, with an entry for each version upgraded from, and what was
%% noticed on the way.
-module(relup_generate).

-export([command/1]).

-spec command([string()]) -> {ok, map()}.
command([RequestFile]) ->
    [Purge, ConfigFile, New, Hops, Corrections] = relup_request:read(RequestFile),
    Config = relup_config:read(ConfigFile),
    Options = #{purge => purge(Purge), config => Config},
    Steps = [Step || #{generate := true} = Step <- relup_hops:steps(New, Hops)],
    Entries = [{Step, relup_extra:add(relup_script:scripts(Step, Options), Step, Config, Corrections)} || Step <- Steps],
    Applications = lists:usort([{Application, To} || #{application := Application, to := To} <- Steps]),
    {ok, #{
        appups => [
            appup(Application, To, [Entry || {#{application := Name}, _} = Entry <- Entries, Name =:= Application])
         || {Application, To} <- Applications
        ],
        notices => lists:append([Notices || {_, #{notices := Notices}} <- Entries])
    }}.

purge("soft") -> soft_purge;
purge("brutal") -> brutal_purge.

appup(Application, To, Entries) ->
    Up = [{From, Script} || {#{from := From}, #{up := Script}} <- Entries],
    Down = [{From, Script} || {#{from := From}, #{down := Script}} <- Entries],
    #{
        application => atom_to_binary(Application),
        version => relup_json:text(To),
        text => relup_json:text(text(To, Up, Down)),
        up => [entry(Entry) || Entry <- Up],
        down => [entry(Entry) || Entry <- Down]
    }.

entry({Version, Script}) ->
    #{
        upFrom => relup_json:text(Version),
        pattern => relup_json:text([$", Version, $"]),
        instructions => [instruction(Instruction) || {Instruction, _} <- Script],
        explained => [relup_json:text(Words) || {_, Words} <- Script]
    }.

instruction(Instruction) ->
    relup_json:text(io_lib:format("~0tp", [Instruction])).

%% As a person would write it: one instruction a line.
text(To, Up, Down) ->
    io_lib:format("%% coding: utf-8~n{~0tp,~n ~ts,~n ~ts}.~n", [To, entries(Up), entries(Down)]).

entries(Entries) ->
    [$[, lists:join(",\n  ", [entry_text(Version, Script) || {Version, Script} <- Entries]), $]].

entry_text(Version, []) ->
    io_lib:format("{~0tp, []}", [Version]);
entry_text(Version, Script) ->
    Lines = lists:join(",\n    ", [instruction(Instruction) || {Instruction, _} <- Script]),
    io_lib:format("{~0tp,~n   [~ts]}", [Version, Lines]).
