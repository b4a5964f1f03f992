%% @doc Describes a release on disk: `describe Root' or `describe Root Version'.
%%
%% Without a version the one in releases/start_erl.data is taken. The module MD5 is the loader's (beam_lib:md5/1), so debug
%% information, paths and compile times do not matter (H18) and a running node can be compared with it.
-module(relup_describe).

-export([command/1]).

-spec command([string()]) -> {ok, map()} | {error, atom(), iodata(), term()}.
command([Root]) ->
    case file:read_file(filename:join([Root, "releases", "start_erl.data"])) of
        {ok, Data} ->
            [_Erts, Version] = string:lexemes(binary_to_list(Data), " \r\n\t"),
            command([Root, Version]);
        {error, Reason} ->
            {error, no_start_data, io_lib:format("~ts holds no releases/start_erl.data", [Root]), Reason}
    end;
command([Root, Version]) ->
    Folder = filename:join([Root, "releases", Version]),
    case [Found || {ok, _, _} = Found <- [release(File) || File <- filelib:wildcard(filename:join(Folder, "*.rel"))]] of
        [{ok, File, Release} | _] ->
            {ok, describe(Root, File, Release)};
        [] ->
            {error, no_rel_file, io_lib:format("~ts holds no release resource file (.rel)", [Folder]), Folder}
    end.

release(File) ->
    case file:consult(File) of
        {ok, [{release, {_Name, _Vsn}, {erts, _Erts}, _Applications} = Release]} -> {ok, File, Release};
        _ -> false
    end.

describe(Root, File, {release, {Name, Vsn}, {erts, Erts}, Applications}) ->
    #{
        name => relup_json:text(Name),
        version => relup_json:text(Vsn),
        erts => relup_json:text(Erts),
        relFile => relup_json:text(File),
        includesErts => filelib:is_dir(filename:join(Root, "erts-" ++ Erts)),
        applications => concurrently(fun(Application) -> application(Root, Application) end, Applications)
    }.

application(Root, Application) ->
    Name = atom_to_list(element(1, Application)),
    Version = element(2, Application),
    Dir = filename:join("lib", Name ++ "-" ++ Version),
    Path = filename:join(Root, Dir),
    #{
        name => relup_json:text(Name),
        version => relup_json:text(Version),
        dir => relup_json:text(Dir),
        present => filelib:is_dir(Path),
        link => is_link(Path) orelse is_link(filename:join(Path, "ebin")),
        modules => modules(filename:join(Path, "ebin"))
    }.

is_link(Path) ->
    case file:read_link_info(Path) of
        {ok, Info} -> element(3, Info) =:= symlink;
        {error, _} -> false
    end.

modules(Ebin) ->
    maps:from_list([module(Beam) || Beam <- filelib:wildcard(filename:join(Ebin, "*.beam"))]).

module(Beam) ->
    case beam_lib:md5(Beam) of
        {ok, {Module, Md5}} -> {atom_to_binary(Module), hex(Md5)};
        {error, beam_lib, Reason} -> throw({error, bad_beam, beam_lib:format_error(Reason), Reason})
    end.

hex(Binary) ->
    string:lowercase(binary:encode_hex(Binary)).

%% Reading beams is what takes the time, so each application gets a process; the order of the list stays.
concurrently(Fun, List) ->
    Started = [spawn_monitor(fun() -> exit({answer, guarded(Fun, Item)}) end) || Item <- List],
    [result(Reference) || {_Pid, Reference} <- Started].

guarded(Fun, Item) ->
    try {ok, Fun(Item)} catch throw:Thrown -> {thrown, Thrown} end.

result(Reference) ->
    receive
        {'DOWN', Reference, process, _, {answer, {ok, Result}}} -> Result;
        {'DOWN', Reference, process, _, {answer, {thrown, Thrown}}} -> throw(Thrown);
        {'DOWN', Reference, process, _, Reason} -> exit(Reason)
    end.
