%% @doc The control process: a hidden node of our own that asks a running node and tells it what to do.
%%
%% Nothing is loaded on the node, and no data is ever part of an expression: the expressions are the files of on_node/, parsed
%% here and evaluated there by erl_eval; data goes in as bindings only.
%% Node name and cookie come in a private file, so that they stand in no process list.
-module(relup_control).

-export([read_peer/1, ask/2]).

-export_type([peer/0]).

%% Host: whether its name was given with one; otherwise it took the machine's when it was started.
-type peer() :: {node(), Cookies :: [string()], Host :: given | taken}.

%% A node that is alive refuses a wrong cookie at once; one that is stopped or overloaded lets the set-up time out (7 s).
-define(NO_ANSWER_AFTER_MS, 6000).

%% @doc Reads the node's name and its cookie, a line each, from a private file, and removes it.
%% No term of this function may reach an error text: the cookie is in it.
-spec read_peer(file:filename()) -> peer().
read_peer(PeerFile) ->
    {ok, Text} = file:read_file(PeerFile),
    ok = file:delete(PeerFile),
    [Name, Cookie] = binary:split(Text, <<"\n">>, [trim, global]),
    {Node, Host} = full_name(unicode:characters_to_list(Name)),
    {Node, cookies(Cookie), Host}.

%% The node took the bytes of its command line for UTF-8 or, in another locale, for characters.
cookies(Cookie) ->
    lists:uniq([unicode:characters_to_list(Cookie), binary_to_list(Cookie)]).

%% @doc Runs one operation of relup_node on the node: `[Seconds, Operation | Args]'.
-spec ask(peer(), [string()]) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}.
ask({Node, Cookies, Host}, [Seconds, Operation | Args]) ->
    %% The handshake takes bytes only: nobody can connect with another character in the cookie.
    case connect(Node, [Cookie || Cookie <- Cookies, lists:max(Cookie) =< 255], Cookies) of
        ok -> relup_node:run(Operation, Args, fun(Question, Bindings) -> evaluate(Node, Question, Bindings, Seconds) end);
        {error, wrong_cookie, _, _} when Host =:= taken -> not_connected(Node, cookie_or_host(Node));
        Error -> Error
    end.

cookie_or_host(Node) ->
    [_, Host] = string:split(atom_to_list(Node), "@"),
    {wrong_cookie_or_host, ["refuses the connection: the cookie found for it is not the one it uses, or the machine's host name was not yet ", Host, " when it was started."]}.

%% A node started with a name without host took its host as this process took its own.
full_name(Name) ->
    case lists:member($@, Name) of
        true ->
            {list_to_atom(Name), given};
        false ->
            [_, Host] = string:split(atom_to_list(node()), "@"),
            {list_to_atom(Name ++ "@" ++ Host), taken}
    end.

connect(Node, [Cookie | Others], All) ->
    true = erlang:set_cookie(Node, list_to_atom(Cookie)),
    Start = erlang:monotonic_time(millisecond),
    case net_kernel:connect_node(Node) of
        true ->
            ok;
        _ ->
            case diagnose(Node, erlang:monotonic_time(millisecond) - Start) of
                {wrong_cookie, _} when Others =/= [] -> connect(Node, Others, All);
                {wrong_cookie, _} when length(All) > 1 -> not_connected(Node, unusable_cookie());
                Diagnosis -> not_connected(Node, Diagnosis)
            end
    end.

unusable_cookie() ->
    {unusable_cookie, "refuses the connection: its cookie is another one, or has characters beyond Latin-1."}.

not_connected(Node, {Reason, Text}) ->
    {error, Reason, io_lib:format("The node ~ts ~ts", [Node, Text]), {not_connected, Node}}.

diagnose(_Node, ElapsedMs) when ElapsedMs >= ?NO_ANSWER_AFTER_MS ->
    {no_answer, "does not answer: it accepts no connection within 7 seconds, so it hangs or is overloaded."};
diagnose(Node, _ElapsedMs) ->
    case uses_epmd() of
        true -> diagnose_by_epmd(Node);
        false -> {not_reachable, "cannot be reached with the distribution flags that it was started with."}
    end.

uses_epmd() ->
    Flags = [epmd_module, erl_epmd_port],
    lists:all(fun(Flag) -> init:get_argument(Flag) =:= error end, Flags).

diagnose_by_epmd(Node) ->
    [Name, Host] = string:split(atom_to_list(Node), "@"),
    case erl_epmd:names(Host) of
        {error, _} ->
            case [Address || Family <- [inet, inet6], {ok, Address} <- [inet:getaddr(Host, Family)]] of
                [] -> {unknown_host, ["cannot be reached: its host name ", Host, " is not known on this machine."]};
                _ -> {epmd_gone, "cannot be reached: epmd, which knows its port, does not answer."}
            end;
        {ok, Names} ->
            case lists:keymember(Name, 1, Names) of
                true -> {wrong_cookie, "refuses the connection: the cookie found for it is not the one it uses."};
                false -> {not_registered, "cannot be reached: epmd knows no node of that name."}
            end
    end.

%% The remote side gets parsed forms, so it needs no parser and sees no text of ours.
evaluate(Node, Question, Bindings, Seconds) ->
    Forms = relup_on_node:forms(Question),
    try erpc:call(Node, erl_eval, exprs, [Forms, lists:keysort(1, Bindings)], timeout(Seconds)) of
        {value, Value, _} -> {ok, Value}
    catch
        error:{erpc, timeout} ->
            failed(timeout, "did not answer within ~ts seconds.", [Seconds], Node, timeout);
        error:{erpc, Reason} ->
            failed(connection_lost, "went away while it was asked.", [], Node, Reason);
        error:{exception, Reason, Stack} ->
            failed(exception, "answered with an exception.", [], Node, {Reason, Stack});
        Class:Reason ->
            failed(exception, "answered with an exception.", [], Node, {Class, Reason})
    end.

timeout(Seconds) ->
    list_to_integer(Seconds) * 1000.

failed(Reason, Text, Args, Node, Term) ->
    {error, Reason, io_lib:format("The node ~ts " ++ Text, [Node | Args]), Term}.
