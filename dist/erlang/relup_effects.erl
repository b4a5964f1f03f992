%% @doc What a script of a relup does, as far as others ask: so that nobody has to read its text.
-module(relup_effects).

-export([of_script/1, of_file/1, of_relup/2]).

%% @doc As JSON. `purgesSoftly': modules whose old code is purged only when nobody uses it; `suspends' and `stops': modules whose
%% processes are; `waits': by module that is loaded, whose processes are suspended then; `starts' and `stopsApplications':
%% applications; `children': calls of supervisor for one child, with supervisor and id written as an observation has them (relup_observe); `applies': other functions that it calls, but OTP's; `syncs': where
%% it waits for other nodes, which it lists or has a call tell.
-spec of_script([term()]) -> map().
of_script(Script) ->
    #{
        purgesSoftly => [Module || {What, {Module, soft_purge, _}} <- Script, What =:= load orelse What =:= remove],
        suspends => lists:usort([module(One) || {suspend, List} <- Script, One <- List]),
        waits => waits(Script, [], #{}),
        stops => lists:usort([Module || {stop, Modules} <- Script, Module <- Modules]),
        starts => [Name || {apply, {application, start, [Name, _Type]}} <- Script],
        stopsApplications => [Name || {apply, {application, stop, [Name]}} <- Script],
        children => [
            #{call => Call, supervisor => relup_json:one_line(Supervisor), id => relup_json:one_line(Id)}
         || {apply, {supervisor, Call, [Supervisor, Id]}} <- Script
        ],
        applies => [
            relup_json:text(io_lib:format("~tp:~tp/~b", [Module, Function, length(Arguments)]))
         || {apply, {Module, Function, Arguments}} <- Script, code:which(Module) =:= non_existing
        ],
        syncs => [sync(Nodes) || {sync_nodes, _Id, Nodes} <- Script]
    }.

waits([], _, Found) ->
    Found;
waits([{suspend, List} | Script], Suspended, Found) ->
    waits(Script, [module(One) || One <- List] ++ Suspended, Found);
waits([{resume, Modules} | Script], Suspended, Found) ->
    waits(Script, Suspended -- Modules, Found);
waits([{load, {Module, _, _}} | Script], [_ | _] = Suspended, Found) ->
    waits(Script, Suspended, Found#{Module => lists:usort(Suspended)});
waits([_ | Script], Suspended, Found) ->
    waits(Script, Suspended, Found).

sync({Module, Function, Arguments}) ->
    #{nodes => [], call => relup_json:text(io_lib:format("~tp:~tp/~b", [Module, Function, length(Arguments)]))};
sync(Nodes) ->
    #{nodes => [relup_json:text(atom_to_list(Node)) || Node <- Nodes], call => null}.

module({Module, _Timeout}) -> Module;
module(Module) -> Module.

%% @doc Of instructions in a file that can be consulted.
-spec of_file(file:filename()) -> map().
of_file(File) ->
    {ok, Script} = file:consult(File),
    of_script(Script).

%% @doc Of the ways up from, and down to, a version in a relup; of no instructions when there is none.
-spec of_relup(file:filename(), string()) -> #{up := map(), down := map()}.
of_relup(File, Version) ->
    {Ups, Downs} =
        case file:consult(File) of
            {ok, [{_, Up, Down}]} -> {Up, Down};
            _ -> {[], []}
        end,
    #{up => of_version(Version, Ups), down => of_version(Version, Downs)}.

of_version(Version, Scripts) ->
    of_script(lists:append([Script || {Vsn, _Description, Script} <- Scripts, Vsn =:= Version])).
