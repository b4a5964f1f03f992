%% @doc Instructions that do not come from the code: a project's own (relup.config), and what a rehearsal found missing.
-module(relup_extra).

-export([add/4]).

%% @doc Puts them around the generated ones. Corrections come next to the generated instructions, the project's own outside.
-spec add(relup_script:scripts(), relup_hops:step(), relup_config:config(), [[string()]]) -> relup_script:scripts().
add(#{up := Up, down := Down} = Scripts, #{application := Application, from := From}, Config, Corrections) ->
    Around = fun(Direction, Script) ->
        {Before, After} = relup_config:extra(Config, Application, Direction),
        {First, Last} = corrections(atom_to_list(Application), From, atom_to_list(Direction), Corrections),
        own(Before) ++ First ++ Script ++ Last ++ own(After)
    end,
    Scripts#{up := Around(up, Up), down := Around(down, Down)}.

own(Instructions) ->
    [relup_instruction:explained(Instruction, "relup.config says so", []) || Instruction <- Instructions].

corrections(Application, From, Direction, Corrections) ->
    Here = [
        {Position, relup_instruction:explained(term(Text), "the rehearsal showed that it was missing", [])}
     || [Name, Version, Way, Position, Text] <- Corrections,
        {Name, Version, Way} =:= {Application, From, Direction}
    ],
    {[One || {"first", One} <- Here], [One || {"last", One} <- Here]}.

term(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text ++ "."),
    {ok, Term} = erl_parse:parse_term(Tokens),
    Term.
