%% @doc Describes a release package: what is in it, and the code of every module (see relup_code).
%%
%% Releases are always described from packages, never from the folder they were assembled in: a package holds only the beams
%% that an application's `.app' lists, and asn1's, for one, lists 1 of 21 (H122).
-module(relup_describe).

-export([command/1, package/1]).

%% No release resource file is larger (bytes); a package may hold anything under its name.
-define(MAX_FILE, 1_000_000).

%% Beams that one process reads: an application of thousands of modules keeps all cores busy.
-define(BEAMS, 250).

%% @doc `[Root]' or `[Root, Version]': a package that was unpacked already; without a version the one that it would boot.
-spec command([string()]) -> {ok, map()} | {error, atom(), iodata(), term()}.
command([Root]) -> unpacked(Root, []);
command([Root, Version]) -> version(Root, Version, []).

%% @doc `[TarGz, Folder | BuiltIn]': unpacks a release package into the folder and describes what came out. `BuiltIn' are the
%% folders in which it was compiled, as far as they are known.
-spec package([string()]) -> {ok, map()} | {error, atom(), iodata(), term()}.
package([TarGz, Folder | BuiltIn]) ->
    case relup_tarball:unpack([TarGz, Folder]) of
        {ok, _} -> unpacked(Folder, BuiltIn);
        Error -> Error
    end.

unpacked(Root, BuiltIn) ->
    case small_file(filename:join([Root, "releases", "start_erl.data"])) of
        {ok, Data} ->
            %% the ERTS version, and the release version up to the end of the line
            case re:run(Data, <<"^\\s*\\S+[ \\t]+(\\S|\\S.*\\S)\\s*$">>, [{capture, all_but_first, binary}]) of
                {match, [Version]} -> version(Root, chars(Version), BuiltIn);
                nomatch -> {error, bad_start_data, "its releases/start_erl.data names no release version", Data}
            end;
        {error, Reason} ->
            {error, no_start_data, "it holds no releases/start_erl.data", Reason}
    end.

version(Root, Version, BuiltIn) ->
    %% from here on the version is a folder
    case relup_names:is_component(Version) of
        true -> in_folder(Root, Version, BuiltIn);
        false -> {error, bad_version, io_lib:format("its release version ~tp cannot be a folder's name", [Version]), Version}
    end.

in_folder(Root, Version, BuiltIn) ->
    Folder = filename:join([Root, "releases", Version]),
    case [Release || File <- filelib:wildcard("*.rel", Folder), {ok, Release} <- [release(Folder, File, Version)]] of
        [Release | _] ->
            {ok, describe(Root, filename:join(Folder, element(1, element(2, Release)) ++ ".rel"), Release, BuiltIn)};
        [] ->
            {error, no_rel_file,
                io_lib:format("it holds no release resource file for ~ts at releases/~ts/<name>.rel", [Version, Version]),
                Folder}
    end.

%% A package may come from anywhere, so its files are taken for nothing before they were looked at.
release(Folder, File, Version) ->
    Path = filename:join(Folder, File),
    case filelib:file_size(Path) =< ?MAX_FILE andalso file:consult(Path) of
        {ok, [{release, {Name, Version}, {erts, Erts}, Applications} = Release]} when is_list(Applications) ->
            IsRelease = Name ++ ".rel" =:= File andalso relup_names:is_component(Erts) andalso
                lists:all(fun is_application/1, Applications),
            IsRelease andalso {ok, Release};
        _ ->
            false
    end.

is_application(Application) when is_tuple(Application), tuple_size(Application) >= 2, tuple_size(Application) =< 4 ->
    is_atom(element(1, Application)) andalso relup_names:is_text(element(2, Application));
is_application(_) ->
    false.

small_file(File) ->
    case filelib:file_size(File) =< ?MAX_FILE of
        true -> file:read_file(File);
        false -> {error, efbig}
    end.

chars(Binary) ->
    case unicode:characters_to_list(Binary) of
        List when is_list(List) -> List;
        _ -> binary_to_list(Binary)
    end.

describe(Root, File, {release, {Name, Vsn}, {erts, Erts}, Applications}, BuiltIn) ->
    #{
        name => relup_json:text(Name),
        version => relup_json:text(Vsn),
        erts => relup_json:text(Erts),
        relFile => relup_json:text(File),
        includesErts => filelib:is_dir(filename:join(Root, "erts-" ++ Erts)),
        applications => concurrently(fun(Application) -> application(Root, Application, BuiltIn) end, Applications)
    }.

application(Root, Application, BuiltIn) ->
    Name = atom_to_list(element(1, Application)),
    Version = element(2, Application),
    Folder = Name ++ "-" ++ Version,
    Dir = filename:join("lib", Folder),
    %% what would lead out of lib is only named, so that it can be refused
    {Present, Link, Code} =
        case relup_names:is_component(Folder) of
            true -> look_at(filename:join(Root, Dir), BuiltIn);
            false -> {false, false, []}
        end,
    #{
        name => relup_json:text(Name),
        version => relup_json:text(Version),
        dir => relup_json:text(Dir),
        type => relup_applications:type(lists:nthtail(2, tuple_to_list(Application))),
        otp => relup_applications:is_otp(Folder),
        present => Present,
        link => Link,
        modules => maps:from_list([{Module, Digest} || {Module, _, Digest} <- Code]),
        md5s => maps:from_list([{Module, Md5} || {Module, Md5, Digest} <- Code, Md5 =/= Digest])
    }.

look_at(Path, BuiltIn) ->
    Ebin = filename:join(Path, "ebin"),
    {filelib:is_dir(Path), is_link(Path) orelse is_link(Ebin), code(Ebin, BuiltIn)}.

is_link(Path) ->
    case file:read_link_info(Path) of
        {ok, Info} -> element(3, Info) =:= symlink;
        {error, _} -> false
    end.

code(Ebin, BuiltIn) ->
    Parts = parts(filelib:wildcard("*.beam", Ebin)),
    Read = fun(Part) -> [module(filename:join(Ebin, Beam), BuiltIn) || Beam <- Part] end,
    lists:append(concurrently(Read, Parts)).

%% Enough for a process of their own.
parts(Beams) ->
    try lists:split(?BEAMS, Beams) of
        {Part, Rest} -> [Part | parts(Rest)]
    catch
        error:badarg -> [Beams]
    end.

module(Beam, BuiltIn) ->
    try relup_code:read(Beam, BuiltIn) of
        {ok, {Module, Md5, Digest}} -> {atom_to_binary(Module), relup_json:hex(Md5), relup_json:hex(Digest)};
        {error, Reason} -> bad_beam(Beam, Reason)
    catch
        %% beam_lib does not expect every kind of damage
        error:Reason -> bad_beam(Beam, Reason)
    end.

-spec bad_beam(file:filename(), term()) -> no_return().
bad_beam(Beam, Reason) ->
    [File, "ebin", Application | _] = lists:reverse(filename:split(Beam)),
    throw({error, bad_beam, io_lib:format("lib/~ts/ebin/~ts is no Erlang module that can be read", [Application, File]), Reason}).

%% Reading beams is what takes the time, so each application gets a process, a large one several; the order of the list stays.
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
