%% @doc Timeouts of a gen_statem that a function took in the old version, and takes no more in the new one: a timer that was begun
%% before the upgrade ends in it, and its content is what the old code gave it. A process that waits for nothing else waits for ever.
-module(relup_check_timeouts).

-export([gone/2]).

%% Types of events that the process makes itself, and that are the end of a time.
-define(TIMEOUTS, [timeout, state_timeout]).

-type content() :: any | relup_check_messages:message().

%% @doc Each as relup_check_messages:gone/2 tells a message.
-spec gone(relup_check_forms:index(), relup_check_forms:index()) -> [map()].
gone(Old, New) ->
    [
        answer(Timeout, Content, Function, After, New)
     || {Name, Arity} = Function <- [{handle_event, 4} | relup_check_state:state_functions(Old)],
        After <- [relup_check_forms:function(Name, Arity, New)],
        After =/= [],
        {Timeout, Content} <- lists:usort(lists:append([taken(Clause, Old) || Clause <- relup_check_forms:function(Name, Arity, Old)])),
        not lists:any(fun(Clause) -> takes(Clause, Timeout, Content, New) end, After)
    ].

%% The timeouts in a clause's head, with what they bring. One that is only let pass need not be taken.
-spec taken(erl_parse:abstract_clause(), relup_check_forms:index()) -> [{atom(), content()}].
taken({clause, _, [{atom, _, Type}, Content | _], Guards, _}, Index) ->
    case {lists:member(Type, ?TIMEOUTS), relup_check_messages:is_open(Content)} of
        {true, true} when Guards =:= [] -> [{Type, any}];
        {true, false} -> [{Type, Message} || Message <- relup_check_messages:messages(Content, Index)];
        _ -> []
    end;
taken(_, _) ->
    [].

%% A clause for events of any type counts only if it names the content.
takes({clause, _, [{atom, _, Type}, Content | _], _, _}, Type, any, _) ->
    relup_check_messages:is_open(Content);
takes({clause, _, [{atom, _, Type}, Content | _], _, _}, Type, Message, Index) ->
    relup_check_messages:is_open(Content) orelse is_named(Message, Content, Index);
takes({clause, _, [{var, _, _}, Content | _], _, _}, _, Message, Index) ->
    is_named(Message, Content, Index);
takes(_, _, _, _) ->
    false.

is_named(Message, Content, Index) ->
    Message =/= any andalso lists:member(Message, relup_check_messages:messages(Content, Index)).

answer(Timeout, Content, {Name, Arity} = Function, After, New) ->
    #{
        message => relup_json:text([atom_to_list(Timeout), " with ", content_text(Content)]),
        callback => relup_json:text(io_lib:format("~tw/~b", [Name, Arity])),
        instead => [],
        dropped => lists:any(fun is_for_all/1, After),
        timeout => true,
        place => relup_check_forms:place({function, Function}, New)
    }.

content_text(any) -> "any content";
content_text(Message) -> relup_check_messages:text(Message).

%% Events of any type, with any content.
is_for_all({clause, _, [{var, _, _}, Content | _], [], _}) -> relup_check_messages:is_open(Content);
is_for_all(_) -> false.
