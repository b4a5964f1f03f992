%% @doc Nodes that know each other: what a scratch node tells of its cluster, and the nodes that a relup waits for (sync_nodes).
-module(relup_cluster).

-export([run/3, command/1]).

%% @doc Runs one operation; `Evaluate' asks the node a question of relup_on_node.
-spec run(string(), [string()], relup_node:evaluate()) -> {ok, term()} | {error, atom(), unicode:chardata(), term()}.
run("connect", [Node], Evaluate) ->
    answer(Evaluate(connect, [{'Other', list_to_atom(Node)}]), fun(Connected) -> Connected end);
run("cluster", [], Evaluate) ->
    answer(Evaluate(cluster, []), fun cluster_json/1);
run("sync-wait", [], Evaluate) ->
    answer(Evaluate(sync_wait, []), fun(Waits) -> Waits end);
run("sync-targets", [InstructionsFile], Evaluate) ->
    {ok, Script} = file:consult(InstructionsFile),
    Targets = [Nodes || {sync_nodes, _Id, Nodes} <- Script],
    answer(Evaluate(sync_targets, [{'Targets', Targets}]), fun targets_json/1).

answer({ok, Value}, ToJson) -> {ok, ToJson(Value)};
answer(Error, _ToJson) -> Error.

%% @doc `sync-nodes RelupFile Node ...': in the relup of a scratch node every list of nodes to wait for becomes these nodes, since
%% those of the release are elsewhere. What a function gives stays, since it is asked on the node.
-spec command([string()]) -> {ok, true}.
command([RelupFile | Nodes]) ->
    {ok, [{Vsn, Up, Down}]} = file:consult(RelupFile),
    Names = [list_to_atom(Node) || Node <- Nodes],
    Relup = {Vsn, [renamed(Script, Names) || Script <- Up], [renamed(Script, Names) || Script <- Down]},
    ok = file:write_file(RelupFile, unicode:characters_to_binary(io_lib:format("%% coding: utf-8~n~tp.~n", [Relup]))),
    {ok, true}.

renamed({Vsn, Description, Script}, Names) ->
    {Vsn, Description, [renamed_instruction(Instruction, Names) || Instruction <- Script]}.

renamed_instruction({sync_nodes, Id, Nodes}, Names) when is_list(Nodes) -> {sync_nodes, Id, Names};
renamed_instruction(Instruction, _Names) -> Instruction.

cluster_json({Nodes, Names, Groups, Mnesia}) ->
    #{
        nodes => [relup_json:text(atom_to_list(Node)) || Node <- Nodes],
        names => [(process_json(Process))#{name => relup_json:one_line(Name)} || {Name, Process} <- Names],
        groups => [
            #{
                scope => relup_json:one_line(Scope),
                group => relup_json:one_line(Group),
                members => [process_json(Process) || Process <- Members]
            }
         || {Scope, Group, Members} <- Groups
        ],
        mnesia => case Mnesia of none -> null; _ -> [relup_json:text(atom_to_list(Node)) || Node <- Mnesia] end
    }.

process_json({Node, Pid}) ->
    #{node => relup_json:text(atom_to_list(Node)), pid => relup_json:text(Pid)}.

targets_json(All) ->
    #{
        nodes => [relup_json:text(atom_to_list(Node)) || Node <- lists:usort(lists:append([Nodes || Nodes <- All, is_list(Nodes)]))],
        unknown => lists:member(unknown, All)
    }.
