%% @doc What a supervisor is called and what children it has, read from the abstract code.
-module(relup_supervisor).

-export([children/3, strategies/3, must_not_begin_again/3]).
-export_type([place/0, child/0]).

%% Where a version's beam is, and where one with debug information may be.
-type place() :: #{file := file:filename(), builds := [file:filename()]}.
-type child() :: #{id := term(), start := mfa(), type := atom()}.

%% @doc For every way in which the supervisor is started its name and the children before and after. Names are as the
%% functions of `supervisor' take them. A running supervisor keeps the argument it was started with, so nothing is known when
%% that changed.
-spec children(module(), place(), place()) ->
    {ok, [{Name :: term() | unnamed, [child()], [child()]}]} | unknown.
children(Module, Old, New) ->
    OldForms = forms_of(Old),
    NewForms = forms_of(New),
    case {starts(Module, Old, OldForms), starts(Module, New, NewForms)} of
        {[_ | _] = Starts, Starts} ->
            Both = [
                {Name, specs(Module, Argument, OldForms), specs(Module, Argument, NewForms)}
             || {Name, Argument} <- Starts
            ],
            case lists:any(fun({_, A, B}) -> A =:= unknown orelse B =:= unknown end, Both) of
                true -> unknown;
                false -> {ok, Both}
            end;
        _ ->
            unknown
    end.

%% @doc The restart strategies before and after, as far as init/1 of both versions tells them.
-spec strategies(module(), place(), place()) -> [{atom(), atom()}].
strategies(Module, Old, New) ->
    OldForms = forms_of(Old),
    NewForms = forms_of(New),
    lists:usort([
        {Before, After}
     || {_, Argument} <- starts(Module, New, NewForms),
        {ok, {ok, {OldFlags, _}}} <- [init(Module, Argument, OldForms)],
        {ok, {ok, {NewFlags, _}}} <- [init(Module, Argument, NewForms)],
        {Before, After} <- [{strategy(OldFlags), strategy(NewFlags)}],
        Before =/= After, Before =/= unknown, After =/= unknown
    ]).

%% @doc Whether init/1 says what it said before, with all of the application that it calls, and makes something, such as a table: an
%% update would call it once more, and what it makes is there already.
-spec must_not_begin_again(module(), place(), place()) -> boolean().
must_not_begin_again(Module, Old, New) ->
    case {begun(Module, Old), begun(Module, New)} of
        {{ok, Graph}, {ok, Same}} ->
            Texts = fun(Functions) -> maps:map(fun(_, #{text := Text}) -> Text end, Functions) end,
            Calls = lists:append([Others || #{others := Others} <- maps:values(Same)]),
            Texts(Graph) =:= Texts(Same) andalso lists:any(fun relup_start_code:is_made/1, Calls);
        _ ->
            false
    end.

begun(Module, #{file := File, builds := Builds}) ->
    relup_calls:reached([{Module, init, 1}], filename:dirname(File), Builds).

forms_of(#{file := File, builds := Builds}) ->
    Ebin = filename:dirname(File),
    fun(Module) ->
        Beam = atom_to_list(Module) ++ ".beam",
        Own = filename:join(Ebin, Beam),
        case filelib:is_regular(Own) of
            true -> relup_beam:forms(Own, [filename:join(Build, Beam) || Build <- Builds]);
            false -> unknown
        end
    end.

%% How it is started, told by the calls of supervisor:start_link in its own module, or else in its application.
starts(Module, #{file := File}, FormsOf) ->
    case starts_in(Module, [Module], FormsOf) of
        [] -> starts_in(Module, starters(filename:dirname(File)) -- [Module], FormsOf);
        Starts -> Starts
    end.

starters(Ebin) ->
    [
        Module
     || Beam <- filelib:wildcard("*.beam", Ebin),
        {ok, {Module, [{imports, Imports}]}} <- [beam_lib:chunks(filename:join(Ebin, Beam), [imports])],
        {supervisor, start_link, _} <- Imports
    ].

starts_in(Module, Starters, FormsOf) ->
    lists:usort([
        Start
     || Starter <- Starters,
        {ok, Forms} <- [FormsOf(Starter)],
        Call <- calls(Forms),
        {ok, Start} <- [start(Module, Call)]
    ]).

calls({call, _, {remote, _, {atom, _, supervisor}, {atom, _, start_link}}, Arguments} = Call) ->
    [Arguments | calls(tuple_to_list(setelement(3, Call, nil)))];
calls(Tuple) when is_tuple(Tuple) ->
    calls(tuple_to_list(Tuple));
calls([Head | Tail]) ->
    calls(Head) ++ calls(Tail);
calls(_) ->
    [].

start(Module, [{atom, _, Module}, Argument]) -> {ok, {unnamed, literal(Argument)}};
start(Module, [Name, {atom, _, Module}, Argument]) -> {ok, {name(literal(Name)), literal(Argument)}};
start(_, _) -> other.

name({ok, {local, Name}}) -> Name;
name({ok, {global, _} = Name}) -> Name;
name({ok, {via, _, _} = Name}) -> Name;
name(_) -> unnamed.

literal(Expression) ->
    try
        {ok, erl_parse:normalise(Expression)}
    catch
        error:_ -> unknown
    end.

specs(Module, Argument, FormsOf) ->
    case init(Module, Argument, FormsOf) of
        {ok, {ok, {Flags, Specs}}} when is_list(Specs) ->
            case strategy(Flags) of
                unknown -> unknown;
                %% a template: its children have no names, and those that run go on
                simple_one_for_one -> [];
                _ -> known([child(Spec) || Spec <- Specs])
            end;
        {ok, ignore} ->
            [];
        _ ->
            unknown
    end.

init(Module, {ok, Argument}, FormsOf) ->
    relup_eval:call(Module, init, [Argument], FormsOf);
init(Module, unknown, FormsOf) ->
    {ok, Forms} = FormsOf(Module),
    case [Clauses || {function, _, init, 1, Clauses} <- Forms] of
        [[{clause, _, [{var, _, Name}], [], Body}]] ->
            %% an argument that nobody looks at can be anything
            case Name =:= '_' orelse not uses(Name, Body) of
                true -> relup_eval:call(Module, init, [unknown], FormsOf);
                false -> unknown
            end;
        _ ->
            unknown
    end.

uses(Name, {var, _, Name}) -> true;
uses(Name, Tuple) when is_tuple(Tuple) -> uses(Name, tuple_to_list(Tuple));
uses(Name, [Head | Tail]) -> uses(Name, Head) orelse uses(Name, Tail);
uses(_, _) -> false.

strategy(Flags) when is_map(Flags) -> maps:get(strategy, Flags, one_for_one);
strategy({Strategy, _, _}) -> Strategy;
strategy(_) -> unknown.

known(Children) ->
    case lists:member(unknown, Children) of
        true -> unknown;
        false -> Children
    end.

child(#{id := Id, start := {_, _, _} = Start} = Spec) ->
    #{id => Id, start => Start, type => maps:get(type, Spec, worker)};
child({Id, {_, _, _} = Start, _Restart, _Shutdown, Type, _Modules}) ->
    #{id => Id, start => Start, type => Type};
child(_) ->
    unknown.
