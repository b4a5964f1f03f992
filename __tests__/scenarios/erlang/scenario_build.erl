%% @doc Compiles and assembles the releases of many scenarios in one emulator: `main SpecFile ResultFile'.
%%
%% The file holds a list of releases, each a map:
%%   #{root, name, vsn, otp => [atom()], apps => [#{name, vsn, type, src, ebin, include => [Dir], options, transform}]}
%% Their sources and everything that is text (application resource files, sys.config) are there already. An application's
%% modules are compiled into its `ebin'; OTP's applications and ERTS become links to the installed ones.
-module(scenario_build).

-export([main/0]).

main() ->
    [SpecFile, ResultFile] = init:get_plain_arguments(),
    {ok, [Releases]} = file:consult(SpecFile),
    {Alone, Together} = lists:partition(fun has_transform/1, Releases),
    Failures = [compile(Release) || Release <- Alone] ++ parallel(fun compile/1, Together) ++ parallel(fun assemble/1, Releases),
    ok = file:write_file(ResultFile, [[Line, $\n] || Line <- Failures, Line =/= ok]),
    halt(0).

%% A parse transform is loaded under its one name while its version is compiled, so these go one after the other.
has_transform(#{apps := Apps}) -> lists:any(fun(App) -> is_map_key(transform, App) end, Apps).

parallel(Fun, List) ->
    Queue = self(),
    Workers = [spawn_link(fun() -> worker(Queue, Fun) end) || _ <- lists:seq(1, erlang:system_info(schedulers_online) + 1)],
    Answers = serve(List, length(Workers), []),
    Answers.

worker(Queue, Fun) ->
    Queue ! {next, self()},
    receive
        {work, Item} ->
            Queue ! {done, Fun(Item)},
            worker(Queue, Fun);
        stop ->
            ok
    end.

serve([], 0, Answers) ->
    Answers;
serve(List, Workers, Answers) ->
    receive
        {done, Answer} ->
            serve(List, Workers, [Answer | Answers]);
        {next, Worker} when List =:= [] ->
            Worker ! stop,
            serve([], Workers - 1, Answers);
        {next, Worker} ->
            Worker ! {work, hd(List)},
            serve(tl(List), Workers, Answers)
    end.

compile(#{apps := Apps}) ->
    all([compile_app(App) || App <- Apps]).

compile_app(#{src := Src, ebin := Ebin} = App) ->
    Files = filelib:wildcard("*.erl", Src),
    Transform = [atom_to_list(Name) ++ ".erl" || {transform, Name} <- maps:to_list(maps:with([transform], App))],
    First = [compile_file(File, App) || File <- Transform],
    [load(list_to_atom(filename:rootname(File)), Ebin) || File <- Transform],
    all(First ++ [compile_file(File, App) || File <- Files -- Transform]).

load(Module, Ebin) ->
    code:purge(Module),
    {module, Module} = code:load_abs(filename:join(Ebin, atom_to_list(Module))).

compile_file(File, #{src := Src, ebin := Ebin, include := Include, options := Options}) ->
    Dirs = [{i, Dir} || Dir <- Include],
    case compile:file(filename:join(Src, File), Options ++ Dirs ++ [{outdir, Ebin}, return]) of
        {ok, _, _} -> ok;
        {error, Errors, _} -> io_lib:format("~ts: ~tp", [filename:join(Src, File), Errors])
    end.

assemble(#{root := Root, name := Name, vsn := Vsn, otp := Otp, apps := Apps} = Release) ->
    Erts = "erts-" ++ erlang:system_info(version),
    ok = file:make_symlink(filename:join(code:root_dir(), Erts), filename:join(Root, Erts)),
    Libraries = [library(Root, App) || App <- Otp],
    Folder = filename:join([Root, "releases", Vsn]),
    Rel = {release, {Name, Vsn}, {erts, erlang:system_info(version)}, Libraries ++ [entry(App) || App <- Apps]},
    RelFile = filename:join(Folder, Name ++ ".rel"),
    [ok = write(File, Rel) || File <- [RelFile, filename:join([Root, "releases", Name ++ ".rel"])]],
    ok = file:write_file(filename:join([Root, "releases", "start_erl.data"]), [erlang:system_info(version), " ", Vsn, "\n"]),
    Ebins = filelib:wildcard(filename:join([Root, "lib", "*", "ebin"])),
    case systools:make_script(filename:rootname(RelFile), [silent, {path, Ebins}, {outdir, Folder}]) of
        {ok, _, _} -> records(Root, Folder, Name, RelFile);
        {error, Module, Reason} -> case Release of
            #{may_fail := true} -> ok;
            _ -> io_lib:format("~ts ~ts: ~ts", [Root, Vsn, Module:format_error(Reason)])
        end
    end.

records(Root, Folder, Name, RelFile) ->
    [{ok, _} = file:copy(filename:join(Folder, Name ++ Ext), filename:join(Folder, "start" ++ Ext)) || Ext <- [".boot", ".script"]],
    ok = release_handler:create_RELEASES(Root, filename:join(Root, "releases"), RelFile, []).

library(Root, App) ->
    _ = application:load(App),
    {ok, Vsn} = application:get_key(App, vsn),
    Dir = atom_to_list(App) ++ "-" ++ Vsn,
    ok = file:make_symlink(code:lib_dir(App), filename:join([Root, "lib", Dir])),
    {App, Vsn}.

entry(#{name := App, vsn := Vsn, type := permanent}) -> {App, Vsn};
entry(#{name := App, vsn := Vsn, type := Type}) -> {App, Vsn, Type}.

write(File, Term) ->
    file:write_file(File, io_lib:format("~tp.~n", [Term])).

all(Results) ->
    case [Result || Result <- Results, Result =/= ok] of
        [] -> ok;
        [First | _] -> First
    end.
