%% @doc The instruction for one module, and what it does in words.
-module(relup_instruction).

-export([changed/3, converts/1, add/2, delete/2, suspend/2, suspend_carried/2, convert/3, resume/1, functions/1, explained/3]).
-export_type([options/0, explained/0]).

-type options() :: #{
    %% soft_purge | brutal_purge
    purge := atom(),
    %% modules that must be loaded before this one when upgrading, after it when downgrading
    needs := [module()],
    %% whose processes run it, when that is not its own kind
    behaviour => {ok, module()} | none,
    %% whether it is a supervisor whose init/1 must not run again
    loads => boolean()
}.
-type explained() :: {Instruction :: term(), Words :: unicode:chardata()}.

%% @doc An instruction with what it does in words.
-spec explained(term(), io:format(), [term()]) -> explained().
explained(Instruction, Format, Arguments) ->
    {Instruction, io_lib:format(Format, Arguments)}.

%% @doc For a module in both versions. `code_change' is always called in the new module (before the old code is loaded, when
%% downgrading), so only what the new module exports counts (H27).
-spec changed(relup_beam:facts(), relup_beam:kind() | custom | {converted_by, module()}, options()) -> explained().
changed(#{module := Module}, {converted_by, Behaviour}, Options) ->
    Words = "~tw runs in processes of ~tw, which wait while both are exchanged; code_change of ~tw converts their state",
    explained(update(Module, soft, Options), Words, [Module, Behaviour, Behaviour]);
changed(#{module := Module} = New, Kind, Options) ->
    case conversion(New, Kind) of
        supervisor ->
            explained(supervisor(Module, Options), "~tw is a supervisor: it takes over what its init/1 says now", [Module]);
        {advanced, Name, Arity} ->
            Words = "~tw is a ~ts: its processes wait while the code is exchanged, and ~tw/~b converts their state",
            explained(update(Module, {advanced, []}, Options), Words, [Module, called(Kind), Name, Arity]);
        soft ->
            Words = "~tw is a ~ts without code_change: its processes wait while the code is exchanged, and keep their state",
            explained(update(Module, soft, Options), Words, [Module, called(Kind)]);
        load ->
            explained(load(Module, Options), "the code of ~tw is exchanged", [Module])
    end.

%% @doc Whether processes of the module are asked to convert their state.
-spec converts(relup_beam:facts()) -> boolean().
converts(New) ->
    is_tuple(conversion(New, relup_behaviour:kind(New))).

conversion(New, supervisor) ->
    %% another behaviour in the same module: its processes would be asked for a conversion that is not there
    Others = [Kind || Kind <- [gen_server, gen_event], lists:member(Kind, maps:get(behaviours, New))],
    case Others =:= [] orelse relup_beam:exports(New, code_change, 3) of
        true -> supervisor;
        false -> soft
    end;
conversion(New, Kind) when Kind =:= gen_server; Kind =:= gen_event ->
    conversion(New, code_change, 3);
conversion(New, Kind) when Kind =:= gen_statem; Kind =:= gen_fsm ->
    conversion(New, code_change, 4);
conversion(New, special) ->
    conversion(New, system_code_change, 4);
conversion(New, custom) ->
    case conversion(New, code_change, 4) of
        soft -> conversion(New, code_change, 3);
        Advanced -> Advanced
    end;
conversion(_, bridge) ->
    soft;
conversion(_, other) ->
    load.

conversion(New, Name, Arity) ->
    case relup_beam:exports(New, Name, Arity) of
        true -> {advanced, Name, Arity};
        false -> soft
    end.

called(special) -> "special process";
called(bridge) -> "supervisor_bridge";
called(custom) -> "callback module of a process";
called(Kind) -> atom_to_list(Kind).

%% The shortest form that says it; OTP's default is brutal_purge.
supervisor(Module, #{purge := brutal_purge, needs := []}) ->
    {update, Module, supervisor};
supervisor(Module, #{purge := Purge, needs := Needs}) ->
    {update, Module, static, default, {advanced, []}, Purge, Purge, Needs}.

update(Module, Change, #{purge := brutal_purge, needs := []}) -> {update, Module, Change};
update(Module, Change, #{purge := brutal_purge, needs := Needs}) -> {update, Module, Change, Needs};
update(Module, Change, #{purge := Purge, needs := Needs}) -> {update, Module, Change, Purge, Purge, Needs}.

load(Module, #{purge := brutal_purge, needs := []}) -> {load_module, Module};
load(Module, #{purge := brutal_purge, needs := Needs}) -> {load_module, Module, Needs};
load(Module, #{purge := Purge, needs := Needs}) -> {load_module, Module, Purge, Purge, Needs}.

%% @doc For processes whose own code is not exchanged, but which would call what is.
-spec suspend([module()], [mfa()]) -> explained().
suspend(Modules, Gone) ->
    explained({suspend, Modules}, "processes of ~ts wait: they call ~ts, which is gone", [names(Modules), functions(Gone)]).

%% @doc For processes that run code which is exchanged, and are known by another module.
-spec suspend_carried([module()], [module()]) -> explained().
suspend_carried(Modules, Code) ->
    Words = "processes of ~ts wait: they run code of ~ts, and go on in its new code",
    explained({suspend, Modules}, Words, [names(Modules), names(Code)]).

%% @doc For the same: their behaviour converts their state.
-spec convert(up | down, [module()], module()) -> explained().
convert(Direction, Modules, Behaviour) ->
    Changes = [{Module, []} || Module <- Modules],
    Instruction = case Direction of up -> {code_change, Changes}; down -> {code_change, down, Changes} end,
    explained(Instruction, "code_change of ~tw converts the state of the processes of ~ts", [Behaviour, names(Modules)]).

-spec resume([module()]) -> explained().
resume(Modules) ->
    explained({resume, Modules}, "processes of ~ts go on", [names(Modules)]).

names(Modules) ->
    lists:join(", ", [atom_to_list(Module) || Module <- Modules]).

%% @doc Functions as text.
-spec functions([mfa()]) -> unicode:chardata().
functions(Functions) ->
    lists:join(", ", [io_lib:format("~tw:~tw/~b", [Module, Name, Arity]) || {Module, Name, Arity} <- Functions]).

%% @doc For a module that was not there before.
-spec add(module(), options()) -> explained().
add(Module, #{needs := Needs}) ->
    Instruction =
        case Needs of
            [] -> {add_module, Module};
            _ -> {add_module, Module, Needs}
        end,
    explained(Instruction, "~tw is loaded; it was not there before", [Module]).

%% @doc For a module that is not there any more.
-spec delete(module(), options()) -> explained().
delete(Module, #{needs := Needs}) ->
    Instruction =
        case Needs of
            [] -> {delete_module, Module};
            _ -> {delete_module, Module, Needs}
        end,
    explained(Instruction, "~tw is removed; it is not there any more", [Module]).
