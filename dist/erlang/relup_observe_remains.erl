%% @doc What start code leaves on a node beside processes (on_node/observe_remains.eval), as JSON.
-module(relup_observe_remains).

-export([to_json/1]).

%% @doc `Remains' as JSON.
-spec to_json(map()) -> map().
to_json(#{tables := Tables, terms := Terms, mnesia := Mnesia, handlers := Handlers}) ->
    #{
        tables => maps:from_list([{Name, table(Table)} || {Name, _, _, _, _, _, _} = Table <- Tables]),
        terms => lists:usort([without_identifiers(text(Key)) || Key <- Terms]),
        mnesia => maps:from_list([
            {Table, maps:from_list([{What, text(Value)} || {What, Value} <- Options])}
         || {Table, Options} <- Mnesia
        ]),
        handlers => maps:from_list([{Id, #{module => Module, level => Level}} || {Id, Module, Level} <- Handlers])
    }.

table({_, App, Type, Protection, KeyPos, Owner, Keys}) ->
    #{
        application => App,
        options => #{
            type => Type,
            protection => Protection,
            keypos => KeyPos,
            owner => case is_atom(Owner) andalso Owner =/= none of true -> Owner; false -> null end
        },
        keys => Keys
    }.

text(Term) ->
    relup_json:text(io_lib:format("~0tP", [Term, 30])).

%% They differ on every node.
without_identifiers(Text) ->
    re:replace(Text, "(#\\w+)?<[0-9.]+>", "#id", [global, {return, binary}]).
