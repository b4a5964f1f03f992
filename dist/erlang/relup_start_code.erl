%% @doc Compares the code that runs when an application or one of its processes starts, and that no upgrade runs (H129).
-module(relup_start_code).

-export([application/3, init/3]).

-type place() :: {Ebin :: file:filename(), Builds :: [file:filename()]}.

%% What makes something that outlives the call, and that a process which runs already has otherwise.
-define(MAKES, [
    {ets, new}, {ets, insert}, {persistent_term, put}, {dets, open_file}, {application, set_env}, {pg, join}, {pg, create},
    {mnesia, create_table}, {mnesia, transform_table}, {mnesia, add_table_index}, {mnesia, add_table_copy}, {logger, add_handler}
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

%% @doc What init/1 (and handle_continue/2) of a changed module makes otherwise now, but for what its code_change makes, too.
-spec init(module(), {ok, [erl_parse:abstract_form()]} | unknown, {ok, [erl_parse:abstract_form()]} | unknown) -> [binary()].
init(Module, {ok, OldForms}, {ok, NewForms}) ->
    [Old, New] = [relup_calls:graph([Forms]) || Forms <- [OldForms, NewForms]],
    Start = [{Module, init, 1}, {Module, handle_continue, 2}],
    Change = [{Module, code_change, 3}, {Module, code_change, 4}],
    Made = fun(Roots, Graph) ->
        [One || #{function := {M, F, _}} = One <- others(part(Roots, Graph)), lists:member({M, F}, ?MAKES)]
    end,
    shorts((Made(Start, New) -- Made(Start, Old)) -- Made(Change, New));
init(_, _, _) ->
    [].
