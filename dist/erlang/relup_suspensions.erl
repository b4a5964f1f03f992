%% @doc How long release_handler keeps processes suspended while it installs: it is traced from start/0 to stop/0, constant
%% expressions for a scratch node (see relup_control).
-module(relup_suspensions).

-export([start/0, stop/0, to_json/1]).

%% @doc Traces release_handler's calls of sys:suspend and sys:resume.
-spec start() -> string().
start() ->
    "Wait = fun Again(Since, Count, Longest) ->\n"
    "    receive\n"
    "        {trace_ts, _, call, {sys, suspend, [Pid | _]}, Time} ->\n"
    "            Again(Since#{Pid => Time}, Count + 1, Longest);\n"
    "        {trace_ts, _, call, {sys, resume, [Pid | _]}, Time} ->\n"
    "            Again(Since, Count, max(Longest, Time - maps:get(Pid, Since, Time)));\n"
    "        {stop, From} ->\n"
    "            From ! {self(), {Count, erlang:convert_time_unit(Longest, native, microsecond)}}\n"
    "    end\n"
    "end,\n"
    "Tracer = spawn(fun() -> Wait(#{}, 0, 0) end),\n"
    "true = register(relup_action_tracer, Tracer),\n"
    "_ = [erlang:trace_pattern({sys, Name, '_'}, true, [global]) || Name <- [suspend, resume]],\n"
    "erlang:trace(whereis(release_handler), true, [call, monotonic_timestamp, {tracer, Tracer}]).".

%% @doc How many processes were suspended, and for how many microseconds the longest.
-spec stop() -> string().
stop() ->
    "_ = erlang:trace(whereis(release_handler), false, [call]),\n"
    "_ = [erlang:trace_pattern({sys, Name, '_'}, false, [global]) || Name <- [suspend, resume]],\n"
    "Delivered = erlang:trace_delivered(whereis(release_handler)),\n"
    "receive {trace_delivered, _, Delivered} -> ok after 5000 -> ok end,\n"
    "Tracer = whereis(relup_action_tracer),\n"
    "Tracer ! {stop, self()},\n"
    "receive {Tracer, Answer} -> Answer after 5000 -> {0, 0} end.".

-spec to_json({non_neg_integer(), non_neg_integer()}) -> {ok, map()}.
to_json({Count, Microseconds}) ->
    {ok, #{processes => Count, microseconds => Microseconds}}.
