%% @doc Who reads settings of an application: `settings RequestFile'.
%%
%% The request (see relup_request) is `[Root, Build, Settings]', a release's tree, the folder of what rebar3 compiled (or empty), and
%% `[Application, Version, Key]' for each. Answered are those that only start code reads, of an application that has no
%% config_change/3, or one that hands nothing on: processes that run go on with the old value.
-module(relup_settings).

-export([command/1]).

%% What reads settings.
-define(READING, [
    {application, get_env, 1}, {application, get_env, 2}, {application, get_env, 3}, {application, get_all_env, 0},
    {application, get_all_env, 1}
]).

-spec command([string()]) -> {ok, [map()]}.
command([RequestFile]) ->
    [Root, Build, Settings] = relup_request:read(RequestFile),
    Keys = maps:groups_from_list(fun([App, Vsn, _]) -> {App, Vsn} end, fun([_, _, Key]) -> Key end, Settings),
    {ok, lists:append([settings(Root, Build, One) || One <- lists:sort(maps:to_list(Keys))])}.

settings(Root, Build, {{App, Vsn}, Keys}) ->
    Ebin = filename:join([Root, "lib", App ++ "-" ++ Vsn, "ebin"]),
    case callback(App, Ebin) of
        {ok, Callback} ->
            case relup_at_start:graph(?READING, [Callback], {Ebin, [filename:join([Build, App, "ebin"]) || Build =/= ""]}) of
                {ok, Graph} -> told(App, Callback, Keys, Graph);
                unknown -> []
            end;
        none ->
            []
    end.

told(App, Callback, Keys, Graph) ->
    HasStub = is_map_key({Callback, config_change, 3}, Graph),
    case HasStub andalso not is_stub(maps:get({Callback, config_change, 3}, Graph)) of
        true -> [];
        false -> [Answer#{isStub => HasStub} || Key <- Keys, Answer <- only_at_start(App, Callback, Key, Graph)]
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

only_at_start(App, Callback, Key, Graph) ->
    case relup_at_start:readers(fun(Call) -> reads(App, Key, Call) end, Graph) of
        [] ->
            [];
        Readers ->
            [#{
                application => relup_json:text(App),
                key => relup_json:text(Key),
                callback => Callback,
                readers => Readers
            }]
    end.

%% `application:get_env' with a key that is no atom in the source may be of any.
reads(_, Key, #{function := {application, get_env, 1}, text := Text}) ->
    is_key(Text, ["(", Key, ")"]);
reads(App, Key, #{function := {application, get_env, _}, text := Text}) ->
    is_key(Text, ["(", App, ", ", Key]) orelse re:run(Text, "get_env\\([^,]*, [A-Z_]", [{capture, none}]) =:= match;
reads(_, _, #{function := {application, get_all_env, _}}) ->
    true;
reads(_, _, _) ->
    false.

is_key(Text, Expected) ->
    string:find(Text, unicode:characters_to_binary(Expected)) =/= nomatch.
