%% @doc Tells whether the dependencies of a project's version are determined by its files alone, and by what.
%%
%% Two versions with the same digest get the same dependencies, compiled from the same sources with the same options, so that
%% they need compiling only once. Where anything else may have a hand in it (scripts, shell hooks, versions that are not
%% locked, folders of the project), there is no digest. The relx section makes no difference: it is used afterwards.
-module(relup_dependencies).

-export([describe/2]).

%% @doc null, or a digest, the names of the dependencies (the folders of `_build/default/lib'), and
%% whether the files determine the plugins (`_build/*/plugins'), too: there are none, they do, or it is open.
-spec describe(file:filename(), [string()]) -> null | #{digest := binary(), names := [binary()], plugins := none | pinned | open}.
describe(Dir, Profiles) ->
    Uncertain = [filename:join(Dir, Name) || Name <- ["rebar.config.script", "rebar.lock.script", "_checkouts", "_build"]],
    case {lists:any(fun filelib:is_file/1, Uncertain), consult(Dir, "rebar.config"), consult(Dir, "rebar.lock")} of
        {false, {ok, Config}, {ok, Lock}} -> determined(Config, Lock, locks(Lock), Profiles);
        _ -> null
    end.

consult(Dir, Name) ->
    file:consult(filename:join(Dir, Name)).

determined(_Config, _Lock, unknown, _Profiles) ->
    null;
determined(Config, Lock, Locks, Profiles) ->
    Names = [Name || {Name, _Source, _Level} <- Locks],
    Active = [Options || {profiles, All} <- Config, is_list(All), {Name, Options} <- All,
        is_atom(Name), is_list(Options), lists:member(atom_to_list(Name), Profiles)],
    IsDetermined = lists:all(fun is_fixed/1, Locks) andalso
        lists:all(fun(Dependency) -> lists:member(name(Dependency), Names) end, values(deps, Config)) andalso
        not lists:any(fun(Options) -> lists:keymember(deps, 1, Options) end, Active) andalso
        not has_shell_hooks([lists:keydelete(profiles, 1, Config) | Active]),
    case IsDetermined of
        true -> #{
            digest => digest({without_relx(Config), Lock}),
            names => Names,
            plugins => pinned(plugins(Config) ++ lists:append([plugins(Options) || Options <- Active]))
        };
        false -> null
    end.

locks([{_Format, Locks} | _Hashes]) when is_list(Locks) -> Locks;
locks([Locks]) when is_list(Locks) -> Locks;
locks(_) -> unknown.

%% What the lock names is the same everywhere: a package by its version, or a commit. Sources of plugins may be folders.
is_fixed({Name, Source, Level}) when is_binary(Name), is_integer(Level) ->
    relup_names:is_component(unicode:characters_to_list(Name)) andalso is_fixed_source(Source);
is_fixed(_) -> false.

is_fixed_source({pkg, _Name, _Version}) -> true;
is_fixed_source({git, _Url, {ref, _}}) -> true;
is_fixed_source({git_subdir, _Url, {ref, _}, _Folder}) -> true;
is_fixed_source({hg, _Url, {ref, _}}) -> true;
is_fixed_source(_) -> false.

plugins(Config) ->
    values(plugins, Config) ++ values(project_plugins, Config).

%% rebar.lock does not name plugins: without an exact version rebar3 takes the newest there is.
pinned([]) ->
    none;
pinned(Plugins) ->
    case lists:all(fun is_pinned/1, Plugins) of
        true -> pinned;
        false -> open
    end.

is_pinned({Name, Version}) when is_atom(Name), is_list(Version) -> is_exact(Version);
is_pinned({Name, {git, _Url, {Kind, _}}}) when is_atom(Name) -> Kind =:= ref orelse Kind =:= tag;
is_pinned({Name, {git_subdir, _Url, {Kind, _}, _Folder}}) when is_atom(Name) -> Kind =:= ref orelse Kind =:= tag;
is_pinned({Name, Version, {pkg, _Package}}) when is_atom(Name), is_list(Version) -> is_exact(Version);
is_pinned(_) -> false.

is_exact(Version) ->
    re:run(Version, "^[0-9]+\\.[0-9]+\\.[0-9]+[-+.0-9A-Za-z]*$", [{capture, none}]) =:= match.

values(Key, Config) ->
    lists:append([List || {Found, List} <- Config, Found =:= Key, is_list(List)]).

name(Dependency) -> relup_plugins:name(Dependency).

%% Wherever they stand, e.g. in overrides: they run files of the project, which may do anything to the dependencies.
has_shell_hooks([Head | Tail]) -> has_shell_hooks(Head) orelse has_shell_hooks(Tail);
has_shell_hooks({Key, _}) when Key =:= pre_hooks; Key =:= post_hooks -> true;
has_shell_hooks(Term) when is_tuple(Term) -> has_shell_hooks(tuple_to_list(Term));
has_shell_hooks(_) -> false.

without_relx(Config) ->
    [without_relx_in(Term) || Term <- Config, not is_relx(Term)].

without_relx_in({profiles, Profiles}) when is_list(Profiles) ->
    {profiles, [
        case Profile of
            {Name, Options} when is_list(Options) -> {Name, [Option || Option <- Options, not is_relx(Option)]};
            _ -> Profile
        end
     || Profile <- Profiles
    ]};
without_relx_in(Term) ->
    Term.

is_relx(Term) ->
    is_tuple(Term) andalso tuple_size(Term) > 0 andalso element(1, Term) =:= relx.

digest(Term) ->
    binary:encode_hex(erlang:md5(term_to_binary(Term))).
