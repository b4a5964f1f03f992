%% @doc What a node's applications have in their environment (on_node/observe_environment.eval), as JSON: hashes of values only.
-module(relup_observe_environment).

-export([to_json/1]).

%% @doc The keys of all applications as JSON.
-spec to_json([{atom(), [{term(), integer(), integer() | none, boolean()}]}]) -> map().
to_json(Applications) ->
    maps:from_list([{App, maps:from_list([key(Key) || Key <- Keys])} || {App, Keys} <- Applications]).

key({Key, Hash, File, Argument}) ->
    Said = case File of none -> null; _ -> File end,
    {relup_json:term(Key), #{hash => Hash, configured => Said =/= null, file => Said, argument => Argument}}.
