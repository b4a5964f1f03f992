%% @doc What a node's applications have in their environment, and what the files of its release and its command line say: constant
%% expressions for relup_observe. Values never leave the node, only hashes of them do.
-module(relup_observe_environment).

-export([expressions/0, to_json/1]).

%% @doc Binds `Keys', which tells of an application every key: a hash of its value, one of what the release's files say (`none'
%% where they do not name it), and whether the command line sets it. What neither does was set at run time.
-spec expressions() -> string().
expressions() ->
    "Consult = fun(File) ->\n"
    "    case file:consult(File) of {ok, [Terms]} when is_list(Terms) -> Terms; _ -> [] end\n"
    "end,\n"
    "ConfigFile = fun(File) ->\n"
    "    filename:join(filename:dirname(File), filename:basename(File, \".config\") ++ \".config\")\n"
    "end,\n"
    "ConfigFiles = case init:get_argument(config) of {ok, Lists} -> lists:append(Lists); error -> [] end,\n"
    %% as a boot does: beside the file that includes it, or else from the folder that the node works in
    "Included = fun(File, Include) ->\n"
    "    Beside = filename:join(filename:dirname(File), ConfigFile(Include)),\n"
    "    case filelib:is_regular(Beside) of true -> Beside; false -> ConfigFile(Include) end\n"
    "end,\n"
    "Config = lists:flatmap(fun(File) ->\n"
    "    {Includes, Entries} = lists:partition(fun io_lib:char_list/1, Consult(ConfigFile(File))),\n"
    "    Entries ++ lists:flatmap(fun(Include) -> Consult(Included(File, Include)) end, Includes)\n"
    "end, ConfigFiles),\n"
    "InFiles = fun(App) ->\n"
    "    Props = case file:consult(code:where_is_file(atom_to_list(App) ++ \".app\")) of\n"
    "        {ok, [{application, App, P}]} -> P;\n"
    "        _ -> []\n"
    "    end,\n"
    "    Own = [Pair || {_, _} = Pair <- proplists:get_value(env, Props, [])],\n"
    "    maps:from_list(Own ++ [Pair || {Name, Env} <- Config, Name =:= App, is_list(Env), {_, _} = Pair <- Env])\n"
    "end,\n"
    "OnCommandLine = fun(App) ->\n"
    "    Keys = fun Every([Key, _ | Rest]) -> [list_to_atom(Key) | Every(Rest)]; Every(_) -> [] end,\n"
    "    lists:append([Keys(lists:append(Values)) || {ok, Values} <- [init:get_argument(App)]])\n"
    "end,\n"
    "Keys = fun(App) ->\n"
    "    Set = InFiles(App),\n"
    "    Arguments = OnCommandLine(App),\n"
    "    Said = fun(Key) -> case Set of #{Key := Value} -> Hash(Value); _ -> none end end,\n"
    "    [{Key, Hash(Value), Said(Key), lists:member(Key, Arguments)} || {Key, Value} <- application:get_all_env(App)]\n"
    "end,\n".

%% @doc The keys of all applications as JSON.
-spec to_json([{atom(), [{term(), integer(), integer() | none, boolean()}]}]) -> map().
to_json(Applications) ->
    maps:from_list([{App, maps:from_list([key(Key) || Key <- Keys])} || {App, Keys} <- Applications]).

key({Key, Hash, File, Argument}) ->
    Said = case File of none -> null; _ -> File end,
    {relup_json:term(Key), #{hash => Hash, configured => Said =/= null, file => Said, argument => Argument}}.
