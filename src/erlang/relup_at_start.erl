%% @doc What an application reads only when it, or a process of it, starts: processes that run go on with what was read then.
-module(relup_at_start).

-export([graph/3, readers/2, later/2, priv/1]).

%% What runs when a process or an application starts, and never again.
-define(START, [{start, 2}, {start_phase, 3}, {init, 1}, {handle_continue, 2}]).

%% What tells where an application's files are.
-define(FOLDERS, [{code, priv_dir, 1}, {code, lib_dir, 1}, {code, lib_dir, 2}]).

%% @doc The functions of those modules of an application that call one of some functions of OTP, directly or by way of each other, and
%% of some modules beside them; `Builds' may hold the beams with debug information. The other modules need not be read.
-spec graph([mfa()], [module()], {file:filename(), [file:filename()]}) -> {ok, relup_calls:graph()} | unknown.
graph(Functions, Modules, {Ebin, Builds}) ->
    Imports = maps:from_list([imports(filename:join(Ebin, Beam)) || Beam <- filelib:wildcard("*.beam", Ebin)]),
    Direct = [Module || {Module, Imported} <- maps:to_list(Imports), Imported -- Functions =/= Imported],
    Read = [
        relup_beam:forms(filename:join(Ebin, Beam), [filename:join(Build, Beam) || Build <- Builds])
     || Module <- lists:usort(Modules ++ callers(Direct, Imports)), Beam <- [atom_to_list(Module) ++ ".beam"]
    ],
    case lists:member(unknown, Read) of
        true -> unknown;
        false -> {ok, relup_calls:graph([Forms || {ok, Forms} <- Read])}
    end.

imports(File) ->
    {ok, {Module, [{imports, Imports}]}} = beam_lib:chunks(File, [imports]),
    {Module, Imports}.

callers(Modules, Imports) ->
    Calling = [
        Module
     || {Module, Imported} <- maps:to_list(Imports), lists:any(fun({M, _, _}) -> lists:member(M, Modules) end, Imported)
    ],
    case lists:usort(Modules ++ Calling) of
        Modules -> Modules;
        More -> callers(More, Imports)
    end.

%% @doc The functions (`shop_db:init/1') that run at a start and get to a call that reads, where no other function does. A function that
%% nobody of the application calls may be called by anybody, but for those that start something.
-spec readers(fun((relup_calls:call()) -> boolean()), relup_calls:graph()) -> [binary()].
readers(IsReading, Graph) ->
    {Starts, Others} = roots(Graph),
    Reads = fun(Root) ->
        lists:any(fun(Function) -> reads(IsReading, maps:get(Function, Graph)) end, relup_calls:reachable([Root], Graph))
    end,
    case lists:any(Reads, Others) of
        true -> [];
        false -> [name(Start) || Start <- Starts, Reads(Start)]
    end.

is_start({_, start_link, _}) -> true;
is_start({_, Function, Arity}) -> lists:member({Function, Arity}, ?START).

%% @doc The functions with a call of a kind that are reached from one that does not run at a start, each with the first such call. One
%% that nobody of the application calls may be called by anybody.
-spec later(fun((relup_calls:call()) -> boolean()), relup_calls:graph()) -> [#{function := binary(), call := binary()}].
later(Is, Graph) ->
    {_, Others} = roots(Graph),
    [
        #{function => name(Function), call => Text}
     || Function <- relup_calls:reachable(Others, Graph),
        #{others := Calls} <- [maps:get(Function, Graph)],
        [#{text := Text} | _] <- [[Call || Call <- Calls, Is(Call)]]
    ].

%% What is called from elsewhere: when something starts, and later.
roots(Graph) ->
    Called = lists:append([Own || #{own := Own} <- maps:values(Graph)]),
    lists:partition(fun is_start/1, [Function || {Function, #{exported := true}} <- maps:to_list(Graph), not lists:member(Function, Called)]).

%% What loads a native library looks for it in `priv'; that is looked at elsewhere.
reads(IsReading, #{others := Others}) ->
    lists:any(IsReading, Others) andalso not lists:any(fun(#{function := {_, F, _}}) -> F =:= load_nif end, Others).

%% @doc `[Root, Build, Application, Version]': what starts and asks for the application's folder `priv', where nothing else asks.
-spec priv([string()]) -> {ok, [binary()]}.
priv([Root, Build, Application, Version]) ->
    Ebin = filename:join([Root, "lib", Application ++ "-" ++ Version, "ebin"]),
    IsReading = fun(#{function := Function, text := Text}) -> lists:member(Function, ?FOLDERS) andalso is_own(Text, Application) end,
    case graph(?FOLDERS, [], {Ebin, [filename:join([Build, Application, "ebin"]) || Build =/= ""]}) of
        {ok, Graph} -> {ok, readers(IsReading, Graph)};
        unknown -> {ok, []}
    end.

%% With a name that is no atom in the source it may be any application.
is_own(Text, Application) ->
    re:run(Text, ["\\((?:'?\\Q", Application, "\\E'?[,)]|[A-Z_])"], [unicode, {capture, none}]) =:= match.

name({Module, Function, Arity}) ->
    relup_json:text(io_lib:format("~tw:~tw/~b", [Module, Function, Arity])).
