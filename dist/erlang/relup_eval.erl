%% @doc Evaluates a function of a module from its abstract code, without loading the module: what a supervisor's init/1 would
%% say, as far as that is known without running it in its release.
%%
%% Only calls without effects are made: functions whose abstract code is at hand, and pure ones of OTP. Anything else (the
%% environment, processes, tables, messages) makes the value unknown.
-module(relup_eval).

-export([call/4]).
-export_type([forms_of/0]).

%% The abstract code of the modules that may be called.
-type forms_of() :: fun((module()) -> {ok, [erl_parse:abstract_form()]} | unknown).

-define(MILLISECONDS, 5000).
-define(HEAP_WORDS, 20_000_000).
-define(PURE, [lists, maps, proplists, string, ordsets, orddict, sets, unicode, binary, filename]).
-define(PURE_BIFS, [
    list_to_atom, atom_to_list, atom_to_binary, binary_to_atom, integer_to_list, integer_to_binary, list_to_integer,
    binary_to_integer, list_to_binary, binary_to_list, iolist_to_binary, list_to_tuple, tuple_to_list, setelement,
    make_tuple, append_element, max, min, '++', '--'
]).

%% @doc The value of a call, or unknown when it depends on more than the code.
-spec call(module(), atom(), [term()], forms_of()) -> {ok, term()} | unknown.
call(Module, Function, Arguments, FormsOf) ->
    Work = fun() -> exit(value(Module, Function, Arguments, FormsOf)) end,
    Size = #{size => ?HEAP_WORDS, kill => true, error_logger => false},
    {Pid, Monitor} = spawn_opt(Work, [monitor, {max_heap_size, Size}]),
    receive
        {'DOWN', Monitor, process, Pid, {value, Value}} -> {ok, Value};
        {'DOWN', Monitor, process, Pid, _} -> unknown
    after ?MILLISECONDS ->
        erlang:demonitor(Monitor, [flush]),
        exit(Pid, kill),
        unknown
    end.

value(Module, Function, Arguments, FormsOf) ->
    try {apply_function(Module, Function, Arguments, FormsOf), get(unknown)} of
        {Value, undefined} -> {value, Value};
        {_, _} -> unknown
    catch
        _:_ -> unknown
    end.

apply_function(Module, Function, Arguments, FormsOf) ->
    Arity = length(Arguments),
    case [Clauses || {function, _, Name, Size, Clauses} <- expanded(Module, FormsOf), Name =:= Function, Size =:= Arity] of
        [Clauses] ->
            Local = {value, fun(Name, Values) -> apply_function(Module, Name, Values, FormsOf) end},
            Remote = {value, fun(Callee, Values) -> remote(Callee, Values, FormsOf) end},
            Fun = {'fun', erl_anno:new(0), {clauses, Clauses}},
            {value, Value, _} = erl_eval:expr(Fun, erl_eval:new_bindings(), Local, Remote),
            apply(Value, Arguments);
        [] ->
            unknown({Module, Function, Arity})
    end.

%% Records are known to the compiler only.
expanded(Module, FormsOf) ->
    case get({forms, Module}) of
        undefined ->
            Forms =
                case FormsOf(Module) of
                    {ok, Found} -> erl_expand_records:module(Found, []);
                    unknown -> unknown(Module)
                end,
            put({forms, Module}, Forms),
            Forms;
        Forms ->
            Forms
    end.

remote({Module, Function}, Arguments, FormsOf) ->
    case is_pure(Module, Function, length(Arguments)) andalso lists:all(fun is_known/1, Arguments) of
        true -> apply(Module, Function, Arguments);
        false -> apply_function(Module, Function, Arguments, FormsOf)
    end;
remote(Fun, Arguments, FormsOf) when is_function(Fun) ->
    case erlang:fun_info(Fun, type) of
        {type, local} ->
            apply(Fun, Arguments);
        {type, external} ->
            {module, Module} = erlang:fun_info(Fun, module),
            {name, Name} = erlang:fun_info(Fun, name),
            remote({Module, Name}, Arguments, FormsOf)
    end.

%% A function that is given to a pure one must not be another module's: that would really be called.
is_known(Value) ->
    not is_function(Value) orelse erlang:fun_info(Value, type) =:= {type, local}.

is_pure(erlang, Function, Arity) ->
    Operator = lists:any(
        fun(Is) -> Is(Function, Arity) end,
        [fun erl_internal:arith_op/2, fun erl_internal:comp_op/2, fun erl_internal:bool_op/2, fun erl_internal:list_op/2]
    ),
    Guard = erl_internal:guard_bif(Function, Arity) andalso not lists:member(Function, [self, node]),
    Operator orelse Guard orelse lists:member(Function, ?PURE_BIFS);
is_pure(io_lib, format, 2) ->
    true;
is_pure(Module, _, _) ->
    lists:member(Module, ?PURE).

%% Code that is evaluated may catch what is thrown, so it is also noted.
-spec unknown(term()) -> no_return().
unknown(Why) ->
    put(unknown, Why),
    throw({unknown, Why}).
