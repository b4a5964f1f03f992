%% @doc Instructions of an appup, as facts: which modules and functions they name, and what they do with the modules.
-module(relup_check_instructions).

-export([changes/1, describe/2]).

%% @doc `{update, Module, Change}' for each instruction that may call code_change: Change is advanced, supervisor or soft.
-spec changes([term()]) -> [{update, module(), atom()}].
changes(Instructions) ->
    [
        {update, Module, Change}
     || Instruction <- lists:flatten(Instructions), {update, Modules, Change} <- [look(Instruction)], Module <- Modules
    ].

%% @doc One instruction; functions that it applies are looked for in the releases' trees.
-spec describe(term(), [file:filename()]) -> map().
describe(Instruction, Roots) ->
    {What, Modules, Change} = look(Instruction),
    #{
        text => relup_json:text(io_lib:format("~0tp", [Instruction])),
        what => What,
        modules => Modules,
        change => Change,
        needs => needs(Instruction),
        applies => applies(Instruction, Roots),
        restarted => restarted(Instruction)
    }.

%% What becomes of which modules.
look({load_module, Module}) -> {load, [Module], null};
look({load_module, Module, _}) -> {load, [Module], null};
look({load_module, Module, _, _, _}) -> {load, [Module], null};
look({add_module, Module}) -> {load, [Module], null};
look({add_module, Module, _}) -> {load, [Module], null};
look({delete_module, Module}) -> {delete, [Module], null};
look({delete_module, Module, _}) -> {delete, [Module], null};
look({update, Module, supervisor}) -> {update, [Module], supervisor};
look(Update) when is_tuple(Update), tuple_size(Update) >= 2, element(1, Update) =:= update ->
    {update, [element(2, Update)], change(tuple_to_list(Update))};
look({load, {Module, _, _}}) -> {load, [Module], null};
look({load_object_code, {_, _, Modules}}) -> {load, Modules, null};
look({remove, {Module, _, _}}) -> {delete, [Module], null};
look({code_change, Changes}) -> {update, [Module || {Module, _} <- Changes], advanced};
look({code_change, _Mode, Changes}) -> {update, [Module || {Module, _} <- Changes], advanced};
look({stop, Modules}) -> {stop, [name(Module) || Module <- Modules], null};
look({restart_application, Application}) -> {restart, [Application], null};
look({sync_nodes, _Id, _Nodes}) -> {sync, [], null};
look(restart_new_emulator) -> {emulator, [], null};
look(restart_emulator) -> {emulator, [], null};
look(_) -> {other, [], null}.

name({Module, _Timeout}) -> Module;
name(Module) -> Module.

change(Update) ->
    case [advanced || {advanced, _} <- Update] of
        [] -> soft;
        _ -> advanced
    end.

%% DepMods: modules that must be changed before this one.
needs({load_module, _, Needs}) -> atoms(Needs);
needs({load_module, _, _, _, Needs}) -> atoms(Needs);
needs({add_module, _, Needs}) -> atoms(Needs);
needs({delete_module, _, Needs}) -> atoms(Needs);
needs(Update) when is_tuple(Update), tuple_size(Update) >= 3, element(1, Update) =:= update ->
    atoms(element(tuple_size(Update), Update));
needs(_) -> [].

atoms(List) when is_list(List) -> [Atom || Atom <- List, is_atom(Atom)];
atoms(_) -> [].

%% The function that is called, and whether one of the releases exports it; null where that cannot be known.
applies({apply, {Module, Function, Arguments}}, Roots) when is_atom(Module), is_atom(Function), is_list(Arguments) ->
    Arity = length(Arguments),
    #{
        text => relup_json:text(io_lib:format("~tp:~tp/~b", [Module, Function, Arity])),
        exported => exported(Module, {Function, Arity}, Roots)
    };
applies(_, _) ->
    null.

exported(Module, Function, Roots) ->
    Beams = [
        filename:join(Root, Beam)
     || Root <- Roots, Beam <- filelib:wildcard("lib/*/ebin/" ++ escaped(atom_to_list(Module)) ++ ".beam", Root)
    ],
    case [Exports || Beam <- Beams, {ok, {_, [{exports, Exports}]}} <- [beam_lib:chunks(Beam, [exports])]] of
        %% preloaded modules (erlang, …) lie in no application
        [] -> erlang:function_exported(Module, element(1, Function), element(2, Function));
        Found -> lists:any(fun(Exports) -> lists:member(Function, Exports) end, Found)
    end.

escaped(Name) ->
    lists:flatmap(fun(Char) -> [$\\ || lists:member(Char, "*?[]{},\\")] ++ [Char] end, Name).

%% The child of a supervisor that is stopped, by its id, which is most often its module's name.
restarted({apply, {supervisor, terminate_child, [_Supervisor, Id]}}) when is_atom(Id) -> [Id];
restarted(_) -> [].
