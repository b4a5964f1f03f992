%% @doc What a scratch node is asked beyond its code (on_node/observe*.eval), as JSON: environment, supervision trees, registered
%% names, and what still holds code that was loaded before.
-module(relup_observe).

-export([to_json/1]).

%% @doc `Observed' as JSON.
-spec to_json(map()) -> map().
to_json(Observed) ->
    #{keys := Keys, types := Types, remains := Remains, trees := Trees, oldProcesses := Processes, oldFuns := Funs} = Observed,
    (maps:without([keys, oldProcesses], Observed))#{
        environmentKeys => relup_observe_environment:to_json(Keys),
        types => maps:from_list(Types),
        remains => relup_observe_remains:to_json(Remains),
        trees => maps:from_list([{App, process_json(Tree)} || {App, Tree} <- Trees]),
        oldProcesses => [#{module => Module, processes => texts(Whos)} || {Module, Whos} <- Processes],
        oldFuns => [#{module => Module, holder => relup_json:text(Holder)} || {Module, Holder} <- Funs],
        oldPaths => [#{application => App, holder => relup_json:text(Holder)} || {Holder, App} <- maps:get(oldPaths, Observed)]
    }.

process_json(#{pid := Pid, name := Name, kind := Kind} = Process) ->
    Callback = maps:get(callback, Process, null),
    Json = maps:merge(
        maps:with([count], Process),
        #{pid => relup_json:text(Pid), name => atom_json(Name), callback => atom_json(Callback), kind => Kind}
    ),
    case Process of
        #{children := Children, listed := Listed} ->
            Json#{
                children => [child_json(Child) || Child <- Children],
                listed => case Listed of unknown -> null; _ -> [relup_json:one_line(Id) || Id <- Listed] end
            };
        #{spec := Spec, unnamed := Unnamed} -> Json#{spec => spec_json(Spec), unnamed => Unnamed};
        _ -> Json
    end.

child_json({Id, Key, Type, Spec, Unnamed, Process}) ->
    #{
        id => relup_json:one_line(Id),
        key => Key,
        isAtom => is_atom(Id),
        unnamed => Unnamed,
        type => Type,
        spec => spec_json(Spec),
        process => case Process of none -> null; _ -> process_json(Process) end
    }.

spec_json(none) ->
    null;
spec_json(#{start := {Module, Function, Arity}, arguments := Arguments, rest := Rest}) ->
    #{
        start => relup_json:text(io_lib:format("~tp:~tp/~tp", [Module, Function, Arity])),
        module => Module,
        arguments => Arguments,
        options => maps:map(fun(_, Value) -> relup_json:one_line(Value) end, Rest)
    }.

atom_json(null) -> null;
atom_json(Atom) -> relup_json:one_line(Atom).

texts(Texts) ->
    [relup_json:text(Text) || Text <- Texts].
