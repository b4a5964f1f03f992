%% @doc Whether an application of a release starts processes of its own.
-module(relup_started).

-export([type/3, before/2, afterwards/2]).
-export_type([type/0]).

%% How it is started; `library' for one without a callback module, `no' for one that the release does not start.
-type type() :: permanent | transient | temporary | library | no.

%% @doc What the release in a root says of an application.
-spec type(file:filename(), string(), string()) -> type().
type(Root, Name, Version) ->
    case {start_type(Root, list_to_atom(Name), Version), has_callback(Root, Name, Version)} of
        {Type, _} when Type =:= load; Type =:= none -> no;
        {_, false} -> library;
        {Type, true} -> Type
    end.

has_callback(Root, Name, Version) ->
    File = filename:join([Root, "lib", Name ++ "-" ++ Version, "ebin", Name ++ ".app"]),
    case file:consult(File) of
        {ok, [{application, _, Keys}]} -> proplists:get_value(mod, Keys, []) =/= [];
        _ -> false
    end.

start_type(Root, Name, Version) ->
    Releases = [Applications || File <- filelib:wildcard("releases/*/*.rel", Root), Applications <- applications(filename:join(Root, File))],
    Found = [Entry || Entry <- lists:append(Releases), element(1, Entry) =:= Name, element(2, Entry) =:= Version],
    case [Type || {_, _, Type} <- Found, is_atom(Type)] ++ [Type || {_, _, Type, _} <- Found] of
        [Type | _] -> Type;
        [] -> permanent
    end.

applications(File) ->
    case file:consult(File) of
        {ok, [{release, _, _, Applications}]} -> [Applications];
        _ -> []
    end.

%% @doc Instructions for an application that is a library on one side only: no code exchange starts or stops its processes.
%% The first ones come before its code is exchanged, the others after it.
-spec before(atom(), {type(), type()}) -> [relup_instruction:explained()].
before(Application, {From, library}) when From =/= library, From =/= no ->
    [explained(Application, stop, [], "~tw is stopped: it has no processes of its own any more")];
before(_, _) ->
    [].

-spec afterwards(atom(), {type(), type()}) -> [relup_instruction:explained()].
afterwards(Application, {From, library}) when From =/= library, From =/= no ->
    [explained(Application, start, [permanent], "~tw is started as a library")];
afterwards(Application, {library, To}) when To =/= library, To =/= no ->
    [
        explained(Application, stop, [], "~tw was a library"),
        explained(Application, start, [To], "~tw is started: it has processes of its own now")
    ];
afterwards(_, _) ->
    [].

explained(Application, Function, More, Words) ->
    relup_instruction:explained({apply, {application, Function, [Application | More]}}, Words, [Application]).
