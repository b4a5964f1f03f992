%% @doc Whether a gen_statem that runs finds the functions that it calls in another version of its module.
%%
%% It calls a function of its state's name, or handle_event/4, by the mode that callback_mode/0 told it when it started, or after
%% code_change/4; until then the mode stays, whatever the module says (gen_statem:system_code_change/4).
-module(relup_check_statem).

-export([compare/2]).

%% @doc The modes where they differ, and what processes of the one version call that the other does not export; null for other
%% modules, and where one of the modes is not known.
-spec compare(relup_check_beam:beam() | null, relup_check_beam:beam() | null) -> map() | null.
compare(Before, After) when Before =:= null; After =:= null ->
    null;
compare(Before, After) ->
    case {relup_check_beam:kind(Before), relup_check_beam:kind(After)} of
        {gen_statem, gen_statem} -> compare_forms(relup_check_beam:forms(Before), relup_check_beam:forms(After));
        _ -> null
    end.

compare_forms({ok, OldForms}, {ok, NewForms}) ->
    [Old, New] = [relup_check_forms:index(Forms) || Forms <- [OldForms, NewForms]],
    case {mode(Old), mode(New)} of
        {{ok, OldMode}, {ok, NewMode}} ->
            #{
                modes => [text(Mode) || Mode <- [OldMode, NewMode], OldMode =/= NewMode],
                up => texts(called(OldMode, OldForms, Old) -- exports(NewForms)),
                down => texts(called(NewMode, NewForms, New) -- exports(OldForms)),
                place => relup_check_forms:place({function, {callback_mode, 0}}, New)
            };
        _ ->
            null
    end;
compare_forms(_, _) ->
    null.

mode(Index) ->
    case relup_check_forms:function(callback_mode, 0, Index) of
        [{clause, _, [], [], Body}] ->
            try
                {ok, lists:usort(lists:flatten([erl_parse:normalise(lists:last(Body))]))}
            catch
                error:_ -> unknown
            end;
        _ ->
            unknown
    end.

called(Mode, Forms, Index) ->
    case lists:member(state_functions, Mode) of
        true -> [State || State <- lists:usort(named(Forms) ++ relup_check_state:state_functions(Index)), lists:member(State, exports(Forms))];
        false -> [{handle_event, 4}]
    end.

%% States that are gone to: `{ok, State, Data}' of init/1, `{next_state, State, Data}'.
named({tuple, _, [{atom, _, Tag}, {atom, _, State}, _ | _] = Elements}) when Tag =:= ok; Tag =:= next_state ->
    [{State, 3} | named(Elements)];
named(Tuple) when is_tuple(Tuple) ->
    named(tuple_to_list(Tuple));
named([Head | Tail]) ->
    named(Head) ++ named(Tail);
named(_) ->
    [].

exports(Forms) ->
    Options = lists:flatten([Options || {attribute, _, compile, Options} <- Forms]),
    case lists:member(export_all, Options) of
        true -> [{Name, Arity} || {function, _, Name, Arity, _} <- Forms];
        false -> lists:append([Names || {attribute, _, export, Names} <- Forms])
    end.

texts(Functions) ->
    [text(io_lib:format("~tw/~b", [Name, Arity])) || {Name, Arity} <- Functions].

text([Mode]) when is_atom(Mode) -> text(io_lib:format("~tw", [Mode]));
text([Mode | _] = Modes) when is_atom(Mode) -> text(io_lib:format("~tw", [Modes]));
text(Text) -> relup_json:text(Text).
