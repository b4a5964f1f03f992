%% @doc What the control process can ask a node, and the answers as JSON. What is evaluated there stands in on_node/.
-module(relup_node).

-export([run/3]).
-export_type([evaluate/0]).

-type evaluate() :: fun((Question :: atom(), [{atom(), term()}]) -> {ok, term()} | {error, atom(), term(), term()}).

%% An appup cannot say how long code_change may take: its timeout is that of suspending. After release_handler's own 5 seconds the
%% node would be restarted, in the middle of a conversion that may need longer (H136).
-define(CODE_CHANGE_SECONDS, 120).

%% @doc Runs one operation; `Evaluate' asks the node a question of relup_on_node.
-spec run(string(), [string()], evaluate()) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}.
run("state", [], Evaluate) ->
    answer(Evaluate(state, []), fun state_json/1);
run("observe", [OldCodeFile, AsksInit, OldPaths], Evaluate) ->
    answer(
        Evaluate(observe, [
            {'OldCode', old_code(OldCodeFile)},
            {'OldPaths', old_paths(OldPaths)},
            {'AsksInit', AsksInit =:= "true"}
        ]),
        fun observation_json/1
    );
run("trace-suspensions", [], Evaluate) ->
    answer(Evaluate(trace_suspensions, []), fun(1) -> {ok, true} end);
run("suspensions", [], Evaluate) ->
    answer(Evaluate(suspensions, []), fun relup_suspensions:to_json/1);
run("releases-file", [File], Evaluate) ->
    answer(Evaluate(releases_file, [{'File', File}]), fun releases_json/1);
run("consult-config", [File], Evaluate) ->
    answer(Evaluate(consult_config, [{'File', File}]), fun config_json/1);
run("unpack", [Package], Evaluate) ->
    answer(Evaluate(unpack, [{'Package', Package}]), fun handler_json/1);
run("set-removed", [Vsn], Evaluate) ->
    answer(Evaluate(set_removed, [{'Vsn', Vsn}]), fun handler_json/1);
run("check-install", [Vsn], Evaluate) ->
    answer(Evaluate(check_install, [{'Vsn', Vsn}]), fun handler_json/1);
run("install", [Vsn], Evaluate) ->
    answer(Evaluate(install, [{'Vsn', Vsn}, {'Ms', 1000 * ?CODE_CHANGE_SECONDS}]), fun handler_json/1);
run("remove-release", [Vsn], Evaluate) ->
    answer(Evaluate(remove_release, [{'Vsn', Vsn}]), fun handler_json/1);
run("make-permanent", [Vsn], Evaluate) ->
    answer(Evaluate(make_permanent, [{'Vsn', Vsn}]), fun handler_json/1);
run("stop", [], Evaluate) ->
    answer(Evaluate(stop, []), fun(ok) -> {ok, true} end);
run("script-effects", [InstructionsFile], _Evaluate) ->
    {ok, relup_effects:of_file(InstructionsFile)};
run("relup-effects", [RelupFile, Vsn], _Evaluate) ->
    {ok, relup_effects:of_relup(RelupFile, Vsn)};
run(Operation, Args, Evaluate) ->
    relup_watch:run(Operation, Args, Evaluate).

answer({ok, Value}, ToJson) -> ToJson(Value);
answer(Error, _ToJson) -> Error.

%% A line each: module, space, MD5 in hexadecimal digits.
old_code(File) ->
    {ok, Text} = file:read_file(File),
    [
        {binary_to_atom(Module), binary:decode_hex(MD5)}
     || Line <- binary:split(Text, <<"\n">>, [global, trim_all]), [Module, MD5] <- [binary:split(Line, <<" ">>)]
    ].

%% A line each: application, space, path.
old_paths(Text) ->
    [
        {list_to_atom(App), unicode:characters_to_binary(Path)}
     || Line <- string:lexemes(Text, "\n"), [App, Path] <- [string:split(Line, " ")]
    ].

observation_json({State, Observed}) ->
    {ok, Json} = state_json(State),
    {ok, maps:merge(Json, relup_observe:to_json(Observed))}.

state_json(State) ->
    #{releases := Releases, applications := Applications, path := Path, modules := Modules} = State,
    Texts = maps:map(fun
        (_, Number) when is_integer(Number) -> Number;
        (_, Text) -> relup_json:text(Text)
    end, maps:without([releases, applications, path, modules], State)),
    {ok, Texts#{
        releases => handler_releases(Releases),
        applications => maps:from_list([{App, relup_json:text(Vsn)} || {App, Vsn} <- Applications]),
        path => [relup_json:text(Dir) || Dir <- Path],
        modules => [module_json(Module) || Module <- Modules]
    }}.

handler_releases(none) ->
    null;
handler_releases(Releases) ->
    {ok, Json} = releases_json(Releases),
    Json.

releases_json(Releases) ->
    {ok, [
        #{
            name => relup_json:text(Name),
            version => relup_json:text(Vsn),
            applications => [relup_json:text(App) || App <- Applications],
            status => Status
        }
     || {Name, Vsn, Applications, Status} <- Releases
    ]}.

%% The file is a string, or an atom (preloaded, cover_compiled) or [] when there is none.
module_json({Module, File, MD5}) ->
    #{name => Module, file => relup_json:text(File), md5 => md5(MD5)}.

md5(MD5) when is_binary(MD5) -> relup_json:hex(MD5);
md5(_) -> null.

config_json({error, Why}) ->
    bad_config(["it cannot be read: ", Why], Why);
config_json({false, _}) ->
    bad_config("an entry is not {Application, [{Key, Value}, ...]}", shape);
config_json({true, [{Include, Why} | _] = Unread}) ->
    Text = [
        "it includes ", filename:basename(Include), ", which release_handler looks for from the folder that the node works in, "
        "not beside sys.config as a boot does (", Include, ": ", Why, ")"
    ],
    {error, bad_include, Text, Unread};
config_json({true, []}) ->
    {ok, true}.

bad_config(Text, Term) ->
    {error, bad_config, Text, Term}.

%% What release_handler answers; its errors become one sentence each.
handler_json(ok) ->
    {ok, #{answer => ok}};
handler_json({ok, Vsn}) ->
    {ok, #{answer => ok, version => relup_json:text(Vsn)}};
handler_json({Answer, OtherVsn, _Description}) when Answer =:= ok; Answer =:= continue_after_restart ->
    {ok, #{answer => Answer, version => relup_json:text(OtherVsn)}};
handler_json({error, {'EXIT', Reason}}) ->
    handler_json({error, Reason});
handler_json({error, {timeout, {sys, change_code, [Process, Module | _]}} = Reason}) ->
    Args = [process_name(Process), Module, ?CODE_CHANGE_SECONDS],
    {error, code_change, io_lib:format("The conversion of the process ~ts by ~ts:code_change took longer than the ~b seconds that it has.", Args), Reason};
handler_json({error, {code_change_failed, Process, Module, _Vsn, Why}}) ->
    Args = [process_name(Process), Module],
    {error, code_change_failed, io_lib:format("The conversion of the process ~ts by ~ts:code_change failed.", Args), Why};
handler_json({error, Reason}) ->
    {Name, Text} = handler_error(Reason),
    {error, Name, ["release_handler refuses: " | Text], Reason}.

%% As it is called on its node: here the first number of its id is another one.
process_name(Pid) when is_pid(Pid) ->
    [_, Rest] = string:split(pid_to_list(Pid), "."),
    ["<0.", Rest];
process_name(Name) ->
    io_lib:format("~tp", [Name]).

handler_error({old_processes, Module}) ->
    {old_processes, io_lib:format("processes still run old code of module ~ts.", [Module])};
handler_error({no_matching_relup, To, From}) ->
    {no_matching_relup, io_lib:format("the relup of ~ts has no instructions from ~ts.", [To, From])};
handler_error({bad_relup_file, File}) ->
    {bad_relup_file, io_lib:format("~ts is not a relup for these releases.", [File])};
handler_error({enoent, File}) ->
    %% what is left when neither relup, the new release's or the running one's, leads from one to the other
    case filename:basename(File) of
        "relup" -> {no_matching_relup, "no relup leads from the running release to the unpacked one."};
        _ -> handler_error({no_such_file, File})
    end;
handler_error({existing_release, Vsn}) ->
    {existing_release, io_lib:format("a release ~ts is registered already.", [Vsn])};
handler_error({already_installed, Vsn}) ->
    {already_installed, io_lib:format("release ~ts is installed already.", [Vsn])};
handler_error({no_such_release, Vsn}) ->
    {no_such_release, io_lib:format("no release ~ts is registered.", [Vsn])};
handler_error({no_such_file, File}) ->
    {no_such_file, io_lib:format("the file ~tp is missing.", [File])};
handler_error({no_such_directory, File}) ->
    {no_such_file, io_lib:format("the folder ~tp is missing.", [File])};
handler_error({cannot_extract_file, File, Reason}) ->
    {cannot_extract_file, io_lib:format("~tp cannot be written (~tp).", [File, Reason])};
handler_error({bad_status, Status}) ->
    {bad_status, io_lib:format("the release has status ~ts.", [Status])};
handler_error(client_node) ->
    {client_node, "the node has its release from another node (sasl's client_directory)."};
handler_error(_) ->
    {release_handler, "its reason is given in the details."}.
