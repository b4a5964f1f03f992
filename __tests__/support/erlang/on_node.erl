%% @doc What is wrong with the files of src/erlang/on_node, which no compiler sees when they are evaluated. A question as a module:
%% its parts are the body of a function, and the bindings that it is asked with are the function's parameters.
-module(on_node).

-export([complaints/1, script_complaints/1, asked/0, parts/0, module/1]).

-type bindings() :: [atom()].

%% A node that is upgraded has these; mnesia is asked where it runs.
-define(APPLICATIONS, [erts, kernel, stdlib, sasl]).
-define(WHERE_IT_RUNS, [mnesia]).

%% @doc Of a question and the parts that it consists of; none when all is well.
-spec complaints(atom()) -> [term()].
complaints(Question) ->
    Parts = relup_on_node:parts(Question),
    {_, Leaks} = lists:foldl(fun leak/2, {[], []}, Parts),
    Given = proplists:get_value(Question, asked()),
    lists:append([part_complaints(Part) || Part <- Parts]) ++ Leaks ++
        [{asked_with, Given, needs, Free} || Free <- [free(relup_on_node:forms(Question))], Free =/= Given] ++
        compiled(module(Question)).

%% @doc Of a file of expressions that needs no bindings.
-spec script_complaints(file:filename()) -> [term()].
script_complaints(Name) ->
    Forms = forms(read(Name)),
    [{unbound, Names} || Names <- [free(Forms)], Names =/= []] ++ [{calls, Call} || Call <- calls(Forms), not exists(Call)].

%% @doc The questions that our modules ask, with the bindings that they give.
-spec asked() -> [{atom(), bindings()}].
asked() ->
    Files = filelib:wildcard(filename:join(sources(), "*.erl")),
    lists:usort(lists:append([asked(element(2, epp:parse_file(File, []))) || File <- Files])).

asked({call, _, {var, _, 'Evaluate'}, [{atom, _, Question}, Bindings]}) ->
    [{Question, lists:sort([Name || {tuple, _, [{atom, _, Name}, _]} <- erl_syntax:list_elements(Bindings)])}];
asked(Tuple) when is_tuple(Tuple) ->
    asked(tuple_to_list(Tuple));
asked([Head | Tail]) ->
    asked(Head) ++ asked(Tail);
asked(_) ->
    [].

%% @doc All files.
-spec parts() -> [atom()].
parts() ->
    [list_to_atom(filename:basename(File, ".eval")) || File <- filelib:wildcard(filename:join(sources(), "on_node/*.eval"))].

%% @doc The forms of a module `relup_on_node_QUESTION' with one function.
-spec module(atom()) -> [erl_parse:abstract_form()].
module(Question) ->
    Body = relup_on_node:forms(Question),
    Parameters = [{var, 1, Name} || Name <- free(Body)],
    [
        {attribute, 1, file, {atom_to_list(Question) ++ ".eval", 1}},
        {attribute, 1, module, list_to_atom("relup_on_node_" ++ atom_to_list(Question))},
        {attribute, 1, export, [{Question, length(Parameters)}]},
        {function, 1, Question, length(Parameters), [{clause, 1, Parameters, [], Body}]}
    ].

compiled(Forms) ->
    case compile:forms(Forms, [return, warn_unused_vars]) of
        {ok, _, _, []} -> [];
        {ok, _, _, Warnings} -> Warnings;
        {error, Errors, Warnings} -> Errors ++ Warnings
    end.

part_complaints(Part) ->
    Text = read(filename:join("on_node", atom_to_list(Part) ++ ".eval")),
    Forms = forms(Text),
    [{Part, header, said, Said, needs, Needed} || Said <- [bindings(Text)], Needed <- [free(Forms)], Said =/= Needed] ++
        [{Part, header, "neither Binds nor Gives"} || none =:= header(Text, "(Binds|Gives)")] ++
        [{Part, calls, Call} || Call <- calls(Forms), not exists(Call)].

%% A part may find of those before it only what its header names: another variable of the same name would be matched, not bound.
leak(Part, {Before, Found}) ->
    Text = read(filename:join("on_node", atom_to_list(Part) ++ ".eval")),
    Own = lists:append([sets:to_list(erl_syntax_lib:variables(Form)) || Form <- forms(Text)]) -- ['_'],
    Names = lists:usort(Own) -- bindings(Text),
    Uses = [{var, 1, Name} || Name <- Names],
    Bound = Names -- free(Before ++ Uses),
    {Before ++ forms(Text), Found ++ [{Part, bound_before, Bound} || Before =/= [], Bound =/= []]}.

bindings(Text) ->
    case header(Text, "Bindings") of
        "none" -> [];
        Names -> lists:sort([list_to_atom(Name) || Name <- string:lexemes(Names, ", ")])
    end.

header(Text, Key) ->
    case re:run(Text, "^%% " ++ Key ++ ": (.*)\\.$", [multiline, {capture, all_but_first, list}, unicode]) of
        {match, Found} -> lists:last(Found);
        nomatch -> none
    end.

%% The linter tells them.
free(Forms) ->
    Function = {function, 1, main, 0, [{clause, 1, [], [], Forms ++ [{atom, 1, ok}]}]},
    Errors =
        case erl_lint:module([{attribute, 1, module, main}, {attribute, 1, export, [{main, 0}]}, Function]) of
            {ok, _} -> [];
            {error, [{_, Found}], _} -> Found
        end,
    %% since OTP 28 with the name of another variable that may have been meant
    lists:usort([element(2, Error) || {_, erl_lint, Error} <- Errors, is_tuple(Error), element(1, Error) =:= unbound_var]).

calls(Forms) ->
    Calls = fun(Form, Found) ->
        erl_syntax_lib:fold(
            fun(Node, So) ->
                case erl_syntax:type(Node) of
                    application -> [erl_syntax_lib:analyze_application(Node) | So];
                    _ -> So
                end
            end,
            Found,
            Form
        )
    end,
    lists:usort([Call || {_, {_, _}} = Call <- lists:foldl(Calls, [], Forms)]).

exists({Module, {Name, Arity}}) ->
    lists:member(Module, ?WHERE_IT_RUNS) orelse
        (lists:member(application_of(Module), ?APPLICATIONS) andalso
            (code:ensure_loaded(Module) =:= {module, Module}) andalso
            (erlang:function_exported(Module, Name, Arity) orelse erlang:is_builtin(Module, Name, Arity))).

application_of(Module) ->
    case code:which(Module) of
        preloaded -> erts;
        File when is_list(File) ->
            Folder = filename:basename(filename:dirname(filename:dirname(File))),
            list_to_atom(hd(string:lexemes(Folder, "-")));
        _ -> none
    end.

forms(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Forms} = erl_parse:parse_exprs(Tokens),
    Forms.

read(Name) ->
    {ok, Text} = file:read_file(filename:join(sources(), Name)),
    unicode:characters_to_list(Text).

sources() ->
    {ok, [[Sources]]} = init:get_argument(relup_sources),
    Sources.
