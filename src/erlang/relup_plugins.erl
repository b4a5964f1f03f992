%% @doc What a project's configuration lets others than rebar3 do in a build: plugins, hooks, parse transforms.
%%
%% Of scripts, which may add any of these, nothing is known.
-module(relup_plugins).

-export([describe/1, name/1]).

%% Plugins that look at code, format it or make something else of it. Of rebar3_appup_plugin there are hooks where it has a part in
%% anything.
-define(MAKING_NO_CODE, [
    <<"covertool">>, <<"coveralls">>, <<"erlfmt">>, <<"rebar3_appup_plugin">>, <<"rebar3_auto">>, <<"rebar3_bench">>,
    <<"rebar3_depup">>, <<"rebar3_eqc">>, <<"rebar3_ex_doc">>, <<"rebar3_format">>, <<"rebar3_hank">>, <<"rebar3_hex">>,
    <<"rebar3_lint">>, <<"rebar3_proper">>, <<"rebar3_run">>, <<"rebar3_sbom">>, <<"rebar3_sheldon">>, <<"steamroller">>
]).
%% Plugins that compile something, and have a part in the release only by hooks.
-define(COMPILING, [
    <<"grpcbox_plugin">>, <<"pc">>, <<"provider_asn1">>, <<"rebar3_abnfc_plugin">>, <<"rebar3_diameter_compiler">>,
    <<"rebar3_erlydtl_plugin">>, <<"rebar3_gpb_plugin">>, <<"rebar3_neotoma_plugin">>, <<"rebar3_protobuffs">>
]).
%% What these make of a module depends on that module alone; as in src/build/read-by-source.ts.
-define(TRANSFORMS, [eunit_autoexport, lager_transform, ms_transform, qlc]).

%% @doc Whether nothing but rebar3's own compilers makes code of the project's files, and whether nothing but relx has a part in
%% assembling and packing a release; in whatever profile.
-spec describe(file:filename()) -> #{compilersAlone := boolean(), relxAlone := boolean()}.
describe(Dir) ->
    Files = lists:append([filelib:wildcard(Folder ++ "rebar.config{,.script}", Dir) || Folder <- ["", "apps/*/", "lib/*/"]]),
    Scripts = [File || File <- Files, filename:extension(File) =:= ".script"],
    Paths = [global_config() | [filename:join(Dir, File) || File <- Files -- Scripts]],
    Config = [Terms || Path <- Paths, {ok, Terms} <- [file:consult(Path)]],
    Plugins = found([plugins, project_plugins], Config),
    %% They run files of the project, which may write sources and headers.
    ShellHooks = found([pre_hooks, post_hooks], Config),
    Hooks = ShellHooks ++ found([provider_hooks], Config),
    Transforms = found([parse_transform, core_transform], Config),
    %% Other folders of applications are not looked into.
    IsKnown = Scripts =:= [] andalso found([project_app_dirs], Config) =:= [],
    Unknown = without([name(Plugin) || Plugin <- Plugins], ?MAKING_NO_CODE),
    #{
        compilersAlone => IsKnown andalso Unknown ++ ShellHooks =:= [] andalso without(Transforms, ?TRANSFORMS) =:= [],
        relxAlone => IsKnown andalso without(Unknown, ?COMPILING) =:= [] andalso not lists:any(fun concerns_release/1, Hooks)
    }.

without(All, Known) ->
    [One || One <- All, not lists:member(One, Known)].

%% As in rebar_dir:global_config/0.
global_config() ->
    Home = os:getenv("REBAR_GLOBAL_CONFIG_DIR", os:getenv("HOME", "/")),
    filename:join([Home, ".config", "rebar3", "rebar.config"]).

concerns_release(Name) when Name =:= release; Name =:= tar -> true;
concerns_release([Head | Tail]) -> concerns_release(Head) orelse concerns_release(Tail);
concerns_release(Term) when is_tuple(Term) -> concerns_release(tuple_to_list(Term));
concerns_release(_) -> false.

%% Wherever they stand, e.g. in profiles and overrides.
found(Keys, {Key, Value} = Pair) ->
    case lists:member(Key, Keys) of
        true when is_list(Value) -> Value;
        true -> [Value];
        false -> found(Keys, tuple_to_list(Pair))
    end;
found(Keys, [Head | Tail]) -> found(Keys, Head) ++ found(Keys, Tail);
found(Keys, Term) when is_tuple(Term) -> found(Keys, tuple_to_list(Term));
found(_, _) -> [].

%% @doc The name of a plugin or dependency, as it stands in a list of them.
-spec name(term()) -> binary() | undefined.
name(Dependency) when is_tuple(Dependency), tuple_size(Dependency) > 0 -> name(element(1, Dependency));
name(Name) when is_atom(Name) -> atom_to_binary(Name);
name(_) -> undefined.
