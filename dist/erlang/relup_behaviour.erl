%% @doc Behaviours that do not come with OTP: whether processes of their callback modules can be suspended, and their state be
%% converted, is told by the behaviour's own module (H30).
-module(relup_behaviour).

-export([kind/1, state_kind/1]).

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

%% @doc The same, as far as the state is concerned: `kept' for a callback module of a process that keeps a state, and hands
%% none on for a conversion.
-spec state_kind(relup_beam:facts()) -> relup_beam:kind() | custom | kept.
state_kind(#{behaviours := Behaviours, file := File} = Facts) ->
    Lib = filename:dirname(filename:dirname(filename:dirname(File))),
    IsKept = fun(Behaviour) -> lists:member(own_kind(Behaviour, Lib), [gen_server, gen_statem, gen_fsm, special]) end,
    case kind(Facts) of
        other ->
            case lists:any(IsKept, Behaviours) of
                true -> kept;
                false -> other
            end;
        Kind ->
            Kind
    end.

own_kind(Behaviour, Lib) ->
    case beams(Behaviour, Lib) of
        [Beam | _] -> relup_beam:kind(relup_beam:facts(Beam));
        [] -> other
    end.

%% Either it handles system messages itself, or it is the callback module of a process that does, and hands the conversion
%% of the state on.
is_process(application, _) ->
    false;
is_process(Behaviour, Lib) ->
    case beams(Behaviour, Lib) of
        [Beam | _] ->
            Facts = relup_beam:facts(Beam),
            relup_beam:exports(Facts, system_code_change, 4) orelse
                (relup_beam:kind(Facts) =/= other andalso converts(Facts));
        [] ->
            false
    end.

beams(Behaviour, Lib) ->
    [filename:join(Lib, Beam) || Beam <- filelib:wildcard("*/ebin/" ++ atom_to_list(Behaviour) ++ ".beam", Lib)].

converts(Facts) ->
    relup_beam:exports(Facts, code_change, 3) orelse relup_beam:exports(Facts, code_change, 4).
