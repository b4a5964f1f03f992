%% @doc What a beam tells of a module: its behaviours, what it exports, whether it loads native code, and its forms.
%%
%% A release may hold stripped beams, so attributes and forms are taken from the same code (equal module MD5) where rebar3
%% compiled it.
-module(relup_check_beam).

-export([read/2, facts/1, forms/1]).
-export_type([beam/0]).

-type beam() :: #{
    exports := [{atom(), arity()}],
    native := boolean(),
    kinds := [atom()],
    files := [file:filename()]
}.

%% @doc A module of an application; null when it has no beam there.
-spec read(module(), {file:filename(), [file:filename()]}) -> beam() | null.
read(Module, {Ebin, Builds}) ->
    File = beam(Ebin, Module),
    case beam_lib:chunks(File, [exports, imports]) of
        {ok, {_, [{exports, Exports}, {imports, Imports}]}} ->
            {ok, {_, Md5}} = beam_lib:md5(File),
            Files = [File | [Same || Build <- Builds, Same <- [beam(Build, Module)], has_md5(Same, Md5)]],
            #{
                exports => Exports,
                native => lists:member({erlang, load_nif, 2}, Imports),
                kinds => kinds(Files, Exports),
                files => Files
            };
        {error, beam_lib, _} ->
            null
    end.

%% @doc The forms it was compiled from; none without debug information.
-spec forms(beam()) -> [erl_parse:abstract_form()] | none.
forms(#{files := Files}) ->
    first(fun forms_in/1, Files).

%% @doc The same as JSON, without the forms.
-spec facts(beam() | null) -> map() | null.
facts(null) ->
    null;
facts(#{exports := Exports, native := Native, kinds := Kinds}) ->
    #{
        kinds => Kinds,
        native => Native,
        codeChange => [Arity || {code_change, Arity} <- Exports],
        systemCodeChange => lists:member({system_code_change, 4}, Exports)
    }.

beam(Ebin, Module) ->
    filename:join(Ebin, atom_to_list(Module) ++ ".beam").

has_md5(File, Md5) ->
    case filelib:is_regular(File) andalso beam_lib:md5(File) of
        {ok, {_, Md5}} -> true;
        _ -> false
    end.

first(_Fun, []) ->
    none;
first(Fun, [File | Files]) ->
    case Fun(File) of
        none -> first(Fun, Files);
        Found -> Found
    end.

forms_in(File) ->
    case beam_lib:chunks(File, [abstract_code]) of
        {ok, {_, [{abstract_code, {_Version, Forms}}]}} -> Forms;
        _ -> none
    end.

%% Which processes run the module: gen_server, gen_statem, gen_fsm, gen_event, supervisor, special; empty for none.
kinds(Files, Exports) ->
    Known = [Kind || Kind <- behaviours(Files), lists:member(Kind, known())],
    case Known ++ [special || lists:member({system_continue, 3}, Exports)] of
        [] -> guess(behaviours(Files), Exports);
        Kinds -> lists:usort([kind(Kind) || Kind <- Kinds])
    end.

known() ->
    [gen_server, gen_statem, gen_fsm, gen_event, supervisor, supervisor_bridge].

kind(supervisor_bridge) -> supervisor;
kind(Kind) -> Kind.

behaviours(Files) ->
    case first(fun attributes/1, Files) of
        none -> [];
        Attributes -> lists:append([List || {Name, List} <- Attributes, Name =:= behaviour orelse Name =:= behavior])
    end.

attributes(File) ->
    case beam_lib:chunks(File, [attributes]) of
        {ok, {_, [{attributes, Attributes}]}} -> Attributes;
        _ -> none
    end.

%% Without attributes (a stripped beam) the callbacks tell, where they are those of one behaviour only.
guess([], Exports) ->
    Has = fun(Functions) -> lists:all(fun(Function) -> lists:member(Function, Exports) end, Functions) end,
    Guesses = [
        {gen_statem, [{init, 1}, {callback_mode, 0}]},
        {gen_server, [{init, 1}, {handle_call, 3}, {handle_cast, 2}]},
        {gen_event, [{init, 1}, {handle_call, 2}, {handle_event, 2}]}
    ],
    [Kind || {Kind, Functions} <- Guesses, Has(Functions)];
guess(_Others, _Exports) ->
    [].
