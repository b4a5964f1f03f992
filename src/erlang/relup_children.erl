%% @doc Instructions for the children of supervisors whose specifications changed (H24): `update' takes new specifications over,
%% but starts and stops nobody.
-module(relup_children).

-export([scripts/2]).

-type script() :: [relup_instruction:explained()].
%% What is to be done before the code is exchanged, and after it.
-type scripts() :: {Before :: script(), After :: script()}.

%% @doc For the changed supervisors of an application, the modules of children that are replaced, and those supervisors whose
%% children cannot be known.
-spec scripts([module()], relup_hops:step()) ->
    #{up := scripts(), down := scripts(), replaced := [module()], unknown := [module()]}.
scripts(Supervisors, Step) ->
    All = [{Module, children(Module, Step)} || Module <- Supervisors],
    Known = [{Module, Name, Old, New} || {Module, {ok, List}} <- All, {Name, Old, New} <- List],
    Changed = [One || {_, _, Old, New} = One <- Known, Old =/= New],
    Unnamed = [Module || {Module, unnamed, _, _} <- Changed],
    Fresh = fresh(Known, [started(Old -- New) ++ started(New -- Old) || {_, _, Old, New} <- Changed]),
    Named = [One || {Module, Name, _, _} = One <- Changed, Name =/= unnamed, not lists:member(Module, Fresh)],
    #{
        up => together([change(Name, Old, New) || {_, Name, Old, New} <- Named]),
        down => together([change(Name, New, Old) || {_, Name, Old, New} <- lists:reverse(Named)]),
        replaced => lists:usort(lists:append([started(replaced(New, Old)) || {_, _, Old, New} <- Named])),
        unknown => lists:usort([Module || {Module, unknown} <- All] ++ Unnamed)
    }.

children(Module, #{modules := Modules, old_builds := OldBuilds, new_builds := NewBuilds}) ->
    #{Module := {Old, New}} = Modules,
    relup_supervisor:children(Module, #{file => Old, builds => OldBuilds}, #{file => New, builds => NewBuilds}).

started(Children) ->
    [Module || #{start := {Module, _, _}} <- Children].

%% A supervisor that is itself stopped or started, with all below it, has its new children then: calling it would fail.
fresh(Known, Modules) ->
    Fresh = lists:usort(lists:append(Modules)),
    Below = [started(Old ++ New) || {Module, _, Old, New} <- Known, lists:member(Module, Fresh)],
    case lists:usort(lists:append([Fresh | Below])) of
        Fresh -> Fresh;
        More -> fresh(Known, [More])
    end.

together(Scripts) ->
    {Before, After} = lists:unzip(Scripts),
    {lists:append(Before), lists:append(After)}.

%% A child whose start function or type changed is replaced;
%% anything else of a specification counts from the next restart on, and is taken over by `update'.
change(Name, Before, After) ->
    Gone = [Child || Child <- Before, not lists:any(fun(Other) -> same_id(Child, Other) end, After)],
    Replaced = replaced(Before, After),
    Added = [Child || Child <- After, not lists:any(fun(Other) -> same_id(Child, Other) end, Before)],
    Again = [Child || Child <- After, lists:any(fun(Other) -> same_id(Child, Other) end, Replaced)],
    Stopped = [Child || Child <- lists:reverse(Before), lists:member(Child, Gone ++ Replaced)],
    Started = [Child || Child <- After, lists:member(Child, Added ++ Again)],
    {
        lists:append([stop(Name, Child, lists:member(Child, Gone)) || Child <- Stopped]),
        [start(Name, Child) || Child <- Started]
    }.

replaced(Before, After) ->
    [Child || Child <- Before, Other <- After, same_id(Child, Other), Child =/= Other].

same_id(#{id := Id}, #{id := Other}) ->
    Id =:= Other.

stop(Name, #{id := Id}, false) ->
    [call(terminate_child, Name, Id, "the child ~0tp of ~0tp is stopped: its start function is another one now")];
stop(Name, #{id := Id}, true) ->
    [
        call(terminate_child, Name, Id, "the child ~0tp of ~0tp is stopped: it is not there any more"),
        call(delete_child, Name, Id, "the child ~0tp of ~0tp is forgotten")
    ].

start(Name, #{id := Id}) ->
    call(restart_child, Name, Id, "the child ~0tp of ~0tp is started").

call(Function, Name, Id, Words) ->
    relup_instruction:explained({apply, {supervisor, Function, [Name, Id]}}, Words, [Id, Name]).
