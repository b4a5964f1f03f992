%% @doc Names and versions of releases and applications: they become parts of paths (H15, H99).
%%
%% `project ProjectDir Profiles': what a project's configuration calls its releases and applications, before anything is
%% built. relx makes a folder of every version without a look at it, also outside of the project. Only what stands in the
%% files is known: not what scripts, git or commands will say. With it comes what relup_dependencies knows of the profiles,
%% whose names are separated by commas, what relup_plugins knows, and whether all versions are fixed, so that one commit always has the
%% same ones.
-module(relup_names).

-export([command/1, is_component/1, is_text/1]).

-spec command([string()]) -> {ok, map()}.
command([ProjectDir, Profiles]) ->
    Named = releases(ProjectDir) ++ applications(ProjectDir),
    {ok, #{
        named => Named,
        fixed => are_fixed(Named) andalso not may_be_others(ProjectDir),
        alone => relup_plugins:describe(ProjectDir),
        dependencies => relup_dependencies:describe(ProjectDir, string:lexemes(Profiles, ","))
    }}.

%% A version from git depends on the tags, which may be set later than the commit was made.
are_fixed(Named) ->
    lists:all(fun(#{version := Version}) -> Version =/= null end, Named) andalso
        lists:any(fun(#{kind := Kind}) -> Kind =:= release end, Named) andalso
        lists:any(fun(#{kind := Kind}) -> Kind =:= application end, Named).

%% Scripts, and folders of applications that are not looked into.
may_be_others(Dir) ->
    lists:any(
        fun(Folder) -> filelib:wildcard(Folder ++ "*.script", Dir) =/= [] end,
        ["", "src/", "apps/*/src/", "lib/*/src/"]
    ) orelse
        lists:keymember(project_app_dirs, 1, consult(Dir, "rebar.config")).

%% @doc Whether a term is a string that names something in a folder, and nothing outside of it.
-spec is_component(term()) -> boolean().
is_component(Text) ->
    is_text(Text) andalso Text =/= "" andalso Text =/= "." andalso Text =/= ".." andalso
        not lists:any(fun(Char) -> Char =:= $/ orelse Char =:= 0 end, Text).

%% @doc Whether a term is a string.
-spec is_text(term()) -> boolean().
is_text(Text) ->
    io_lib:char_list(Text).

releases(Dir) ->
    Terms = consult(Dir, "rebar.config"),
    Profiles = lists:append([Profile || {profiles, List} <- Terms, is_list(List), {_, Profile} <- List, is_list(Profile)]),
    Relx = [Section || {relx, Section} <- Terms ++ Profiles, is_list(Section)] ++ [consult(Dir, "relx.config")],
    lists:append([releases_in(Section) || Section <- Relx]).

releases_in(Section) ->
    [
        named(release, element(1, element(2, Term)), element(2, element(2, Term)))
     || Term <- Section, is_tuple(Term), tuple_size(Term) >= 3, element(1, Term) =:= release, is_pair(element(2, Term))
    ].

is_pair(Term) ->
    is_tuple(Term) andalso tuple_size(Term) =:= 2.

applications(Dir) ->
    [
        named(application, Name, proplists:get_value(vsn, Properties))
     || Sources <- ["src", "apps/*/src", "lib/*/src"],
        File <- filelib:wildcard(Sources ++ "/*.app.src", Dir),
        {application, Name, Properties} <- consult(Dir, File),
        is_list(Properties)
    ].

%% A version that is not written down (git, a command) is null.
named(Kind, Name, Version) ->
    #{kind => Kind, name => name(Name), version => version(Version)}.

name(Name) when is_atom(Name) -> atom_to_binary(Name);
name(Name) -> relup_json:term(Name).

version(Version) ->
    case is_text(Version) of
        true -> relup_json:text(Version);
        false -> null
    end.

%% What cannot be read is rebar3's to tell.
consult(Dir, File) ->
    case file:consult(filename:join(Dir, File)) of
        {ok, Terms} -> Terms;
        {error, _} -> []
    end.
