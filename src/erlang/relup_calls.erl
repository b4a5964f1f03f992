%% @doc What the functions of an application call, read from the abstract code of its modules.
-module(relup_calls).

-export([graph/1, reached/3, reachable/2]).
-export_type([graph/0, call/0]).

%% Functions of the module erlang that are called without its name, and do something that outlives the call.
-define(LASTING, [{process_flag, 2}, {open_port, 2}]).
%% What stands for a call that logs, where its value may count.
-define(LOGGED, '$logged').

%% A call of a function of another application: as `{ets, new, 2}', as text, and short, as people name it.
-type call() :: #{function := mfa(), text := binary(), short := binary()}.
-type graph() :: #{mfa() => #{text := binary(), own := [mfa()], others := [call()], exported := boolean()}}.

%% @doc The part of an application's functions that is reached from some, and no more is read of its folder of beams; `Builds' may
%% hold the same with debug information.
-spec reached([mfa()], file:filename(), [file:filename()]) -> {ok, graph()} | unknown.
reached(Roots, Ebin, Builds) ->
    Own = [list_to_atom(filename:basename(Beam, ".beam")) || Beam <- filelib:wildcard("*.beam", Ebin)],
    try
        {ok, reached(Roots, Own, fun(Module) -> read(Module, Own, Ebin, Builds) end, #{}, #{})}
    catch
        throw:unknown -> unknown
    end.

reached([], _, _, _, Graph) ->
    Graph;
reached([{Module, _, _} = Function | Rest], Own, Read, Known, Graph) ->
    case is_map_key(Function, Graph) orelse not lists:member(Module, Own) of
        true ->
            reached(Rest, Own, Read, Known, Graph);
        false when not is_map_key(Module, Known) ->
            reached([Function | Rest], Own, Read, Known#{Module => Read(Module)}, Graph);
        false ->
            case Known of
                #{Module := #{Function := #{own := Called} = One}} ->
                    reached(Called ++ Rest, Own, Read, Known, Graph#{Function => One});
                #{} ->
                    reached(Rest, Own, Read, Known, Graph)
            end
    end.

read(Module, Own, Ebin, Builds) ->
    Beam = atom_to_list(Module) ++ ".beam",
    case relup_beam:forms(filename:join(Ebin, Beam), [filename:join(Build, Beam) || Build <- Builds]) of
        {ok, Forms} -> maps:from_list(functions(Forms, Own));
        unknown -> throw(unknown)
    end.

%% @doc The graph of whole modules.
-spec graph([[erl_parse:abstract_form()]]) -> graph().
graph(Modules) ->
    Own = [Module || Forms <- Modules, {attribute, _, module, Module} <- Forms],
    maps:from_list(lists:append([functions(Forms, Own) || Forms <- Modules])).

functions(Forms, Own) ->
    [Module] = [Name || {attribute, _, module, Name} <- Forms],
    Files = lists:usort([File || {attribute, _, file, {File, _}} <- Forms]),
    Exported = lists:append([Names || {attribute, _, export, Names} <- Forms]),
    Lasting = ?LASTING -- [{Name, Arity} || {function, _, Name, Arity, _} <- Forms],
    [
        begin
            Silent = without_logging(without_files(Form, Files)),
            Calls = [in_erlang(Call, Module, Lasting) || Call <- calls(Silent, Module)],
            {Here, Others} = lists:partition(fun({M, _, _, _}) -> lists:member(M, Own) end, Calls),
            {{Module, Name, Arity}, #{
                text => text(erl_pp:form(Silent)),
                own => lists:usort([{M, F, A} || {M, F, A, _} <- Here]),
                others => lists:usort([call(Call) || Call <- Others]),
                exported => lists:member({Name, Arity}, Exported)
            }}
        end
     || {function, _, Name, Arity, _} = Form <- Forms
    ].

%% ?FILE is the path that a build has given to the compiler.
without_files({string, Anno, Text} = String, Files) ->
    case lists:member(Text, Files) of
        true -> {string, Anno, filename:basename(Text)};
        false -> String
    end;
without_files(Tuple, Files) when is_tuple(Tuple) -> list_to_tuple(without_files(tuple_to_list(Tuple), Files));
without_files([Head | Tail], Files) -> [without_files(Head, Files) | without_files(Tail, Files)];
without_files(Other, _) -> Other.

in_erlang({Module, Function, Arity, Call}, Module, Lasting) ->
    case lists:member({Function, Arity}, Lasting) of
        true -> {erlang, Function, Arity, Call};
        false -> {Module, Function, Arity, Call}
    end;
in_erlang(Call, _, _) ->
    Call.

call({Module, Function, Arity, Call}) ->
    {call, _, _, Arguments} = Call,
    #{function => {Module, Function, Arity}, text => text(erl_pp:expr(Call)), short => short(Module, Function, Arguments)}.

%% The options of a table count; other values may be anything.
short(ets, new, Arguments) ->
    text(["ets:new(", lists:join(", ", [erl_pp:expr(Argument) || Argument <- Arguments]), ")"]);
short(Module, Function, [{Kind, _, _} = First | Rest]) when Kind =:= atom; Kind =:= var ->
    text(io_lib:format("~tw:~tw(~ts~ts)", [Module, Function, erl_pp:expr(First), [", …" || Rest =/= []]]));
short(Module, Function, Arguments) ->
    text(io_lib:format("~tw:~tw/~b", [Module, Function, length(Arguments)])).

%% Without line breaks, so that it can stand in a sentence.
text(Chars) ->
    re:replace(relup_json:text(Chars), "\\s+", " ", [global, unicode, {return, binary}]).

%% A macro of logger asks first whether anybody wants to know.
without_logging({'case', Anno, {call, _, {remote, _, {atom, _, logger}, {atom, _, allow}}, _}, _}) ->
    {atom, Anno, ?LOGGED};
without_logging({call, Anno, {remote, _, {atom, _, Module}, {atom, _, Function}}, _} = Call) ->
    case is_logging(Module, Function) of
        true -> {atom, Anno, ?LOGGED};
        false -> list_to_tuple(without_logging(tuple_to_list(Call)))
    end;
without_logging(Tuple) when is_tuple(Tuple) ->
    list_to_tuple(without_logging(tuple_to_list(Tuple)));
without_logging([Head | Tail]) ->
    case without_logging(Head) of
        {atom, _, ?LOGGED} when Tail =/= [] -> without_logging(Tail);
        Silent -> [Silent | without_logging(Tail)]
    end;
without_logging(Other) ->
    Other.

is_logging(logger, Function) ->
    lists:member(Function, [log, debug, info, notice, warning, error, critical, alert, emergency, set_process_metadata]);
is_logging(io, Function) ->
    lists:member(Function, [format, fwrite, put_chars, nl]);
is_logging(Module, _) ->
    lists:member(Module, [error_logger, lager]).

%% `fun name/1' and `fun module:name/1' are called by whoever gets them; `?MODULE' may be given, too.
calls({call, _, {remote, _, {atom, _, Module}, {atom, _, Function}}, Arguments} = Call, Own) ->
    [{Module, Function, length(Arguments), Call} | calls(Arguments, Own)];
calls({call, _, {atom, _, Function}, Arguments} = Call, Own) ->
    [{Own, Function, length(Arguments), Call} | calls(Arguments, Own)];
calls({'fun', Anno, {function, Function, Arity}}, Own) ->
    [{Own, Function, Arity, {call, Anno, {atom, Anno, Function}, []}}];
calls({'fun', Anno, {function, {atom, _, Module}, {atom, _, Function}, {integer, _, Arity}}}, _) ->
    [{Module, Function, Arity, {call, Anno, {remote, Anno, {atom, Anno, Module}, {atom, Anno, Function}}, []}}];
calls(Tuple, Own) when is_tuple(Tuple) ->
    calls(tuple_to_list(Tuple), Own);
calls([Head | Tail], Own) ->
    calls(Head, Own) ++ calls(Tail, Own);
calls(_, _) ->
    [].

%% @doc The functions that are reached from some, themselves included.
-spec reachable([mfa()], graph()) -> [mfa()].
reachable(Functions, Graph) ->
    reachable([Function || Function <- Functions, is_map_key(Function, Graph)], Graph, []).

reachable([], _, Seen) ->
    lists:sort(Seen);
reachable([Function | Rest], Graph, Seen) ->
    case lists:member(Function, Seen) orelse not is_map_key(Function, Graph) of
        true ->
            reachable(Rest, Graph, Seen);
        false ->
            #{Function := #{own := Own}} = Graph,
            reachable(Own ++ Rest, Graph, [Function | Seen])
    end.
