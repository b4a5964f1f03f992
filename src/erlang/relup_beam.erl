%% @doc What a module's beam tells of it, also without debug information (H22): exports, attributes and imports are kept
%% when a release is stripped.
-module(relup_beam).

-export([facts/1, exports/3, calls/1, kind/1, forms/2]).
-export_type([facts/0, kind/0]).

-type facts() :: #{
    module := module(),
    exports := [{atom(), arity()}],
    behaviours := [module()],
    %% functions of other modules that are called by name, and the modules that they are in
    imports := [mfa()],
    calls := [module()],
    file := file:filename()
}.
%% What processes run the module: release handling treats them differently.
-type kind() :: supervisor | gen_server | gen_statem | gen_fsm | gen_event | special | bridge | other.

%% @doc Reads one beam; names the file when it cannot be read (H22).
-spec facts(file:filename()) -> facts().
facts(File) ->
    case beam_lib:chunks(File, [exports, imports, attributes], [allow_missing_chunks]) of
        {ok, {Module, [{exports, Exports}, {imports, Imports}, {attributes, Attributes}]}} ->
            #{
                module => Module,
                exports => Exports,
                behaviours => behaviours(Attributes),
                imports => Imports,
                calls => lists:usort([Called || {Called, _, _} <- Imports]),
                file => File
            };
        {error, beam_lib, Reason} ->
            throw({error, bad_beam, io_lib:format("~ts is no Erlang module that can be read", [File]), Reason})
    end.

%% `beam_lib:strip_files/1' takes the attributes, too; relx keeps them.
behaviours(missing_chunk) ->
    [];
behaviours(Attributes) ->
    lists:append([List || {Name, List} <- Attributes, Name =:= behaviour orelse Name =:= behavior]).

-spec exports(facts(), atom(), arity()) -> boolean().
exports(#{exports := Exports}, Function, Arity) ->
    lists:member({Function, Arity}, Exports).

-spec calls(facts()) -> [module()].
calls(#{calls := Calls}) ->
    Calls.

%% @doc What kind of process a module is the callback of. A supervisor wins over other behaviours in the same module: its
%% child specifications would not be taken over otherwise. Modules that do not name their behaviour are known by what
%% they export.
-spec kind(facts()) -> kind().
kind(#{behaviours := Behaviours} = Facts) ->
    Named = [Kind || Behaviour <- Behaviours, Kind <- [behaviour(Behaviour)], Kind =/= other],
    case lists:sort(fun(A, B) -> rank(A) =< rank(B) end, Named) of
        [Kind | _] -> Kind;
        [] -> by_exports(Facts)
    end.

rank(Kind) ->
    proplists:get_value(Kind, [{supervisor, 1}, {gen_server, 2}, {gen_statem, 3}, {gen_fsm, 4}, {gen_event, 5}, {bridge, 6}]).

behaviour(supervisor) -> supervisor;
behaviour('Elixir.Supervisor') -> supervisor;
behaviour('Elixir.DynamicSupervisor') -> supervisor;
behaviour(gen_server) -> gen_server;
behaviour('Elixir.GenServer') -> gen_server;
behaviour(gen_statem) -> gen_statem;
behaviour(gen_fsm) -> gen_fsm;
behaviour(gen_event) -> gen_event;
behaviour(supervisor_bridge) -> bridge;
behaviour(_) -> other.

by_exports(#{behaviours := Behaviours} = Facts) ->
    Has = fun(Functions) -> lists:all(fun({Function, Arity}) -> exports(Facts, Function, Arity) end, Functions) end,
    Special = Has([{system_continue, 3}, {system_terminate, 4}]),
    Server = Behaviours =:= [] andalso Has([{init, 1}, {handle_call, 3}, {handle_cast, 2}]),
    Event = Behaviours =:= [] andalso Has([{init, 1}, {handle_event, 2}, {handle_call, 2}]),
    Statem = Behaviours =:= [] andalso Has([{init, 1}, {callback_mode, 0}]),
    if
        Special -> special;
        Server -> gen_server;
        Event -> gen_event;
        Statem -> gen_statem;
        true -> other
    end.

%% @doc The abstract code, from the first of the files that has it and is the same code (by module MD5).
-spec forms(file:filename(), [file:filename()]) -> {ok, [erl_parse:abstract_form()]} | unknown.
forms(Beam, Others) ->
    {ok, {_, Md5}} = beam_lib:md5(Beam),
    first_forms([Beam | Others], Md5).

first_forms([], _) ->
    unknown;
first_forms([File | Files], Md5) ->
    case beam_lib:md5(File) of
        {ok, {_, Md5}} ->
            case beam_lib:chunks(File, [abstract_code]) of
                {ok, {_, [{abstract_code, {raw_abstract_v1, Forms}}]}} -> {ok, Forms};
                _ -> first_forms(Files, Md5)
            end;
        _ ->
            first_forms(Files, Md5)
    end.
