%% @doc One version of a module for the checks: what its beam tells, and where its forms can be found.
-module(relup_check_beam).

-export([read/2, facts/1, forms/1, kind/1, exports/3]).
-export_type([beam/0]).

-opaque beam() :: #{
    facts := relup_beam:facts(),
    kind := relup_beam:kind() | custom | kept,
    native := boolean(),
    %% the same module where rebar3 compiled it
    builds := [file:filename()]
}.

%% @doc A module of an application; null when it has no beam there.
-spec read(module(), {file:filename(), [file:filename()]}) -> beam() | null.
read(Module, {Ebin, Builds}) ->
    File = beam(Ebin, Module),
    case filelib:is_regular(File) of
        true ->
            Facts = relup_beam:facts(File),
            #{
                facts => Facts,
                kind => relup_behaviour:state_kind(Facts),
                native => loads_native(File),
                builds => [beam(Build, Module) || Build <- Builds]
            };
        false ->
            null
    end.

%% A module can load a native library for itself only.
loads_native(File) ->
    {ok, {_, [{imports, Imports}]}} = beam_lib:chunks(File, [imports]),
    lists:member({erlang, load_nif, 2}, Imports).

beam(Ebin, Module) ->
    filename:join(Ebin, atom_to_list(Module) ++ ".beam").

-spec kind(beam()) -> relup_beam:kind() | custom | kept.
kind(#{kind := Kind}) ->
    Kind.

-spec exports(beam(), atom(), arity()) -> boolean().
exports(#{facts := Facts}, Function, Arity) ->
    relup_beam:exports(Facts, Function, Arity).

%% @doc The forms it was compiled from.
-spec forms(beam()) -> {ok, [erl_parse:abstract_form()]} | unknown.
forms(#{facts := #{file := File}, builds := Builds}) ->
    relup_beam:forms(File, Builds).

%% @doc What can be said of it as JSON.
-spec facts(beam() | null) -> map() | null.
facts(null) ->
    null;
facts(#{facts := Facts, kind := Kind, native := Native}) ->
    #{
        kind => Kind,
        native => Native,
        codeChange => [Arity || Arity <- [3, 4], relup_beam:exports(Facts, code_change, Arity)],
        systemCodeChange => relup_beam:exports(Facts, system_code_change, 4)
    }.
