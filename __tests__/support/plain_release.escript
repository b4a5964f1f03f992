%% Makes two plain OTP releases and the relup between them, without rebar3: plain_release.escript Folder
%% Folder holds spec.config: {Name, ErtsVersion is taken from this emulator,
%% [{ReleaseVersion, [{Application, ApplicationVersion}], OtpApplications}]} with sources in src/<ReleaseVersion>/<Application>/.
%% OTP's applications and the emulator are links, so that a release costs milliseconds.
main([Folder]) ->
    {ok, [{Name, Releases}]} = file:consult(filename:join(Folder, "spec.config")),
    Roots = [make(Folder, Name, Release) || Release <- Releases],
    [{_, Old}, {_, New}] = [{Vsn, filename:join([Root, "releases", Vsn, Name])} || {Vsn, Root} <- Roots],
    [_, {NewVsn, NewRoot}] = Roots,
    Paths = [filename:join([Root, "lib", "*", "ebin"]) || {_, Root} <- Roots],
    Out = filename:join([NewRoot, "releases", NewVsn]),
    case systools:make_relup(New, [Old], [Old], [silent, {path, Paths}, {outdir, Out}]) of
        {ok, _, _, _} -> ok;
        {error, Module, Reason} -> io:format("~ts~n", [Module:format_error(Reason)]), halt(1)
    end.

make(Folder, Name, {Vsn, Applications, More}) ->
    Root = filename:join(Folder, Vsn),
    Lib = filename:join(Root, "lib"),
    Release = filename:join([Root, "releases", Vsn]),
    ok = filelib:ensure_dir(filename:join(Release, "x")),
    ok = filelib:ensure_dir(filename:join(Lib, "x")),
    Erts = erlang:system_info(version),
    ok = file:make_symlink(filename:join(code:root_dir(), "erts-" ++ Erts), filename:join(Root, "erts-" ++ Erts)),
    Otp = [link(Lib, App) || App <- [kernel, stdlib, sasl | More]],
    Own = [compile(Folder, Lib, Vsn, App) || App <- Applications],
    Rel = {release, {Name, Vsn}, {erts, Erts}, Otp ++ Own},
    RelFile = filename:join(Release, Name ++ ".rel"),
    ok = file:write_file(RelFile, io_lib:format("~p.~n", [Rel])),
    Options = [silent, {path, [filename:join([Lib, "*", "ebin"])]}, {outdir, Release}, {script_name, "start"}, no_warn_sasl],
    {ok, _, _} = systools:make_script(filename:join(Release, Name), Options),
    ok = file:write_file(filename:join([Root, "releases", "start_erl.data"]), [Erts, " ", Vsn, "\n"]),
    Config = filename:join([Folder, "src", Vsn, "sys.config"]),
    {ok, _} = file:copy(Config, filename:join(Release, "sys.config")),
    ok = file:write_file(filename:join(Release, "vm.args"), ["-sname ", Name, "\n-setcookie fixed\n-heart\n"]),
    ok = release_handler:create_RELEASES(Root, filename:join(Root, "releases"), RelFile, []),
    {Vsn, Root}.

link(Lib, App) ->
    Dir = code:lib_dir(App),
    {ok, [{application, App, Properties}]} = file:consult(filename:join([Dir, "ebin", atom_to_list(App) ++ ".app"])),
    Vsn = proplists:get_value(vsn, Properties),
    ok = file:make_symlink(Dir, filename:join(Lib, atom_to_list(App) ++ "-" ++ Vsn)),
    {App, Vsn}.

compile(Folder, Lib, ReleaseVsn, {App, Vsn}) ->
    Src = filename:join([Folder, "src", ReleaseVsn, atom_to_list(App)]),
    Ebin = filename:join([Lib, atom_to_list(App) ++ "-" ++ Vsn, "ebin"]),
    ok = filelib:ensure_dir(filename:join(Ebin, "x")),
    Modules = [begin
        {ok, Module} = compile:file(File, [report, {outdir, Ebin}]),
        Module
    end || File <- filelib:wildcard(filename:join(Src, "*.erl"))],
    {ok, [{application, App, Properties}]} = file:consult(filename:join(Src, "app")),
    Full = {application, App, [{vsn, Vsn}, {modules, Modules} | Properties]},
    ok = file:write_file(filename:join(Ebin, atom_to_list(App) ++ ".app"), io_lib:format("~p.~n", [Full])),
    case file:copy(filename:join(Src, "appup"), filename:join(Ebin, atom_to_list(App) ++ ".appup")) of
        {ok, _} -> ok;
        {error, enoent} -> ok
    end,
    {App, Vsn}.
