%% @doc Compares the code that runs when an application or one of its processes starts, and that no upgrade runs (H129).
-module(relup_start_code).

-export([application/3, init/3, is_made/1]).

-type place() :: {Ebin :: file:filename(), Builds :: [file:filename()]}.

%% What makes something that outlives the call, and that a process which runs already has otherwise.
-define(MAKES, [
    {ets, new}, {ets, insert}, {persistent_term, put}, {dets, open_file}, {application, set_env}, {pg, join}, {pg, create},
    {mnesia, create_table}, {mnesia, transform_table}, {mnesia, add_table_index}, {mnesia, add_table_copy}, {logger, add_handler}
]).

%% What sets a process up for the rest of its life, or has others call it: it is missing where nothing of the kind was done before. Of
%% timers any kind may be the other's successor.
-define(SETS_UP, [
    {erlang, process_flag}, {erlang, open_port}, {net_kernel, monitor_nodes}, {gen_event, add_handler}, {gen_event, add_sup_handler},
    {logger, add_primary_filter}, {logger, add_handler_filter}, {gen_tcp, listen}, {ssl, listen}, {gen_udp, open}, {telemetry, attach},
    {telemetry, attach_many}
]).
-define(TIMERS, [
    {erlang, send_after}, {erlang, start_timer}, {timer, send_after}, {timer, send_interval}, {timer, apply_after},
    {timer, apply_interval}
]).

%% @doc What start/2 and start_phase/3 of an application's callback module do otherwise in the new version, with all of the
%% application that they call: what is called now, and was not in this way before. Null when nothing differs or is known.
-spec application(atom(), place(), place()) -> map() | null.
application(Application, {OldEbin, _} = Old, {NewEbin, _} = New) ->
    case {callback(Application, OldEbin), callback(Application, NewEbin)} of
        {{ok, Module, OldArguments}, {ok, Module, Arguments}} ->
            Roots = [{Module, start, 2}, {Module, start_phase, 3}],
            case {reached(Roots, Old), reached(Roots, New)} of
                {{ok, Before}, {ok, After}} -> compared(Module, OldArguments =:= Arguments, Before, After);
                _ -> null
            end;
        _ ->
            null
    end.

callback(Application, Ebin) ->
    case file:consult(filename:join(Ebin, atom_to_list(Application) ++ ".app")) of
        {ok, [{application, _, Properties}]} ->
            case proplists:get_value(mod, Properties) of
                {Module, Arguments} -> {ok, Module, Arguments};
                _ -> none
            end;
        _ ->
            none
    end.

reached(Roots, {Ebin, Builds}) ->
    relup_calls:reached(Roots, Ebin, Builds).

compared(Module, SameArguments, Before, After) ->
    Texts = fun(Part) -> maps:map(fun(_, #{text := Text}) -> Text end, Part) end,
    case SameArguments andalso Texts(Before) =:= Texts(After) of
        true -> null;
        false -> #{module => Module, calls => shorts(others(After) -- others(Before))}
    end.

others(Part) ->
    lists:usort(lists:append([Others || #{others := Others} <- maps:values(Part)])).

shorts(Calls) ->
    lists:usort([Short || #{short := Short} <- Calls]).

part(Roots, Graph) ->
    maps:with(relup_calls:reachable(Roots, Graph), Graph).

%% @doc What init/1 (and handle_continue/2) of a changed module makes otherwise now, or sets up that it did not, but for what its code_change makes, too.
-spec init(module(), {ok, [erl_parse:abstract_form()]} | unknown, {ok, [erl_parse:abstract_form()]} | unknown) -> [binary()].
init(Module, {ok, OldForms}, {ok, NewForms}) ->
    [Old, New] = [relup_calls:graph([Forms]) || Forms <- [OldForms, NewForms]],
    Start = [{Module, init, 1}, {Module, handle_continue, 2}],
    Change = [{Module, code_change, 3}, {Module, code_change, 4}],
    [Before, Now, Converted] = [others(part(Roots, Graph)) || {Roots, Graph} <- [{Start, Old}, {Start, New}, {Change, New}]],
    Same = fun(One, Other) -> One =:= Other orelse (not is_made(One) andalso kind(One) =:= kind(Other)) end,
    Has = fun(One, Others) -> lists:any(fun(Other) -> Same(One, Other) end, Others) end,
    shorts([One || One <- Now, is_made(One) orelse kind(One) =/= other, not Has(One, Before), not Has(One, Converted)]);
init(_, _, _) ->
    [].

%% @doc Whether a call makes something that outlives it.
-spec is_made(relup_calls:call()) -> boolean().
is_made(#{function := {Module, Function, _}}) ->
    lists:member({Module, Function}, ?MAKES).

%% What is told apart: the flag of a process, the manager of an event handler; of others the function is enough.
kind(#{function := {Module, Function, _}, short := Short}) ->
    case {lists:member({Module, Function}, ?TIMERS), lists:member({Module, Function}, ?SETS_UP)} of
        {true, _} -> timer;
        {_, true} -> Short;
        _ -> other
    end.
