%% @doc What values expressions can have, as far as the source tells: shapes.
%%
%% `{record, Name}', `{map, #{Key => Shapes}}', `{tuple, [Shapes]}' with all shapes of each element, list, number, binary, `{atom, Name}',
%% `empty_map' under a key of another map, `argument' (the value that code_change was given) and unknown. An expression has a list of
%% shapes, one for each way through it; one that does not return has none.
-module(relup_check_shape).

-export([returns/3, clauses/3, of_field/3, maker/1]).
-export_type([shape/0]).

-type shape() ::
    {record, atom()} | {map, #{atom() => [shape()]}} | empty_map | {tuple, [[shape()]]} | {atom, atom()} | list | number | binary
    | argument | unknown.

%% Calls that are followed one into the other, and in all; what comes after them is unknown.
-define(DEPTH, 4).
-define(CALLS, 2000).

%% @doc What a local function returns.
-spec returns({atom(), arity()}, [[shape()]], relup_check_forms:index()) -> [shape()].
returns(Function, Arguments, Index) ->
    call(Function, Arguments, context(Index)).

%% @doc What a field of a record can hold.
-spec of_field(atom(), atom(), relup_check_forms:index()) -> [shape()].
of_field(Record, Field, #{fields := Fields} = Index) ->
    Values = relup_check_fields:in_field(Record, Field, Fields),
    lists:usort(lists:append([shapes(Value, #{}, context(Index)) || Value <- Values])).

%% @doc A function that tells which records a local function can return, whatever it is given.
-spec maker(relup_check_forms:index()) -> fun(({atom(), arity()}) -> [atom()]).
maker(Index) ->
    fun({_, Arity} = Function) ->
        [Name || {record, Name} <- returns(Function, lists:duplicate(Arity, [unknown]), Index)]
    end.

context(Index) ->
    {Index, [], counters:new(1, [])}.

call({Name, Arity} = Function, Arguments, {Index, Callers, Calls}) ->
    counters:add(Calls, 1, 1),
    Known = not lists:member(Function, Callers) andalso length(Callers) < ?DEPTH andalso counters:get(Calls, 1) < ?CALLS,
    case Known andalso relup_check_forms:function(Name, Arity, Index) of
        [_ | _] = Clauses -> in_clauses(Clauses, Arguments, #{}, {Index, [Function | Callers], Calls});
        _ -> [unknown]
    end.

%% @doc What some clauses of a function return.
-spec clauses([erl_parse:abstract_clause()], [[shape()]], relup_check_forms:index()) -> [shape()].
clauses(Clauses, Arguments, Index) ->
    in_clauses(Clauses, Arguments, #{}, context(Index)).

in_clauses(Clauses, Arguments, Vars, Context) ->
    lists:usort(lists:append([in_clause(Clause, Arguments, Vars, Context) || Clause <- Clauses])).

in_clause({clause, _, Patterns, _Guards, Body}, Arguments, Vars, Context) ->
    Bound = lists:foldl(fun bind_pair/2, Vars, pairs(Patterns, Arguments)),
    body(Body, Bound, Context).

pairs([Pattern | Patterns], [Shapes | Rest]) -> [{Pattern, Shapes} | pairs(Patterns, Rest)];
pairs([Pattern | Patterns], []) -> [{Pattern, [unknown]} | pairs(Patterns, [])];
pairs([], _) -> [].

bind_pair({Pattern, Shapes}, Vars) ->
    bind(Pattern, Shapes, Vars).

%% The variables of a pattern with the shapes they can have.
bind({var, _, '_'}, _Shapes, Vars) ->
    Vars;
bind({var, _, Name}, Shapes, Vars) ->
    case Vars of
        #{Name := Known} when Known =/= [unknown] -> Vars;
        #{} -> Vars#{Name => Shapes}
    end;
bind({match, _, {var, _, _} = Var, Pattern}, Shapes, Vars) ->
    bind(Pattern, Shapes, bind(Var, narrowed(Pattern, Shapes), Vars));
bind({match, _, Pattern, {var, _, _} = Var}, Shapes, Vars) ->
    bind({match, element(2, Pattern), Var, Pattern}, Shapes, Vars);
bind({tuple, _, Patterns}, Shapes, Vars) ->
    Columns = [Elements || {tuple, Elements} <- Shapes, length(Elements) =:= length(Patterns), may_match(Patterns, Elements)],
    Elements = [lists:usort(lists:append(Column)) || Column <- columns(Columns, length(Patterns))],
    lists:foldl(fun bind_pair/2, Vars, pairs(Patterns, Elements));
bind(Pattern, _Shapes, Vars) when is_tuple(Pattern) ->
    %% what lies in a record, list or map is not known
    lists:foldl(fun(Name, Bound) -> maps:merge(#{Name => [unknown]}, Bound) end, Vars, variables(Pattern));
bind(_, _Shapes, Vars) ->
    Vars.

%% An `{error, Reason}' is nothing that `{ok, Value}' takes.
may_match(Patterns, Elements) ->
    lists:all(
        fun
            ({{atom, _, Atom}, Shapes}) -> lists:any(fun(Shape) -> Shape =:= {atom, Atom} orelse Shape =:= unknown orelse Shape =:= argument end, Shapes);
            (_) -> true
        end,
        lists:zip(Patterns, Elements)
    ).

columns([], Size) -> lists:duplicate(Size, [[unknown]]);
columns(Rows, Size) -> [[lists:nth(Position, Row) || Row <- Rows] || Position <- lists:seq(1, Size)].

variables({var, _, '_'}) -> [];
variables({var, _, Name}) -> [Name];
variables(Tuple) when is_tuple(Tuple) -> variables(tuple_to_list(Tuple));
variables([Head | Tail]) -> variables(Head) ++ variables(Tail);
variables(_) -> [].

%% A value that matched a record's pattern is that record.
narrowed(Pattern, Shapes) ->
    case {Pattern, lists:member(argument, Shapes)} of
        {{record, _, Name, _}, false} -> [{record, Name}];
        _ -> Shapes
    end.

body([Last], Vars, Context) ->
    shapes(Last, Vars, Context);
body([Expression | Rest], Vars, Context) ->
    body(Rest, bound(Expression, Vars, Context), Context).

bound({match, _, Pattern, Value}, Vars, Context) ->
    bind(Pattern, shapes(Value, Vars, Context), bound(Value, Vars, Context));
bound({maybe_match, Anno, Pattern, Value}, Vars, Context) ->
    bound({match, Anno, Pattern, Value}, Vars, Context);
bound(Expression, Vars, _Context) when is_tuple(Expression) ->
    %% variables that a case or the like exports
    lists:foldl(fun(Name, Bound) -> maps:merge(#{Name => [unknown]}, Bound) end, Vars, variables(Expression)).

shapes({var, _, Name}, Vars, _) -> maps:get(Name, Vars, [unknown]);
shapes({match, _, {record, _, Name, _}, _}, _, _) -> [{record, Name}];
shapes({match, _, _, Value}, Vars, Context) -> shapes(Value, Vars, Context);
shapes({record, _, Name, Fields}, _, _) when is_atom(Name), is_list(Fields) -> [{record, Name}];
shapes({record, _, _Value, Name, _Fields}, _, _) -> [{record, Name}];
shapes({map, _, Pairs}, Vars, Context) -> map(#{}, Pairs, Vars, Context);
shapes({map, _, Map, Pairs}, Vars, Context) -> updated(shapes(Map, Vars, Context), Pairs, Vars, Context);
shapes({tuple, _, Elements}, Vars, Context) -> [{tuple, [shapes(Element, Vars, Context) || Element <- Elements]}];
shapes({nil, _}, _, _) -> [list];
shapes({cons, _, _, _}, _, _) -> [list];
shapes({string, _, _}, _, _) -> [list];
shapes({lc, _, _, _}, _, _) -> [list];
shapes({integer, _, _}, _, _) -> [number];
shapes({float, _, _}, _, _) -> [number];
shapes({char, _, _}, _, _) -> [number];
shapes({bin, _, _}, _, _) -> [binary];
shapes({atom, _, Name}, _, _) -> [{atom, Name}];
shapes({op, _, Operator, _, _}, _, _) when Operator =:= '+'; Operator =:= '-'; Operator =:= '*' -> [number];
shapes({block, _, Body}, Vars, Context) -> body(Body, Vars, Context);
shapes({'case', _, Value, Clauses}, Vars, Context) -> in_clauses(Clauses, [shapes(Value, Vars, Context)], Vars, Context);
shapes({'if', _, Clauses}, Vars, Context) -> in_clauses(Clauses, [], Vars, Context);
shapes({'receive', _, Clauses}, Vars, Context) -> in_clauses(Clauses, [], Vars, Context);
shapes({'receive', _, Clauses, _, After}, Vars, Context) ->
    lists:usort(in_clauses(Clauses, [], Vars, Context) ++ body(After, Vars, Context));
shapes({'try', _, Body, [], Catches, _}, Vars, Context) ->
    lists:usort(body(Body, Vars, Context) ++ in_clauses(Catches, [], Vars, Context));
shapes({'try', _, Body, Clauses, Catches, _}, Vars, Context) ->
    Value = body(Body, Vars, Context),
    lists:usort(in_clauses(Clauses, [Value], Vars, Context) ++ in_clauses(Catches, [], Vars, Context));
shapes({call, _, {remote, _, {atom, _, Module}, {atom, _, Function}}, Arguments}, Vars, Context) ->
    remote(Module, Function, Arguments, Vars, Context);
shapes({call, _, {atom, _, Stop}, [_]}, _, _) when Stop =:= exit; Stop =:= throw; Stop =:= error -> [];
shapes({call, _, {atom, _, Name}, Arguments}, Vars, Context) ->
    call({Name, length(Arguments)}, [shapes(Argument, Vars, Context) || Argument <- Arguments], Context);
shapes(_, _, _) ->
    [unknown].

remote(erlang, Stop, _, _, _) when Stop =:= exit; Stop =:= throw; Stop =:= error; Stop =:= raise -> [];
%% an init/1 that goes on as a process of a behaviour: the state is an argument
remote(gen_server, enter_loop, [_, _, State | _], Vars, Context) -> [{tuple, [[{atom, ok}], shapes(State, Vars, Context)]}];
remote(gen_statem, enter_loop, [_, _, State, Data | _], Vars, Context) ->
    [{tuple, [[{atom, ok}], shapes(State, Vars, Context), shapes(Data, Vars, Context)]}];
remote(_, _, _, _, _) -> [unknown].

%% A map with a key that is no atom is built from data, so its keys are not its shape.
map(Known, Pairs, Vars, Context) ->
    Named = [{Key, Value} || {Type, _, {atom, _, Key}, Value} <- Pairs, Type =:= map_field_assoc orelse Type =:= map_field_exact],
    case length(Named) =:= length(Pairs) andalso (Named =/= [] orelse map_size(Known) > 0) of
        true -> [{map, maps:merge(Known, maps:from_list([{Key, in_key(Value, Vars, Context)} || {Key, Value} <- Named]))}];
        false -> [unknown]
    end.

%% An empty map is filled later; that it is a map stays.
in_key({map, _, []}, _, _) -> [empty_map];
in_key(Value, Vars, Context) -> shapes(Value, Vars, Context).

updated(Shapes, Pairs, Vars, Context) ->
    lists:append([
        case Shape of
            {map, Known} -> map(Known, Pairs, Vars, Context);
            %% an update keeps what the argument was, but it is not the argument any more
            _ -> [unknown]
        end
     || Shape <- Shapes
    ]).
