%% @doc Judges an upgrade with nothing of the action but its upgrade package: `main SpecFile ResultFile'.
%%
%% The up-from release is started, upgraded and downgraded by plain release_handler calls, and compared with cold boots of
%% both releases. The nodes are peers over standard input and output: no distribution, and they end with this emulator.
%%
%% Spec: #{name, erts, up_from => {Root, Vsn}, to => {Root, Vsn}, own => [App], before => Text, asks => [{Ask, Old, New, Back}],
%%         replaced => [Name], rounds => N, elsewhere => {[App], [Module]}, crashes => File}; `rounds': how often it goes up and down; `elsewhere': the code of these is not compared,
%% because one source was compiled in two folders; `crashes': where nodes write what they log as errors, if not "".
%% `up_from' is a root of its own that holds the package at releases/<name>-<vsn>.tar.gz.
%% Result: a line for each difference; none when all is equal.
-module(scenario_oracle).

-export([main/0]).

-define(PATIENCE_MS, 60000).

main() ->
    [SpecFile, ResultFile] = init:get_plain_arguments(),
    {ok, [Spec]} = file:consult(SpecFile),
    Lines = try judge(Spec) catch throw:{Stage, Reason} -> [io_lib:format("~ts: ~0tp", [Stage, Reason])] end,
    ok = file:write_file(ResultFile, [unicode:characters_to_binary([string:replace(Line, "\n", " ", all), $\n]) || Line <- Lines]),
    halt(0).

