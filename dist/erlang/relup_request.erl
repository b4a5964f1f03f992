%% @doc Reads a request that is too long for a command line: a file of lists of strings.
%%
%% Items are separated by NUL, which no name can hold: `[' and `]' open and close a list, anything else is a string
%% behind an `s'.
-module(relup_request).

-export([read/1]).

-type request() :: string() | [request()].

%% @doc The list that the file holds.
-spec read(file:filename()) -> [request()].
read(File) ->
    {ok, Binary} = file:read_file(File),
    {[Request], []} = items([unicode:characters_to_list(Item) || Item <- binary:split(Binary, <<0>>, [global])]),
    Request.

items([]) ->
    {[], []};
items(["]" | Rest]) ->
    {[], Rest};
items(["[" | Rest]) ->
    {List, Rest1} = items(Rest),
    {Items, Rest2} = items(Rest1),
    {[List | Items], Rest2};
items([[$s | String] | Rest]) ->
    {Items, Rest1} = items(Rest),
    {[String | Items], Rest1}.
