%% @doc Gives applications of a worktree a version that only one run sees: `raise ProjectDir LibDir Application Version ...'.
%%
%% rebar3 evaluates `<application>.app.src.script' instead of the file without `.script'; one is written that leaves everything but
%% the version as it was, however that is made (a text, git, a command, a script of the project's own). Answers those that it
%% found a source of; dependencies are in LibDir, and are compiled anew. The worktree is ours; no file of the user's is touched.
-module(relup_raise).

-export([command/1]).

-spec command([string()]) -> {ok, [binary()]}.
command([ProjectDir, LibDir | Flat]) ->
    {ok, [unicode:characters_to_binary(Name) || {Name, Version} <- pairs(Flat), raised(ProjectDir, LibDir, Name, Version)]}.

pairs([Name, Version | Rest]) -> [{Name, Version} | pairs(Rest)];
pairs([]) -> [].

raised(ProjectDir, LibDir, Name, Version) ->
    File = Name ++ ".app.src",
    Own = [
        Dir
     || Pattern <- ["src", filename:join(["*", Name, "src"])],
        Dir <- filelib:wildcard(Pattern, ProjectDir),
        not lists:prefix("_", Dir),
        has_source(filename:join([ProjectDir, Dir, File]))
    ],
    Dependency = filename:join([LibDir, Name, "src", File]),
    case {Own, has_source(Dependency)} of
        {[Dir | _], _} ->
            write_script(filename:join([ProjectDir, Dir, File]), Version);
        {[], true} ->
            true = write_script(Dependency, Version),
            %% What lacks it counts as not compiled.
            file:delete(filename:join([LibDir, Name, "ebin", Name ++ ".app"])) =:= ok;
        {[], false} ->
            false
    end.

has_source(File) ->
    filelib:is_regular(File) orelse filelib:is_regular(File ++ ".script").

write_script(File, Version) ->
    Script = File ++ ".script",
    Kept = Script ++ ".own",
    Own =
        case file:rename(Script, Kept) of
            ok -> own_script(Kept);
            {error, enoent} -> "CONFIG"
        end,
    Text = io_lib:format(
        "[case Term of\n"
        "    {application, Name, Properties} -> {application, Name, lists:keystore(vsn, 1, Properties, {vsn, ~w})};\n"
        "    _ -> Term\n"
        " end || Term <- ~ts].\n",
        [Version, Own]
    ),
    ok = file:write_file(Script, Text),
    true.

%% With the bindings that rebar3 gives it.
own_script(File) ->
    io_lib:format(
        "begin {ok, Terms} = file:script(~w, erl_eval:add_binding('CONFIG', CONFIG, "
        "erl_eval:add_binding('SCRIPT', SCRIPT, erl_eval:new_bindings()))), Terms end",
        [File]
    ).
