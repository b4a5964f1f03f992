%% @doc What start code leaves on a node beside processes: named ETS tables, persistent terms, mnesia's tables and logger's handlers.
%% Constant expressions for relup_observe. Of what is stored only keys leave the node, and of tables only those that are atoms.
-module(relup_observe_remains).

-export([expressions/0, to_json/1]).

%% @doc Binds `Remains'. OTP's basic applications make their tables themselves, and other ones while they run.
-spec expressions() -> string().
expressions() ->
    tables() ++ terms() ++ mnesia() ++
    "Remains = fun() -> #{\n"
    "    tables => Tables(), terms => Terms(), mnesia => Mnesia(),\n"
    "    handlers => [{Id, Module, Level} || #{id := Id, module := Module, level := Level} <- logger:get_handler_config()]\n"
    "} end,\n".

%% A table may be gone while it is looked at.
tables() ->
    "AtomKeys = fun(Table, #{size := Size, memory := Memory, protection := Protection, keypos := KeyPos}) ->\n"
    "    case Size =< 200 andalso Memory < 400000 andalso Protection =/= private of\n"
    "        true -> lists:usort([Key || Object <- ets:tab2list(Table), Key <- [element(KeyPos, Object)], is_atom(Key)]);\n"
    "        false -> []\n"
    "    end\n"
    "end,\n"
    "OwnerOf = fun(Pid) ->\n"
    "    case process_info(Pid, registered_name) of {registered_name, Name} -> Name; _ -> none end\n"
    "end,\n"
    "Tables = fun() ->\n"
    "    lists:append([try\n"
    "        #{owner := Owner, type := Type, protection := Protection, keypos := KeyPos} = Info = maps:from_list(ets:info(Table)),\n"
    "        case application:get_application(Owner) of\n"
    "            {ok, App} when App =/= kernel, App =/= stdlib, App =/= sasl, App =/= mnesia ->\n"
    "                [{Table, App, Type, Protection, KeyPos, OwnerOf(Owner), AtomKeys(Table, Info)}];\n"
    "            _ -> []\n"
    "        end\n"
    "    catch error:_ -> [] end || Table <- ets:all(), is_atom(Table)])\n"
    "end,\n".

%% Too many to be start code's are none; logger's own are told of by its handlers.
terms() ->
    "IsLoggers = fun(Key) -> is_tuple(Key) andalso lists:member(element(1, Key), [logger_config, logger_olp]) end,\n"
    "Terms = fun() ->\n"
    "    case persistent_term:info() of\n"
    "        #{count := Count} when Count =< 10000 -> [Key || {Key, _} <- persistent_term:get(), not IsLoggers(Key)];\n"
    "        _ -> []\n"
    "    end\n"
    "end,\n".

mnesia() ->
    "Mnesia = fun() ->\n"
    "    case whereis(mnesia_sup) of\n"
    "        undefined -> [];\n"
    "        _ ->\n"
    "            Look = fun(Table, What) -> mnesia:table_info(Table, What) end,\n"
    "            try [{Table, [{What, Look(Table, What)} || What <- [attributes, index, storage_type, type]]}\n"
    "                || Table <- mnesia:system_info(local_tables), Table =/= schema]\n"
    "            catch _:_ -> [] end\n"
    "    end\n"
    "end,\n".

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
