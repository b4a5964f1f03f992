%% @doc Who reads settings of an application: `settings RequestFile'.
%%
%% The request (see relup_request) is `[Root, Build, Settings]', a release's tree, the folder of what rebar3 compiled (or empty), and
%% `[Application, Version, Key]' for each. Answered are those that only start code reads, of an application that has no
%% config_change/3, or one that hands nothing on: processes that run go on with the old value.
-module(relup_settings).

-export([command/1]).

%% What runs when a process or an application starts, and never again.
-define(START, [{start, 2}, {start_phase, 3}, {init, 1}, {handle_continue, 2}]).

-spec command([string()]) -> {ok, [map()]}.
command([RequestFile]) ->
    [Root, Build, Settings] = relup_request:read(RequestFile),
    Keys = maps:groups_from_list(fun([App, Vsn, _]) -> {App, Vsn} end, fun([_, _, Key]) -> Key end, Settings),
    {ok, lists:append([settings(Root, Build, One) || One <- lists:sort(maps:to_list(Keys))])}.

settings(Root, Build, {{App, Vsn}, Keys}) ->
    Ebin = filename:join([Root, "lib", App ++ "-" ++ Vsn, "ebin"]),
    case {callback(App, Ebin), graph(Ebin, [filename:join([Build, App, "ebin"]) || Build =/= ""])} of
        {{ok, Callback}, {ok, Graph}} ->
            HasStub = is_map_key({Callback, config_change, 3}, Graph),
            case HasStub andalso not is_stub(maps:get({Callback, config_change, 3}, Graph)) of
                true -> [];
                false -> [Answer#{isStub => HasStub} || Key <- Keys, Answer <- only_at_start(App, Callback, Key, Graph)]
            end;
        _ ->
            []
    end.

%% Whether it neither calls nor sends anything.
is_stub(#{own := Own, others := Others, text := Text}) ->
    Own =:= [] andalso Others =:= [] andalso string:find(Text, "!") =:= nomatch.

callback(App, Ebin) ->
    {ok, [{application, _, Properties}]} = file:consult(filename:join(Ebin, App ++ ".app")),
    case proplists:get_value(mod, Properties) of
        {Module, _} -> {ok, Module};
        _ -> none
    end.

graph(Ebin, Builds) ->
    Read = [
        relup_beam:forms(filename:join(Ebin, Beam), [filename:join(Build, Beam) || Build <- Builds])
     || Beam <- filelib:wildcard("*.beam", Ebin)
    ],
    case lists:member(unknown, Read) of
        true -> unknown;
        false -> {ok, relup_calls:graph([Forms || {ok, Forms} <- Read])}
    end.

%% A function that nobody of the application calls may be called by anybody, but for those that start something.
only_at_start(App, Callback, Key, Graph) ->
    Called = lists:append([Own || #{own := Own} <- maps:values(Graph)]),
    Exported = [Function || {Function, #{exported := true}} <- maps:to_list(Graph), not lists:member(Function, Called)],
    {Starts, Others} = lists:partition(fun is_start/1, Exported),
    Readers = fun(Roots) ->
        [Function || Function <- relup_calls:reachable(Roots, Graph), reads(App, Key, maps:get(Function, Graph))]
    end,
    case {Readers(Others), Readers(Starts)} of
        {[], [_ | _]} ->
            From = [Root || Root <- Starts, Readers([Root]) =/= []],
            [#{
                application => relup_json:text(App),
                key => relup_json:text(Key),
                callback => Callback,
                readers => [relup_json:text(io_lib:format("~tw:~tw/~b", [M, F, A])) || {M, F, A} <- From]
            }];
        _ ->
            []
    end.

is_start({_, start_link, _}) -> true;
is_start({_, Function, Arity}) -> lists:member({Function, Arity}, ?START).

%% `application:get_env' with a key that is no atom in the source may be of any.
reads(App, Key, #{others := Others}) ->
    lists:any(
        fun
            (#{function := {application, get_env, 1}, text := Text}) -> is_key(Text, ["(", Key, ")"]);
            (#{function := {application, get_env, _}, text := Text}) ->
                is_key(Text, ["(", App, ", ", Key]) orelse re:run(Text, "get_env\\([^,]*, [A-Z_]", [{capture, none}]) =:= match;
            (#{function := {application, get_all_env, _}}) -> true;
            (_) -> false
        end,
        Others
    ).

is_key(Text, Expected) ->
    string:find(Text, unicode:characters_to_binary(Expected)) =/= nomatch.
