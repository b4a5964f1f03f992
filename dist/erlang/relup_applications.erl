%% @doc The applications of a release, as release handling orders them.
-module(relup_applications).

-export([is_otp/1, read/1, type/1]).
-export_type([applications/0]).

-type applications() :: #{
    Application :: atom() => #{
        version := string(),
        %% its folder with beams
        ebin := file:filename(),
        modules := [module()],
        %% other applications of the release that are started before it, or with it
        needs := [atom()],
        includes := [atom()],
        %% how the release starts it: permanent, transient, temporary, load or none
        type := atom(),
        %% whether it has processes of its own
        starts := boolean(),
        phases := [atom()]
    }
}.

%% @doc Reads a release resource file and the application resource files in its tree.
-spec read(file:filename()) -> applications().
read(Rel) ->
    {ok, [{release, _, _, List}]} = file:consult(Rel),
    Root = filename:dirname(filename:dirname(filename:dirname(Rel))),
    All = maps:from_list([application(Root, One) || One <- List]),
    maps:map(fun(_, #{needs := Needs} = One) -> One#{needs := [Need || Need <- Needs, is_map_key(Need, All)]} end, All).

%% @doc Whether a folder of `lib' is that of an application of this OTP, in this very version.
-spec is_otp(Folder :: string()) -> boolean().
is_otp(Folder) ->
    filelib:is_dir(filename:join(code:lib_dir(), Folder)).

application(Root, Entry) ->
    [Name, Version | Rest] = tuple_to_list(Entry),
    Ebin = filename:join([Root, "lib", atom_to_list(Name) ++ "-" ++ Version, "ebin"]),
    Properties =
        case file:consult(filename:join(Ebin, atom_to_list(Name) ++ ".app")) of
            {ok, [{application, Name, Found}]} -> Found;
            %% OTP's own, when the release has none
            {error, enoent} -> []
        end,
    Get = fun(Key, Default) -> proplists:get_value(Key, Properties, Default) end,
    {Name, #{
        version => Version,
        ebin => Ebin,
        modules => Get(modules, []),
        needs => Get(applications, []) ++ Get(included_applications, []) ++ Get(optional_applications, []),
        includes => Get(included_applications, []),
        type => type(Rest),
        starts => Get(mod, []) =/= [],
        phases => phases(Get(start_phases, undefined))
    }}.

%% @doc The start type in an entry of a release resource file, given what follows the version there.
-spec type([term()]) -> atom().
type([Type | _]) when is_atom(Type) -> Type;
type(_) -> permanent.

phases(undefined) -> [];
phases(Phases) -> [Phase || {Phase, _} <- Phases].
