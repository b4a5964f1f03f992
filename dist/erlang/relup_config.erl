%% @doc Reads a project's `relup.config': what the generator shall do otherwise for an application.
%%
%% `config File' answers the applications it names, each with its strategy and whether its native code may be exchanged.
-module(relup_config).

-export([command/1, read/1, strategy/2, purge/3, extra/3]).
-export_type([config/0]).

-type config() :: #{Application :: atom() => [{atom(), term()}]}.

-define(STRATEGIES, [restart, generate, require, refuse]).
-define(PURGES, [soft_purge, brutal_purge]).

-spec command([string()]) -> {ok, [map()]}.
command([File]) ->
    {ok, [
        #{
            application => Application,
            strategy => proplists:get_value(strategy, Options, null),
            native => proplists:get_value(native, Options) =:= allow
        }
     || {Application, Options} <- lists:sort(maps:to_list(read(File)))
    ]}.

%% @doc The whole file, checked; an empty name stands for none.
-spec read(file:filename()) -> config().
read("") ->
    #{};
read(File) ->
    case relup_text:consult(File) of
        {ok, Terms} -> lists:foldl(fun term/2, #{}, Terms);
        {error, Reason} -> bad("~ts", [Reason])
    end.

%% @doc What is to be done about an application; `default' when nothing is said.
-spec strategy(config(), atom()) -> restart | generate | require | refuse | default.
strategy(Config, Application) ->
    option(strategy, Application, Config, default).

%% @doc How the generator purges one module.
-spec purge(config(), atom(), module()) -> soft_purge | brutal_purge | default.
purge(Config, Application, Module) ->
    case option(purge, Application, Config, default) of
        List when is_list(List) -> proplists:get_value(Module, List, default);
        Purge -> Purge
    end.

%% @doc The instructions to put before and after the generated ones.
-spec extra(config(), atom(), up | down) -> {[term()], [term()]}.
extra(Config, Application, Direction) ->
    Extra = option(Direction, Application, Config, []),
    {proplists:get_value(before, Extra, []), proplists:get_value('after', Extra, [])}.

option(Key, Application, Config, Default) ->
    proplists:get_value(Key, maps:get(Application, Config, []), Default).

term({Application, Options}, Config) when is_atom(Application), is_list(Options) ->
    _ = is_map_key(Application, Config) andalso bad("~tw stands there twice", [Application]),
    lists:foreach(fun(Option) -> check(Application, Option) end, Options),
    Config#{Application => Options};
term(Term, _) ->
    bad("~0tp is not of the form {Application, [Option]}", [Term]).

check(Application, {strategy, Strategy}) ->
    lists:member(Strategy, ?STRATEGIES) orelse
        bad("the strategy of ~tw must be restart, generate, require or refuse, not ~0tp", [Application, Strategy]);
check(Application, {purge, Modules}) when is_list(Modules) ->
    lists:all(fun(One) -> is_purge(One) orelse bad_purge(Application, One) end, Modules);
check(Application, {purge, Purge}) ->
    lists:member(Purge, ?PURGES) orelse bad_purge(Application, Purge);
check(Application, {Direction, Extra}) when Direction =:= up; Direction =:= down ->
    is_list(Extra) andalso lists:all(fun is_extra/1, Extra) orelse
        bad("~tw of ~tw must be a list of {before, Instructions} and {'after', Instructions}", [Direction, Application]);
check(Application, {native, Native}) ->
    Native =:= allow orelse bad("native of ~tw must be allow, not ~0tp", [Application, Native]);
check(Application, Option) ->
    bad("~tw has the option ~0tp, but there are only {strategy, S}, {purge, P}, {up, U}, {down, D} and {native, allow}", [
        Application, Option
    ]).

is_purge({Module, Purge}) -> is_atom(Module) andalso lists:member(Purge, ?PURGES);
is_purge(_) -> false.

-spec bad_purge(atom(), term()) -> no_return().
bad_purge(Application, Term) ->
    bad("purge of ~tw must be soft_purge, brutal_purge or a list of {Module, soft_purge | brutal_purge}, not ~0tp", [Application, Term]).

is_extra({Position, Instructions}) -> lists:member(Position, [before, 'after']) andalso is_list(Instructions);
is_extra(_) -> false.

-spec bad(io:format(), [term()]) -> no_return().
bad(Format, Arguments) ->
    throw({error, bad_config, io_lib:format(Format, Arguments), Format}).
