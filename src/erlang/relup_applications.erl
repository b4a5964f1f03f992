%% @doc The applications of a release, as release handling orders them.
-module(relup_applications).

-export([read/1]).
-export_type([applications/0]).

-type applications() :: #{
    Application :: atom() => #{
        version := string(),
        %% its folder with beams
        ebin := file:filename(),
        modules := [module()],
        %% other applications of the release that are started before it, or with it
        needs := [atom()],
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
    All = maps:from_list([application(Root, element(1, One), element(2, One)) || One <- List]),
    maps:map(fun(_, #{needs := Needs} = One) -> One#{needs := [Need || Need <- Needs, is_map_key(Need, All)]} end, All).

application(Root, Name, Version) ->
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
        starts => Get(mod, []) =/= [],
        phases => phases(Get(start_phases, undefined))
    }}.

phases(undefined) -> [];
phases(Phases) -> [Phase || {Phase, _} <- Phases].
