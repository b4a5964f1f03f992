%% @doc Code that fails where a table or a persistent term is missing: `needed RequestFile'.
%%
%% The request (see relup_request) is `[Root, Build, Things]': a release's tree, the folder of what rebar3 compiled (or empty), and
%% what is missing as it is told, e.g. `ETS table shop_cache'. Answered are those that a function cannot do without which is called
%% while a node runs. Left out is what is made when it is not there, or asked for with a `catch'.
-module(relup_needed).

-export([command/1]).

%% What fails, by the name of the module and the function; the thing is the first argument.
-define(GET, [{persistent_term, get, 1}]).
-define(TABLE, [
    {ets, Function, Arity}
 || {Function, Arities} <- [
        {lookup, [2]}, {lookup_element, [3]}, {member, [2]}, {insert, [2]}, {insert_new, [2]}, {delete, [2]}, {delete_object, [2]},
        {delete_all_objects, [1]}, {update_counter, [3, 4]}, {update_element, [3]}, {take, [2]}, {first, [1]}, {last, [1]},
        {next, [2]}, {prev, [2]}, {tab2list, [1]}, {match, [2, 3]}, {match_object, [2, 3]}, {match_delete, [2]}, {select, [2, 3]},
        {select_count, [2]}, {select_delete, [2]}, {select_replace, [2]}
    ],
    Arity <- Arities
]).
%% What makes it, or asks first whether it is there.
-define(MAKES, [{persistent_term, put, 2}]).
-define(MAKES_TABLE, [{ets, new, 2}, {ets, whereis, 1}, {ets, info, 1}, {ets, info, 2}, {ets, rename, 2}, {ets, give_away, 3}]).

-spec command([string()]) -> {ok, [map()]}.
command([RequestFile]) ->
    [Root, Build, Things] = relup_request:read(RequestFile),
    Places = [{App, {Ebin, [filename:join([Build, App, "ebin"]) || Build =/= ""]}} || {App, Ebin} <- applications(Root)],
    {ok, lists:append([needed(relup_json:text(Thing), Places) || Thing <- Things])}.

applications(Root) ->
    [{hd(string:split(filename:basename(filename:dirname(Ebin)), "-", trailing)), Ebin} || Ebin <- relup_reach:ebins(Root)].

needed(<<"persistent term ", Key/binary>> = Thing, Places) -> needed(Thing, Key, ?GET, ?MAKES, Places);
needed(<<"ETS table ", Name/binary>> = Thing, Places) -> needed(Thing, Name, ?TABLE, ?MAKES_TABLE, Places);
needed(_, _) -> [].

needed(Thing, Name, Needs, Makes, Places) ->
    All = [{App, Graph} || {App, Place} <- Places, {ok, Graph} <- [relup_at_start:graph(Needs ++ Makes, [], Place)]],
    Is = fun(Functions) ->
        fun(#{function := Function, text := Text}) -> lists:member(Function, Functions) andalso is_about(Name, Text) end
    end,
    case [Maker || {_, Graph} <- All, Maker <- relup_at_start:later(Is(Makes), Graph)] of
        [] -> first([{App, Found} || {App, Graph} <- All, Found <- relup_at_start:later(Is(Needs), without_catch(Graph))], Thing);
        _ -> []
    end.

first([], _) ->
    [];
first([{App, #{function := Function, call := Call}} | _], Thing) ->
    [#{thing => Thing, application => relup_json:text(App), function => Function, call => Call}].

%% As `ets:lookup(Name, Key)' and `persistent_term:get({Name, key})' are written out, whatever the spaces.
is_about(Name, Text) ->
    [_, Arguments] = binary:split(without_spaces(Text), <<"(">>),
    case string:prefix(Arguments, without_spaces(Name)) of
        nomatch -> false;
        Rest -> lists:member(string:slice(Rest, 0, 1), [<<",">>, <<")">>])
    end.

without_spaces(Text) ->
    binary:replace(Text, <<" ">>, <<>>, [global]).

%% What is called within a `catch' or a `try' may fail.
without_catch(Graph) ->
    maps:map(
        fun(_, #{text := Text} = Function) ->
            case re:run(Text, "\\b(catch|try)\\b", [{capture, none}]) of
                match -> Function#{others := []};
                nomatch -> Function
            end
        end,
        Graph
    ).
