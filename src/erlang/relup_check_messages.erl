%% @doc Messages that a process took in the old version of its module, and takes no more in the new one: those that are on their way
%% while the code is exchanged, from callers or from a timer, find nobody who knows them.
%%
%% A message is known by what stands in the heads of the callbacks: an atom, or a tuple of some size that begins with one. It is
%% taken when it stands in any pattern of the new version, and nothing is claimed where the message is handed on to another module.
-module(relup_check_messages).

-export([gone/2, messages/2, text/1, is_open/1]).
-export_type([message/0]).

%% Callbacks with the position of the message.
-define(CALLBACKS, #{
    gen_server => [{handle_call, 3, 1}, {handle_cast, 2, 1}, {handle_info, 2, 1}],
    gen_event => [{handle_event, 2, 1}, {handle_call, 2, 1}, {handle_info, 2, 1}],
    gen_statem => [{handle_event, 4, 2}]
}).
%% What is handed on to these is only told of.
-define(TELL, [io, io_lib, logger, error_logger, lager, erlang]).

-type message() :: {atom, atom()} | {tuple, atom(), Size :: pos_integer()}.

%% @doc Each with the callback that took it, others of the same name that are taken now, and whether a clause takes everything.
-spec gone(relup_check_beam:beam() | null, relup_check_beam:beam() | null) -> [map()].
gone(Before, After) when Before =:= null; After =:= null ->
    [];
gone(Before, After) ->
    Callbacks = maps:get(relup_check_beam:kind(After), ?CALLBACKS, []),
    case Callbacks =/= [] andalso {relup_check_beam:forms(Before), relup_check_beam:forms(After)} of
        {{ok, OldForms}, {ok, NewForms}} ->
            [Old, New] = [relup_check_forms:index(Forms) || Forms <- [OldForms, NewForms]],
            compare(Callbacks, Old, New) ++ [Timeout || relup_check_beam:kind(After) =:= gen_statem, Timeout <- relup_check_timeouts:gone(Old, New)];
        _ ->
            []
    end.

compare(Callbacks, Old, #{functions := Functions} = New) ->
    Taken = lists:usort(patterns(maps:values(Functions), New)),
    [
        answer(Message, Callback, Taken, New)
     || {Name, Arity, Position} = Callback <- Callbacks,
        not hands_on(Callback, New),
        Message <- lists:usort(lists:append([heads(Clause, Position, Old) || Clause <- relup_check_forms:function(Name, Arity, Old)])),
        not lists:member(Message, Taken)
    ].

answer(Message, {Name, Arity, Position}, Taken, New) ->
    Open = [Clause || {clause, _, Patterns, [], _} = Clause <- relup_check_forms:function(Name, Arity, New), is_open(lists:nth(Position, Patterns))],
    #{
        message => text(Message),
        callback => relup_json:text(io_lib:format("~tw/~b", [Name, Arity])),
        instead => [text(Other) || Other <- Taken, element(1, Other) =:= tuple orelse element(1, Message) =:= tuple, element(2, Other) =:= element(2, Message)],
        dropped => Open =/= [],
        timeout => false,
        place => relup_check_forms:place({function, {Name, Arity}}, New)
    }.

%% @doc A message as a pattern.
-spec text(message()) -> binary().
text({atom, Atom}) -> relup_json:text(io_lib:format("~tw", [Atom]));
text({tuple, Tag, Size}) -> relup_json:text(io_lib:format("{~ts}", [lists:join(", ", [io_lib:format("~tw", [Tag]) | lists:duplicate(Size - 1, "_")])])).

heads({clause, _, Patterns, _, _}, Position, Index) ->
    messages(lists:nth(Position, Patterns), Index).

%% @doc What a pattern takes, as far as it is known by an atom.
-spec messages(erl_parse:abstract_expr(), relup_check_forms:index()) -> [message()].
messages({match, _, A, B}, Index) -> messages(A, Index) ++ messages(B, Index);
messages({atom, _, Atom}, _) -> [{atom, Atom}];
messages({tuple, _, [{atom, _, Tag} | _] = Elements}, _) -> [{tuple, Tag, length(Elements)}];
messages({record, _, Name, _}, Index) ->
    [{tuple, Name, length(Fields) + 1} || [_ | _] = Fields <- [relup_check_forms:fields(Name, Index)]];
messages(_, _) -> [].

%% Everything in patterns, at any depth.
patterns({clause, _, Patterns, Guards, Body}, Index) -> within(Patterns, Index) ++ within(Guards, Index) ++ patterns(Body, Index);
patterns({match, _, Pattern, Value}, Index) -> within(Pattern, Index) ++ patterns(Value, Index);
patterns(Tuple, Index) when is_tuple(Tuple) -> patterns(tuple_to_list(Tuple), Index);
patterns([Head | Tail], Index) -> patterns(Head, Index) ++ patterns(Tail, Index);
patterns(_, _) -> [].

within({tuple, _, [{atom, _, _} | Elements]} = Tuple, Index) -> messages(Tuple, Index) ++ within(Elements, Index);
within({Type, _, _} = Atom, Index) when Type =:= atom -> messages(Atom, Index);
within({record, _, _, Fields} = Record, Index) -> messages(Record, Index) ++ within(Fields, Index);
within(Tuple, Index) when is_tuple(Tuple) -> within(tuple_to_list(Tuple), Index);
within([Head | Tail], Index) -> within(Head, Index) ++ within(Tail, Index);
within(_, _) -> [].

%% Whether a clause takes any message and gives it to another module, or to a fun.
hands_on({Name, Arity, Position}, Index) ->
    lists:any(
        fun({clause, _, Patterns, _, Body}) ->
            lists:any(fun(Variable) -> given(Variable, Body) end, open_variables(lists:nth(Position, Patterns)))
        end,
        relup_check_forms:function(Name, Arity, Index)
    ).

open_variables({var, _, Name}) -> [Name];
open_variables({match, _, A, B}) ->
    case is_open(A) andalso is_open(B) of
        true -> open_variables(A) ++ open_variables(B);
        false -> []
    end;
open_variables(_) -> [].

%% @doc Whether a pattern takes everything.
-spec is_open(erl_parse:abstract_expr()) -> boolean().
is_open({var, _, _}) -> true;
is_open({match, _, A, B}) -> is_open(A) andalso is_open(B);
is_open(_) -> false.

given(Variable, {call, _, {atom, _, _}, Arguments}) -> given(Variable, Arguments);
given(Variable, {call, _, {remote, _, {atom, _, Module}, _} = Function, Arguments}) ->
    case lists:member(Module, ?TELL) of
        true -> given(Variable, Arguments);
        false -> names(Variable, [Function | Arguments])
    end;
given(Variable, {call, _, Function, Arguments}) -> names(Variable, [Function | Arguments]);
given(Variable, Tuple) when is_tuple(Tuple) -> given(Variable, tuple_to_list(Tuple));
given(Variable, [Head | Tail]) -> given(Variable, Head) orelse given(Variable, Tail);
given(_, _) -> false.

names(Variable, {var, _, Variable}) -> true;
names(Variable, Tuple) when is_tuple(Tuple) -> names(Variable, tuple_to_list(Tuple));
names(Variable, [Head | Tail]) -> names(Variable, Head) orelse names(Variable, Tail);
names(_, _) -> false.
