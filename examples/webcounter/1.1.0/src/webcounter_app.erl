-module(webcounter_app).
-behaviour(application).
-export([start/2, stop/1]).

start(_Type, _Args) ->
    webcounter_sup:start_link().

stop(_State) ->
    ok.
