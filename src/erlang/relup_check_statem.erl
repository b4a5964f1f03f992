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
        {gen_statem, gen_statem} ->
            case {relup_check_beam:forms(Before), relup_check_beam:forms(After)} of
                {{ok, Old}, {ok, New}} -> compare_modes(side(Before, Old), side(After, New));
                _ -> null
            end;
        _ ->
            null
    end.

side(Beam, Forms) ->
    Index = relup_check_forms:index(Forms),
    #{beam => Beam, forms => Forms, index => Index, mode => mode(Index)}.

compare_modes(#{mode := {ok, OldMode}} = Old, #{mode := {ok, NewMode}, index := Index} = New) ->
    #{
        modes => [mode_text(Mode) || Mode <- [OldMode, NewMode], OldMode =/= NewMode],
        up => missing(called(OldMode, Old), New),
        down => missing(called(NewMode, New), Old),
        place => relup_check_forms:place({function, {callback_mode, 0}}, Index)
    };
compare_modes(_, _) ->
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

called(Mode, #{forms := Forms, index := Index} = Side) ->
    case lists:member(state_functions, Mode) of
        true -> [State || State <- lists:usort(named(Forms) ++ relup_check_state:state_functions(Index)), exports(Side, State)];
        false -> [{handle_event, 4}]
    end.

exports(#{beam := Beam}, {Name, Arity}) ->
    relup_check_beam:exports(Beam, Name, Arity).

missing(Called, Side) ->
    [relup_json:text(io_lib:format("~tw/~b", [Name, Arity])) || {Name, Arity} = Function <- Called, not exports(Side, Function)].

%% States that are gone to: `{ok, State, Data}' of init/1, `{next_state, State, Data}'.
named({tuple, _, [{atom, _, Tag}, {atom, _, State}, _ | _] = Elements}) when Tag =:= ok; Tag =:= next_state ->
    [{State, 3} | named(Elements)];
named(Tuple) when is_tuple(Tuple) ->
    named(tuple_to_list(Tuple));
named([Head | Tail]) ->
    named(Head) ++ named(Tail);
named(_) ->
    [].

mode_text([Mode]) -> relup_json:one_line(Mode);
mode_text(Modes) -> relup_json:one_line(Modes).
