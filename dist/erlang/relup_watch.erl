%% @doc What the control process can look at on a node besides release_handler's own matters: supervision trees, processes
%% that run old code, and access to files.
-module(relup_watch).

-export([run/3, lines/1, process_text/1]).

%% @doc Runs one operation; `Evaluate' asks the node a question of relup_on_node.
-spec run(string(), [string()], relup_node:evaluate()) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}.
run("trees", [Milliseconds], Evaluate) ->
    answer(Evaluate(trees, [{'Ms', list_to_integer(Milliseconds)}]), fun trees_json/1);
run("old-code", [ListFile], Evaluate) ->
    Modules = [list_to_atom(Name) || Name <- lines(ListFile)],
    answer(Evaluate(old_code, [{'Modules', Modules}]), fun old_code_json/1);
run("access", [ListFile], Evaluate) ->
    answer(Evaluate(access, [{'Paths', lines(ListFile)}]), fun access_json/1);
run(Operation, Args, Evaluate) ->
    relup_suspensions:run(Operation, Args, Evaluate).

answer({ok, Value}, ToJson) -> {ok, ToJson(Value)};
answer(Error, _ToJson) -> Error.

%% @doc The lines of a file.
-spec lines(file:filename()) -> [string()].
lines(ListFile) ->
    {ok, Text} = file:read_file(ListFile),
    string:lexemes(unicode:characters_to_list(Text), "\n").

trees_json(Applications) ->
    #{
        stuck => [
            #{application => App, process => relup_json:text(Who), what => What}
         || {App, {stuck, {Who, What}}} <- Applications
        ],
        children => maps:from_list([
            {relup_json:text(Name), relup_json:text(Pid)}
         || {_, {walked, Children}} <- Applications, {Name, Pid} <- Children
        ]),
        dynamic => length([dynamic || {_, {walked, Children}} <- Applications, dynamic <- Children])
    }.

old_code_json(Modules) ->
    [
        #{module => Module, count => Count, processes => [process_text(Process) || Process <- Processes]}
     || {Module, Count, Processes} <- Modules
    ].

%% @doc A process for people: pid, name, where it is, how it began.
-spec process_text({string(), {Name :: term(), mfa(), Initial :: term()}}) -> term().
process_text({Pid, {Name, Current, Initial}}) ->
    Names = [io_lib:format(" ~tp", [Name]) || Name =/= []],
    Begun = [io_lib:format(", begun by ~ts", [mfa(Initial)]) || is_tuple(Initial)],
    relup_json:text([Pid, Names, " in ", mfa(Current), Begun]).

mfa({Module, Function, Arity}) ->
    io_lib:format("~tp:~tp/~b", [Module, Function, Arity]).

access_json(Paths) ->
    maps:from_list([{relup_json:text(Path), Access} || {Path, Access} <- Paths]).
