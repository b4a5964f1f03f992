%% @doc Behaviours that do not come with OTP: whether processes of their callback modules can be suspended, and their state be
%% converted, is told by the behaviour's own module (H30).
-module(relup_behaviour).

-export([kind/1]).

%% @doc What processes run a module, like relup_beam:kind/1; `custom' for a callback module of a behaviour of the release
%% that is a process as release handling knows them, or runs in one.
-spec kind(relup_beam:facts()) -> relup_beam:kind() | custom.
kind(#{behaviours := Behaviours, file := File} = Facts) ->
    case relup_beam:kind(Facts) of
        other ->
            Lib = filename:dirname(filename:dirname(filename:dirname(File))),
            case lists:any(fun(Behaviour) -> is_process(Behaviour, Lib) end, Behaviours) of
                true -> custom;
                false -> other
            end;
        Kind ->
            Kind
    end.

%% Either it handles system messages itself, or it is the callback module of a process that does, and hands the conversion
%% of the state on.
is_process(application, _) ->
    false;
is_process(Behaviour, Lib) ->
    case filelib:wildcard("*/ebin/" ++ atom_to_list(Behaviour) ++ ".beam", Lib) of
        [Beam | _] ->
            Facts = relup_beam:facts(filename:join(Lib, Beam)),
            relup_beam:exports(Facts, system_code_change, 4) orelse
                (relup_beam:kind(Facts) =/= other andalso converts(Facts));
        [] ->
            false
    end.

converts(Facts) ->
    relup_beam:exports(Facts, code_change, 3) orelse relup_beam:exports(Facts, code_change, 4).
