%% @doc What is evaluated on nodes: the Erlang expressions of `on_node/*.eval', which erl_eval evaluates there, so that nothing is
%% loaded on a node. The files are constant: what a question is about goes in as bindings.
-module(relup_on_node).

-export([forms/1, parts/1]).

%% @doc The expressions of a question, parsed. They are read at each call: it is little, and a control process is one emulator.
-spec forms(atom()) -> [erl_parse:abstract_expr()].
forms(Question) ->
    lists:append([read(Part) || Part <- parts(Question)]).

%% @doc The files that a question consists of. Each finds what the ones before it have bound; the last gives the answer.
-spec parts(atom()) -> [atom(), ...].
parts(state) -> [node_state, state];
parts(observe) ->
    [
        node_state, observe_hash, observe_unnamed, observe_holders, observe_environment, observe_remains, observe_trees,
        observe_old_processes, observe_old_funs, observe
    ];
parts(trace_suspensions) -> [end_tracer, trace_suspensions];
parts(suspensions) -> [untrace, suspensions];
parts(forget_suspensions) -> [untrace, end_tracer, forget_suspensions];
parts(busy) -> [tell_process, busy];
parts(left_out) -> [tell_process, untrace, left_out];
parts(hold) -> [let_go, hold];
parts(watch_crashes) -> [forget_crashes, watch_crashes];
parts(Question) -> [Question].

%% The folder of our sources is named on the command line, whether they are interpreted or were compiled elsewhere.
read(Part) ->
    {ok, [[Sources]]} = init:get_argument(relup_sources),
    {ok, Text} = file:read_file(filename:join([Sources, "on_node", atom_to_list(Part) ++ ".eval"])),
    {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(Text)),
    {ok, Forms} = erl_parse:parse_exprs(Tokens),
    Forms.
