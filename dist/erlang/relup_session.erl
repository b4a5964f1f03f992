%% @doc A control process that stays: `erl ... -s relup_session main -extra PeerFile'.
%%
%% Each line of standard input is a request, each answer a line of standard output; requests run side by side. A request is
%% an id and, in base64, the seconds that the node may take, the operation and its arguments, separated by spaces. An
%% answer is `relup-answer', the id and the JSON that relup_cli:answer/2 gives; other lines are OTP's and are to be ignored.
%% An id alone asks whether we are here.
%% It ends with its standard input, so that it never outlives the action.
-module(relup_session).

-export([main/0]).

-define(MAX_LINE, 1_000_000).

-spec main() -> no_return().
main() ->
    [PeerFile] = init:get_plain_arguments(),
    Peer = relup_control:read_peer(PeerFile),
    process_flag(trap_exit, true),
    serve(open_port({fd, 0, 1}, [binary, {line, ?MAX_LINE}, eof]), Peer).

serve(Port, Peer) ->
    receive
        {Port, {data, {eol, Line}}} ->
            spawn(fun() -> handle(Port, Peer, Line) end),
            serve(Port, Peer);
        {Port, eof} ->
            stop();
        {'EXIT', Port, _Closed} ->
            stop()
    end.

%% Nobody reads any more what was not written yet; waiting until it is could take forever.
stop() ->
    erlang:halt(0, [{flush, false}]).

handle(Port, Peer, Line) ->
    [Id | Encoded] = string:lexemes(Line, " "),
    Request = [unicode:characters_to_list(base64:decode(Text)) || Text <- Encoded],
    Answer = relup_cli:answer(fun(Args) -> answer(Peer, Args) end, Request),
    port_command(Port, ["relup-answer ", Id, " ", relup_json:encode(Answer), "\n"]).

answer(_Peer, []) -> {ok, true};
answer(Peer, Request) -> relup_control:ask(Peer, Request).
