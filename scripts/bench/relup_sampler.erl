%% Samples what all processes of an emulator are doing, for scripts/bench/profile.mjs: loaded by ERL_AFLAGS into a rebar3 that knows
%% nothing of it. The file that RELUP_SAMPLES names gets a line for each function that was found in stacks, with how often.
-module(relup_sampler).

-export([start/0]).

-define(INTERVAL_MS, 10).

start() ->
    spawn(fun() -> loop(#{}, 0) end).

loop(Counts, Round) ->
    receive after ?INTERVAL_MS -> ok end,
    Found = lists:foldl(fun sample/2, Counts, processes()),
    %% The emulator halts without a word, so what is known is written now and then.
    case Round rem 50 of
        49 -> write(Found);
        _ -> ok
    end,
    loop(Found, Round + 1).

sample(Pid, Counts) when Pid =:= self() ->
    Counts;
sample(Pid, Counts) ->
    case {process_info(Pid, status), process_info(Pid, current_stacktrace)} of
        {{status, Status}, {current_stacktrace, Stack}} when Status =:= running; Status =:= runnable ->
            Functions = lists:usort([{Module, Name, Arity} || {Module, Name, Arity, _} <- Stack]),
            lists:foldl(fun(Function, All) -> maps:update_with(Function, fun(N) -> N + 1 end, 1, All) end, count(Counts), Functions);
        _ ->
            Counts
    end.

count(Counts) ->
    maps:update_with(all, fun(N) -> N + 1 end, 1, Counts).

write(Counts) ->
    Lines = [io_lib:format("~b ~0tp~n", [Count, Function]) || {Function, Count} <- maps:to_list(Counts)],
    file:write_file(os:getenv("RELUP_SAMPLES"), Lines).
