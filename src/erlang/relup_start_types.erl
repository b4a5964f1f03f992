%% @doc How releases start their applications, and what a relup does where two releases do it in different ways (H128): systools
%% says nothing about that.
%%
%% A release names for each application whether it is started (permanent, transient, temporary), only loaded (load), or neither
%% (none). What is started or stopped by it is started or stopped by the relup, too. One that runs keeps the type it was started
%% with; that cannot be changed, and is only told. An application may also get processes of its own, or lose them: then it was a
%% library, or becomes one.
-module(relup_start_types).

-export([changes/2, around/4, started/3, before/2, afterwards/2]).
-export_type([started/0]).

-type state() :: none | load | {running, atom()}.
%% How it is started; `library' for one without a callback module, `no' for one that the release does not start.
-type started() :: permanent | transient | temporary | library | no.

%% @doc The applications whose type differs.
-spec changes(relup_applications:applications(), relup_applications:applications()) -> [{atom(), state(), state()}].
changes(Old, New) ->
    Both = maps:with(maps:keys(Old), New),
    [
        {Name, state(Name, Old), state(Name, New)}
     || Name <- lists:sort(maps:keys(Both)), state(Name, Old) =/= state(Name, New)
    ].

%% An included application is started by the one that includes it.
state(Name, Applications) ->
    #{Name := #{type := Type}} = Applications,
    Included = lists:any(fun(#{includes := Includes}) -> lists:member(Name, Includes) end, maps:values(Applications)),
    case Type of
        none -> none;
        load -> load;
        _ when Included -> load;
        Type -> {running, Type}
    end.

%% @doc What a script lacks: instructions for the very beginning, for the very end, and around those of an application.
%%
%% What is started when upgrading comes after its own code and the applications that it needs, which is where its own
%% instructions are; what is started when downgrading comes before all that needs it. What is stopped, the other way round.
-spec around(up | down, [term()], relup_applications:applications(), relup_applications:applications()) ->
    #{first := [term()], last := [term()], around := #{atom() => {[term()], [term()]}}}.
around(Direction, Script, From, To) ->
    Steps = [
        {Name, Instructions}
     || {Name, Before, After} <- changes(From, To),
        not is_done(Name, Script),
        Instructions <- [instructions(Name, Before, After)],
        Instructions =/= []
    ],
    {Started, Stopped} = lists:partition(fun({_, [{apply, {_, Function, _}} | _]}) -> is_start(Function) end, Steps),
    case Direction of
        up -> placed([], Stopped, [{Name, {[], Start}} || {Name, Start} <- Started]);
        down -> placed(Started, [], [{Name, {Stop, []}} || {Name, Stop} <- Stopped])
    end.

placed(First, Last, Around) ->
    All = fun(Steps) -> lists:append([Instructions || {_, Instructions} <- Steps]) end,
    #{first => All(First), last => All(Last), around => maps:from_list(Around)}.

is_start(Function) ->
    lists:member(Function, [start, load]).

%% A person may have written it, and an emulator that is restarted does it all.
is_done(Name, Script) ->
    lists:any(
        fun
            ({apply, {application, _, [App | _]}}) -> App =:= Name;
            (Instruction) -> Instruction =:= restart_new_emulator orelse Instruction =:= restart_emulator
        end,
        Script
    ).

instructions(Name, none, load) -> [call(load, [Name])];
instructions(Name, load, none) -> [call(unload, [Name])];
instructions(_, {running, _}, {running, _}) -> [];
instructions(Name, _, {running, Type}) -> [call(start, [Name, Type])];
instructions(Name, {running, _}, load) -> [call(stop, [Name])];
instructions(Name, {running, _}, none) -> [call(stop, [Name]), call(unload, [Name])].

call(Function, Arguments) ->
    {apply, {application, Function, Arguments}}.

%% @doc How the release in a root starts an application.
-spec started(file:filename(), string(), string()) -> started().
started(Root, Name, Version) ->
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
-spec before(atom(), {started(), started()}) -> [relup_instruction:explained()].
before(Application, {From, library}) when From =/= library, From =/= no ->
    [explained(Application, stop, [], "~tw is stopped: it has no processes of its own any more")];
before(_, _) ->
    [].

-spec afterwards(atom(), {started(), started()}) -> [relup_instruction:explained()].
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
