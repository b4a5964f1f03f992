%% @doc Emulators that stay: a control process (`erl ... -s relup_session main -extra PeerFile') and relup_questions.
%%
%% Each line of standard input is a request, each answer a line of standard output; requests run side by side. A request is
%% an id and, in base64, texts, separated by spaces: to a control process the seconds that the node may take, the operation and its
%% arguments. An answer is `relup-answer', the id and the JSON that relup_cli:answer/2 gives; other lines are OTP's and are to be
%% ignored. An id alone asks whether we are here.
%% They end with their standard input, so that they never outlive the action.
-module(relup_session).

-export([main/0, serve/1]).

-define(MAX_LINE, 1_000_000).

-spec main() -> no_return().
main() ->
    [PeerFile] = init:get_plain_arguments(),
    Peer = relup_control:read_peer(PeerFile),
    serve(fun(Request) -> relup_control:ask(Peer, Request) end).

%% @doc Answers requests for as long as there is a standard input.
-spec serve(fun(([string()]) -> {ok, term()} | {error, atom(), unicode:chardata(), term()})) -> no_return().
serve(Answer) ->
    process_flag(trap_exit, true),
    serve(open_port({fd, 0, 1}, [binary, {line, ?MAX_LINE}, eof]), Answer).

serve(Port, Answer) ->
    receive
        {Port, {data, {eol, Line}}} ->
            spawn(fun() -> handle(Port, Answer, Line) end),
            serve(Port, Answer);
        {Port, eof} ->
            stop();
        {'EXIT', Port, _Closed} ->
            stop()
    end.

%% Nobody reads any more what was not written yet; waiting until it is could take forever.
stop() ->
    erlang:halt(0, [{flush, false}]).

handle(Port, Answer, Line) ->
    [Id | Encoded] = string:lexemes(Line, " "),
    Request = [unicode:characters_to_list(base64:decode(Text)) || Text <- Encoded],
    Json = relup_cli:answer(fun([]) -> {ok, true}; (Texts) -> Answer(Texts) end, Request),
    port_command(Port, ["relup-answer ", Id, " ", relup_json:encode(Json), "\n"]).
