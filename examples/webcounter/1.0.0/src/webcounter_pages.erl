%% What a request is answered with. No process of its own: it runs in the connections' processes.
-module(webcounter_pages).
-export([answer/2]).

-type status() :: 200 | 404 | 405.

%% @doc Status and body.
-spec answer(Method :: atom() | binary(), Path :: binary()) -> {status(), iodata()}.
answer('GET', <<"/visit/", Page/binary>>) ->
    case webcounter_native:is_page(Page) of
        true -> {200, object([{<<"total">>, webcounter_counter:visit()}])};
        false -> not_found()
    end;
answer('GET', <<"/total">>) ->
    {200, object([{<<"total">>, webcounter_counter:total()}])};
answer('GET', _Path) ->
    not_found();
answer(_Method, _Path) ->
    {405, object([{<<"error">>, 405}])}.

not_found() ->
    {404, object([{<<"error">>, 404}])}.

%% JSON of numbers.
object(Pairs) ->
    Members = [[$", Key, <<"\":">>, integer_to_binary(Value)] || {Key, Value} <- Pairs],
    [${, lists:join($,, Members), <<"}\n">>].
