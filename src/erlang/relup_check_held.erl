%% @doc Records that values of a module are kept in: in fields of other records, and in tables.
%%
%% Read from the source: what is written or matched there, by the record's own syntax, by a variable that a function binds to one,
%% or by a local function that makes one.
-module(relup_check_held).

-export([fields/2, stored/2, used/1]).

-type functions() :: [erl_parse:abstract_clause()].
%% The records that a local function can return.
-type made() :: fun(({atom(), arity()}) -> [atom()]).

%% Functions that keep what they are given for longer than a call.
-define(KEEPS, [
    {ets, insert}, {ets, insert_new}, {dets, insert}, {dets, insert_new}, {persistent_term, put}, {erlang, put},
    {mnesia, write}, {mnesia, dirty_write}
]).

%% @doc Which records each record holds in its fields, as far as function bodies and heads tell.
-spec fields([functions()], made()) -> #{Outer :: atom() => [Inner :: atom()]}.
fields(Functions, Made) ->
    Pairs = lists:append([pairs(Clause, {variables(Clause), Made}) || Clauses <- Functions, Clause <- Clauses]),
    maps:map(fun(_, Names) -> lists:usort(Names) end, maps:groups_from_list(fun({O, _}) -> O end, fun({_, I}) -> I end, Pairs)).

pairs({record, _, Outer, Fields}, Vars) when is_atom(Outer), is_list(Fields) ->
    held(Outer, Fields, Vars) ++ pairs(Fields, Vars);
pairs({record, _, Value, Outer, Fields}, Vars) ->
    held(Outer, Fields, Vars) ++ pairs(Value, Vars) ++ pairs(Fields, Vars);
pairs({record_field, _, {record_field, _, _, Outer, _} = Field, Inner, _}, Vars) ->
    [{Outer, Inner} | pairs(Field, Vars)];
pairs(Tuple, Vars) when is_tuple(Tuple) -> pairs(tuple_to_list(Tuple), Vars);
pairs([Head | Tail], Vars) -> pairs(Head, Vars) ++ pairs(Tail, Vars);
pairs(_, _) -> [].

held(Outer, Fields, Vars) ->
    [{Outer, Inner} || {record_field, _, _, Value} <- Fields, Inner <- values(Value, Vars), Inner =/= Outer].

%% @doc Records that go into a table, a persistent term or the process dictionary, each with the call that puts them there.
-spec stored([functions()], made()) -> [{Record :: atom(), Call :: mfa()}].
stored(Functions, Made) ->
    lists:usort(lists:append([calls(Clause, {variables(Clause), Made}) || Clauses <- Functions, Clause <- Clauses])).

calls({call, _, {remote, _, {atom, _, Module}, {atom, _, Function}}, [_ | _] = Arguments} = Call, Vars) ->
    Arity = length(Arguments),
    Kept =
        case lists:member({Module, Function}, ?KEEPS) of
            true -> [{Name, {Module, Function, Arity}} || Argument <- Arguments, Name <- values(Argument, Vars)];
            false -> []
        end,
    Tables = [{Name, {mnesia, create_table, Arity}} || {Module, Function} =:= {mnesia, create_table}, Name <- infos(Arguments)],
    Kept ++ Tables ++ calls(tuple_to_list(Call), Vars);
calls({call, _, {atom, _, put}, [_, Argument]} = Call, Vars) ->
    [{Name, {erlang, put, 2}} || Name <- values(Argument, Vars)] ++ calls(tuple_to_list(Call), Vars);
calls(Tuple, Vars) when is_tuple(Tuple) -> calls(tuple_to_list(Tuple), Vars);
calls([Head | Tail], Vars) -> calls(Head, Vars) ++ calls(Tail, Vars);
calls(_, _) -> [].

%% @doc Records that functions make, or change.
-spec used([functions()]) -> [Record :: atom()].
used(Functions) ->
    lists:usort(lists:append([made_in(Body) || Clauses <- Functions, {clause, _, _, _, Body} <- Clauses])).

made_in({match, _, Pattern, Value}) when element(1, Pattern) =:= record -> made_in(Value);
made_in({record, _, Name, Fields}) when is_atom(Name), is_list(Fields) -> [Name | made_in(Fields)];
made_in({record, _, Value, Name, Fields}) -> [Name | made_in(Value) ++ made_in(Fields)];
made_in({clause, _, _, _, Body}) -> made_in(Body);
made_in(Tuple) when is_tuple(Tuple) -> made_in(tuple_to_list(Tuple));
made_in([Head | Tail]) -> made_in(Head) ++ made_in(Tail);
made_in(_) -> [].

infos({call, _, {atom, _, record_info}, [{atom, _, fields}, {atom, _, Name}]}) -> [Name];
infos(Tuple) when is_tuple(Tuple) -> infos(tuple_to_list(Tuple));
infos([Head | Tail]) -> infos(Head) ++ infos(Tail);
infos(_) -> [].

%% The records that an expression gives, alone or as elements; what a call does with its arguments is its own matter.
values({record, _, Name, Fields}, _) when is_atom(Name), is_list(Fields) -> [Name];
values({record, _, _, Name, _}, _) -> [Name];
values({var, _, Name}, {Variables, Made}) -> lists:append([bound(One, Made) || One <- maps:get(Name, Variables, [])]);
values({match, _, A, B}, Vars) -> values(A, Vars) ++ values(B, Vars);
values({cons, _, Head, Tail}, Vars) -> values(Head, Vars) ++ values(Tail, Vars);
values({tuple, _, Elements}, Vars) -> lists:append([values(Element, Vars) || Element <- Elements]);
values({map, _, Pairs}, Vars) -> lists:append([values(Value, Vars) || {_, _, _, Value} <- Pairs]);
values({lc, _, Element, _}, Vars) -> values(Element, Vars);
values({call, _, {atom, _, Name}, Arguments}, {_, Made}) -> Made({Name, length(Arguments)});
values(_, _) -> [].

bound({record, Name}, _) -> [Name];
bound({call, Function}, Made) -> Made(Function).

%% Variables that a clause binds to a record, or to what a local function makes, in heads and bodies.
variables(Clause) ->
    maps:groups_from_list(fun({V, _}) -> V end, fun({_, R}) -> R end, bindings(Clause)).

bindings({match, _, {var, _, Var}, {record, _, Name, Fields}}) when is_atom(Name), is_list(Fields) ->
    [{Var, {record, Name}} | bindings(Fields)];
bindings({match, _, {record, _, Name, Fields}, {var, _, Var}}) when is_atom(Name), is_list(Fields) ->
    [{Var, {record, Name}} | bindings(Fields)];
bindings({match, _, {var, _, Var}, {record, _, _, Name, Fields}}) ->
    [{Var, {record, Name}} | bindings(Fields)];
bindings({match, _, {var, _, Var}, {call, _, {atom, _, Name}, Arguments}}) ->
    [{Var, {call, {Name, length(Arguments)}}} | bindings(Arguments)];
bindings(Tuple) when is_tuple(Tuple) -> bindings(tuple_to_list(Tuple));
bindings([Head | Tail]) -> bindings(Head) ++ bindings(Tail);
bindings(_) -> [].