judge(#{up_from := {_, UpFromVsn} = UpFrom, to := {_, ToVsn} = To, before := Before, asks := Asks, crashes := Crashes} = Spec) ->
    records(Spec, UpFrom),
    Cold = alone(Spec, To, fun(Peer) -> snapshot(Peer, Spec) end),
    Lines = alone(Spec, UpFrom, fun(Peer) ->
        First = snapshot(Peer, Spec),
        [evaluate(Peer, "before", Before) || Before =/= ""],
        Told = answers(Peer, "before the upgrade", [{Ask, Old} || {Ask, Old, _, _} <- Asks]),
        Pids = pids(Peer),
        Made = made(First, snapshot(Peer, Spec)),
        unpack(Peer, Spec, ToVsn),
        install(Peer, "upgrade", ToVsn),
        Upgraded = snapshot(Peer, Spec),
        ToldUp = answers(Peer, "after the upgrade", [{Ask, New} || {Ask, _, New, _} <- Asks]),
        PidsUp = pids(Peer),
        install(Peer, "downgrade", UpFromVsn),
        Downgraded = snapshot(Peer, Spec),
        ToldBack = answers(Peer, "after the downgrade", [{Ask, Back} || {Ask, _, _, Back} <- Asks]),
        PidsBack = pids(Peer),
        Told ++ ToldUp ++ ToldBack ++
            differences("upgraded node and cold boot", Cold, Upgraded, Made) ++
            differences("downgraded node and first boot", First, Downgraded, Made) ++
            replaced("upgrade", Pids, PidsUp, Spec) ++ replaced("downgrade", PidsUp, PidsBack, Spec) ++
            again(Peer, Spec, PidsBack, 2)
    end),
    Lines ++ crashes(Crashes).

%% What goes well once may be luck: a process is hit in a window of microseconds, or not.
again(_, #{rounds := Rounds}, _, Round) when Round > Rounds ->
    [];
again(Peer, #{up_from := {_, UpFromVsn}, to := {_, ToVsn}, asks := Asks} = Spec, Pids, Round) ->
    Of = fun(Step) -> io_lib:format("~ts of round ~b", [Step, Round]) end,
    install(Peer, "upgrade", ToVsn),
    Told = answers(Peer, Of("upgrade"), [{Ask, New} || {Ask, _, New, _} <- Asks]),
    PidsUp = pids(Peer),
    install(Peer, "downgrade", UpFromVsn),
    ToldBack = answers(Peer, Of("downgrade"), [{Ask, Back} || {Ask, _, _, Back} <- Asks]),
    PidsBack = pids(Peer),
    Lines = Told ++ ToldBack ++ replaced(Of("upgrade"), Pids, PidsUp, Spec) ++ replaced(Of("downgrade"), PidsUp, PidsBack, Spec),
    Lines ++ again(Peer, Spec, PidsBack, Round + 1).

%% The root is a copy, and the records that came with it name another place.
records(#{name := Name}, {Root, Vsn}) ->
    Releases = filename:join(Root, "releases"),
    ok = release_handler:create_RELEASES(Root, Releases, filename:join([Releases, Vsn, Name ++ ".rel"]), []).

alone(#{erts := Erts, crashes := Crashes}, {Root, Vsn}, Fun) ->
    Bin = filename:join([Root, Erts, "bin"]),
    Folder = filename:join([Root, "releases", Vsn]),
    Environment = [{"ROOTDIR", Root}, {"BINDIR", Bin}, {"EMU", "beam"}, {"PROGNAME", "erl"}, {"ERL_CRASH_DUMP_BYTES", "0"}],
    Arguments = ["-boot", filename:join(Folder, "start"), "-config", filename:join(Folder, "sys"), "-mode", "embedded",
        "-kernel", "logger_level" | logging(Crashes)] ++ ["+S", "1", "+sbwt", "none", "+A", "1"],
    Options = #{exec => {filename:join(Bin, "erlexec"), []}, connection => standard_io, args => Arguments,
        env => Environment, wait_boot => ?PATIENCE_MS},
    case peer:start(Options) of
        {ok, Peer, _} -> try Fun(Peer) after stop(Peer) end;
        {error, Reason} -> throw({"boot of " ++ Vsn, Reason})
    end.

logging("") -> ["critical"];
logging(File) ->
    Handler = #{level => error, config => #{file => File}, formatter => {logger_formatter, #{single_line => true}}},
    ["error", "-kernel", "logger", text([{handler, default, undefined}, {handler, crashes, logger_std_h, Handler}])].

crashes("") -> [];
crashes(File) ->
    case file:read_file(File) of
        {ok, Text} -> [["logged as an error: ", Line] || Line <- string:lexemes(Text, "\n")];
        {error, enoent} -> []
    end.

%% It may have ended by itself.
stop(Peer) ->
    try peer:stop(Peer) catch exit:_ -> ok end.

call(Peer, Stage, Module, Function, Args) ->
    try peer:call(Peer, Module, Function, Args, ?PATIENCE_MS) catch
        exit:{Reason, {gen_server, call, _}} -> throw({Stage, {the_node_ended, Reason}});
        Class:Reason -> throw({Stage, {Class, Reason}})
    end.

unpack(Peer, #{name := Name}, Vsn) ->
    ok_in("unpack", call(Peer, "unpack", release_handler, unpack_release, [Name ++ "-" ++ Vsn])).

%% Processes in old code are only ended when the release is made permanent.
install(Peer, Stage, Vsn) ->
    ok_in(Stage, call(Peer, Stage, release_handler, install_release, [Vsn])),
    case call(Peer, Stage, release_handler, make_permanent, [Vsn]) of
        ok -> ok;
        Error -> throw({Stage, {make_permanent, Error}})
    end.

ok_in(_Stage, {ok, _}) -> ok;
ok_in(_Stage, {ok, _, _}) -> ok;
ok_in(Stage, Error) -> throw({Stage, Error}).

evaluate(Peer, Stage, Text) ->
    {ok, Tokens, _} = erl_scan:string(Text ++ "."),
    {ok, Forms} = erl_parse:parse_exprs(Tokens),
    {value, Value, _} = call(Peer, Stage, erl_eval, exprs, [Forms, []]),
    Value.

%% A question that fails is an answer, too: `exit:{noproc, …}'.
answers(Peer, Stage, Expected) ->
    Wrap = "try [Ask] catch Class:Reason -> {Class, Reason} end",
    lists:append([
        case text(evaluate(Peer, Stage, lists:flatten(string:replace(Wrap, "[Ask]", Ask)))) of
            Expectation -> [];
            Other -> [io_lib:format("~ts ~ts answers ~ts instead of ~ts", [Stage, Ask, Other, Expectation])]
        end
     || {Ask, Expectation} <- Expected
    ]).

text(Term) -> lists:flatten(io_lib:format("~0tp", [Term])).

%% What must be equal.

snapshot(Peer, #{own := Own, elsewhere := {Elsewhere, Same}}) ->
    {ok, Tokens, _} = erl_scan:string(looks()),
    {ok, Forms} = erl_parse:parse_exprs(Tokens),
    {value, Value, _} = call(Peer, "look", erl_eval, exprs, [Forms, [{'Own', Own}, {'Elsewhere', Elsewhere}, {'Same', Same}]]),
    Value.

looks() ->
    "Root = code:root_dir(),\n"
    "IsOf = fun(File, Apps) -> is_list(File) andalso lists:any(fun(App) ->\n"
    "    lists:prefix(filename:join([Root, \"lib\", atom_to_list(App)]) ++ \"-\", File) end, Apps) end,\n"
    "IsOwn = fun(File) -> IsOf(File, Own) end,\n"
    "Digest = fun(Module) ->\n"
    "    case lists:member(Module, Same) orelse IsOf(code:which(Module), Elsewhere) of true -> same; false -> Module:module_info(md5) end end,\n"
    "Modules = [Module || {Module, File} <- code:all_loaded(), IsOwn(File)],\n"
    "Stable = fun Wait(Last, Rounds) ->\n"
    "    receive after 20 -> ok end,\n"
    "    case lists:sort([{Name, whereis(Name)} || Name <- registered()]) of\n"
    "        Last -> ok;\n"
    "        _ when Rounds =:= 0 -> ok;\n"
    "        Other -> Wait(Other, Rounds - 1)\n"
    "    end\n"
    "end,\n"
    "Stable([], 50),\n"
    "IsSupervisor = fun(Pid) ->\n"
    "    case process_info(Pid, dictionary) of\n"
    "        {dictionary, Dictionary} -> case lists:keyfind('$initial_call', 1, Dictionary) of {_, {supervisor, _, _}} -> true; _ -> false end;\n"
    "        undefined -> false\n"
    "    end\n"
    "end,\n"
    "Tree = fun Walk(Sup, true) ->\n"
    "        State = sys:get_state(Sup, 5000),\n"
    "        Dynamic = element(3, State) =:= simple_one_for_one,\n"
    "        Children = case Dynamic of true -> []; false -> supervisor:which_children(Sup) end,\n"
    "        {[element(I, State) || I <- [3, 6, 7] ++ [4 || Dynamic]],\n"
    "         lists:sort([{Id,\n"
    "           case supervisor:get_childspec(Sup, Id) of {ok, Spec} -> Spec; _ -> none end,\n"
    "           if is_pid(Pid) -> {process, process_info(Pid, [registered_name])}; true -> Pid end,\n"
    "           case Type of supervisor when is_pid(Pid) -> Walk(Pid, IsSupervisor(Pid)); _ -> leaf end}\n"
    "          || {Id, Pid, Type, _} <- Children])};\n"
    "    Walk(_, false) -> other_supervisor\n"
    "end,\n"
    "Top = fun(App) -> case application_controller:get_master(App) of\n"
    "    undefined -> not_running;\n"
    "    Master -> case application_master:get_child(Master) of\n"
    "        {Pid, _Callback} when is_pid(Pid) -> Tree(Pid, IsSupervisor(Pid));\n"
    "        Other -> Other\n"
    "    end\n"
    "end end,\n"
    "Hidden = fun(Key) -> lists:member(Key, [included_applications]) end,\n"
    "#{modules => lists:sort([{Module, Digest(Module)} || Module <- Modules]),\n"
    "  loaded => lists:sort([{App, Vsn} || {App, _, Vsn} <- application:loaded_applications()]),\n"
    "  running => lists:sort([{App, Vsn} || {App, _, Vsn} <- application:which_applications()]),\n"
    "  environment => [{App, [Pair || {Key, _} = Pair <- lists:sort(application:get_all_env(App)), not Hidden(Key)]} || App <- lists:sort(Own)],\n"
    "  registered => lists:sort(registered()),\n"
    "  tables => lists:sort([Table || Table <- ets:all(), is_atom(Table)]),\n"
    "  old_code => lists:sort([{Module, length([Pid || Pid <- processes(), erlang:check_process_code(Pid, Module)])} || Module <- Modules, erlang:check_old_code(Module), lists:any(fun(Pid) -> erlang:check_process_code(Pid, Module) end, processes())]),\n"
    "  trees => [{App, Top(App)} || App <- lists:sort(Own)]}.".

%% Names that processes and tables got at run time: no boot has them.
made(Booted, Used) ->
    maps:map(fun(Key, Names) -> Names -- maps:get(Key, Booted) end, maps:with([registered, tables], Used)).

differences(Between, Expected, Found0, Made) ->
    Left = fun(Key, Names) -> Names -- (maps:get(Key, Made, []) -- maps:get(Key, Expected)) end,
    Found = maps:merge(Found0, maps:map(Left, maps:with([registered, tables], Found0))),
    [
        io_lib:format("~ts: ~ts: ~0tp instead of ~0tp", [Between, Key, minus(F, E), minus(E, F)])
     || {Key, E} <- lists:sort(maps:to_list(Expected)), F <- [maps:get(Key, Found)], F =/= E
    ].

minus(A, B) -> [Item || Item <- A, not lists:member(Item, B)].

%% Processes that must live on.

pids(Peer) ->
    evaluate(Peer, "processes", "[{Name, whereis(Name)} || Name <- registered()]").

replaced(Step, Before, After, #{replaced := Allowed}) ->
    [
        io_lib:format("the ~ts replaced the process ~tp", [Step, Name])
     || {Name, Pid} <- lists:sort(Before),
        Other <- [proplists:get_value(Name, After)],
        Other =/= undefined, Other =/= Pid, not lists:member(Name, Allowed)
    ].
