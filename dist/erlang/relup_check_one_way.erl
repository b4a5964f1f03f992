%% @doc Whether code_change converts to the newer version only, and is called on the way down, too.
%%
%% Where no clause asks for `{down, Vsn}' and the version is not looked at, both directions run the same code. Then only code that makes
%% the older form of a record, as a tuple, can lead back.
-module(relup_check_one_way).

-export([is_one_way/3]).

%% What may make anything of a tuple.
-define(MAKERS, [setelement, delete_element, insert_element, append_element, list_to_tuple, make_tuple]).

%% @doc `Function' is code_change with the position of the version; the records are those that differ, with the sizes of their older
%% forms as tuples.
-spec is_one_way({atom(), arity(), pos_integer()}, [{atom(), pos_integer()}], relup_check_forms:index()) -> boolean().
is_one_way(_, [], _) ->
    false;
is_one_way({Name, Arity, Position}, Records, Index) ->
    Clauses = relup_check_forms:function(Name, Arity, Index),
    Bodies = bodies([{Name, Arity}], [], Index),
    Clauses =/= [] andalso
        lists:all(fun(Clause) -> ignores_version(Clause, Position) end, Clauses) andalso
        not lists:any(fun(Body) -> makes(Body, Records) end, Bodies).

ignores_version({clause, _, Patterns, Guards, Body}, Position) ->
    case lists:nth(Position, Patterns) of
        {var, _, '_'} -> true;
        {var, _, Version} -> not mentions(Version, {lists:delete(lists:nth(Position, Patterns), Patterns), Guards, Body});
        _ -> false
    end.

mentions(Name, {var, _, Name}) -> true;
mentions(Name, Tuple) when is_tuple(Tuple) -> mentions(Name, tuple_to_list(Tuple));
mentions(Name, [Head | Tail]) -> mentions(Name, Head) orelse mentions(Name, Tail);
mentions(_, _) -> false.

%% The bodies of functions and of all that they call in the module.
bodies([], _, _) ->
    [];
bodies([Function | Rest], Seen, Index) ->
    case lists:member(Function, Seen) of
        true ->
            bodies(Rest, Seen, Index);
        false ->
            {Name, Arity} = Function,
            Own = [without_kept_funs(Body) || {clause, _, _, _, Body} <- relup_check_forms:function(Name, Arity, Index)],
            Own ++ bodies(named(Own) ++ Rest, [Function | Seen], Index)
    end.

%% A fun that goes into a field is kept, and not called now.
without_kept_funs({record_field, Anno, Field, {'fun', _, _}}) -> {record_field, Anno, Field, {nil, Anno}};
without_kept_funs(Tuple) when is_tuple(Tuple) -> list_to_tuple(without_kept_funs(tuple_to_list(Tuple)));
without_kept_funs([Head | Tail]) -> [without_kept_funs(Head) | without_kept_funs(Tail)];
without_kept_funs(Other) -> Other.

named({call, _, {atom, _, Name}, Arguments}) -> [{Name, length(Arguments)} | named(Arguments)];
named({'fun', _, {function, Name, Arity}}) -> [{Name, Arity}];
named(Tuple) when is_tuple(Tuple) -> named(tuple_to_list(Tuple));
named([Head | Tail]) -> named(Head) ++ named(Tail);
named(_) -> [].

%% A tuple of such a size, unless something else stands first; or what may be one, of code that is not seen.
makes({match, _, _Pattern, Value}, Records) -> makes(Value, Records);
makes({clause, _, _Patterns, _, Body}, Records) -> makes(Body, Records);
makes({tuple, _, [First | _] = Elements}, Records) ->
    lists:any(fun({Name, Size}) -> length(Elements) =:= Size andalso may_be(First, Name) end, Records) orelse
        makes(Elements, Records);
makes({call, _, {remote, _, {atom, _, Module}, {atom, _, Function}}, Arguments}, Records) ->
    (Module =:= erlang andalso lists:member(Function, ?MAKERS)) orelse
        code:which(Module) =:= non_existing orelse makes(Arguments, Records);
makes({call, _, {remote, _, _, _}, _}, _) -> true;
makes({call, _, {atom, _, Function}, Arguments}, Records) -> lists:member(Function, ?MAKERS) orelse makes(Arguments, Records);
makes({call, _, _, _}, _) -> true;
makes(Tuple, Records) when is_tuple(Tuple) -> makes(tuple_to_list(Tuple), Records);
makes([Head | Tail], Records) -> makes(Head, Records) orelse makes(Tail, Records);
makes(_, _) -> false.

may_be({atom, _, Name}, Name) -> true;
may_be({atom, _, _}, _) -> false;
may_be(_, _) -> true.
