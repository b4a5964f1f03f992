// Processes that get to a function that is gone, through modules that are exchanged one after the other (H131), and processes
// whose behaviour and callback module both change (H134).
import { child, server, tree } from '../modules.js';
import type { ApplicationText, Question, Scenario } from '../scenario.js';

/** Ticks every millisecond, and counts by a function of another module. */
const worker = (next: string, name = 'worker'): string =>
  server('worker', {
    state: 'begin self() ! tick, 0 end',
    more: `-export([handle_info/2, name/0]).
name() -> ${name}.
handle_info(tick, N) -> erlang:send_after(1, self(), tick), {noreply, ${next}}.`,
  });

const MID = (next: string): string => `-export([next/1]).\nnext(N) -> ${next}.\n`;
const OLD_UTIL = '-export([next/1]).\nnext(N) -> N + 1.\n';
const NEW_UTIL = '-export([next/2]).\nnext(N, Step) -> N + Step.\n';
const OLD_MID = MID('util:next(N)');
const NEW_MID = MID('util:next(N, 1)');

const WORKS: Question = { ask: 'is_integer(gen_server:call(worker, total))', upFrom: 'true', to: 'true' };
const MOVED: Question = {
  ask: 'erlang:function_exported(util, next, 2)',
  upFrom: 'false',
  to: 'true',
};
const asks = [WORKS, MOVED];

const ticking = (src: Record<string, string>): ApplicationText => tree('shop', [child('worker')], src);

/** A process that keeps the state of a callback module in its own. */
const CHANNEL = (record: string, conversion: string): string => `-behaviour(gen_server).
-export([start_link/1, init/1, handle_call/3, handle_cast/2, code_change/3]).
-callback open() -> term().
-callback answer(term(), term()) -> {term(), term()}.
-record(channel, ${record}).
start_link(Module) -> gen_server:start_link({local, Module}, channel, Module, []).
init(Module) -> {ok, #channel{module = Module, inner = Module:open()}}.
handle_call(Request, _From, #channel{module = Module, inner = Inner} = Channel) ->
    {Reply, Next} = Module:answer(Request, Inner),
    {reply, Reply, Channel#channel{inner = Next}}.
handle_cast(_Message, Channel) -> {noreply, Channel}.
${conversion}
`;
const OLD_CHANNEL = CHANNEL('{module, inner}', 'code_change(_Vsn, Channel, _Extra) -> {ok, Channel}.');
const NEW_CHANNEL = CHANNEL(
  '{module, inner, sent = 0}',
  `code_change({down, _} = Vsn, {channel, Module, Inner, _}, Extra) ->
    {ok, Old} = Module:code_change(Vsn, Inner, Extra),
    {ok, {channel, Module, Old}};
code_change(Vsn, {channel, Module, Inner}, Extra) ->
    {ok, New} = Module:code_change(Vsn, Inner, Extra),
    {ok, #channel{module = Module, inner = New}}.`,
);
const HANDING_ON = CHANNEL(
  '{module, inner}',
  `code_change(Vsn, #channel{module = Module, inner = Inner} = Channel, Extra) ->
    {ok, New} = Module:code_change(Vsn, Inner, Extra),
    {ok, Channel#channel{inner = New}}.`,
);
const ROOM = (state: string, conversion: string): string => `-behaviour(channel).
-export([open/0, answer/2, code_change/3]).
open() -> ${state}.
answer({set, N}, Room) -> {ok, setelement(2, Room, N)};
answer(get, Room) -> {Room, Room}.
${conversion}
`;
const OLD_ROOM = ROOM('{room, 1}', 'code_change(_Vsn, Room, _Extra) -> {ok, Room}.');
const NEW_ROOM = ROOM(
  '{room, 1, fresh}',
  `code_change({down, _}, {room, N, _}, _Extra) -> {ok, {room, N}};
code_change(_Vsn, {room, N}, _Extra) -> {ok, {room, N, converted}}.`,
);
const ROOM_CHILD = '#{id => room, start => {channel, start_link, [room]}, modules => [channel, room]}';
const KEPT: Question = {
  ask: 'gen_server:call(room, get)',
  upFrom: '{room,7}',
  to: '{room,7,converted}',
};

/** The child specification names the module that starts the process, as it does unless somebody writes `modules`. */
const STARTING = (room: string): string =>
  `-export([start_link/0]).\n${room}start_link() -> channel:start_link(room).\n`;

/** A behaviour that handles system messages itself; it goes round by local calls, as most do. */
const LOOP = (version: number): string => `-export([start_link/1, init/2]).
-export([system_continue/3, system_terminate/4, system_code_change/4]).
-callback begins() -> term().
start_link(Module) -> proc_lib:start_link(loop, init, [self(), Module]).
init(Parent, Module) ->
    register(Module, self()),
    proc_lib:init_ack(Parent, {ok, self()}),
    loop(Parent, {Module, Module:begins()}).
loop(Parent, {_, Kept} = State) ->
    receive
        {system, From, Request} -> sys:handle_system_msg(Request, From, Parent, ?MODULE, [], State);
        {get, From} -> From ! {${version}, Kept}, loop(Parent, State);
        {set, New} -> loop(Parent, setelement(2, State, New))
    end.
system_continue(Parent, _, State) -> loop(Parent, State).
system_terminate(Reason, _, _, _) -> exit(Reason).
system_code_change({Module, Kept}, _, Vsn, Extra) ->
    {ok, New} = Module:code_change(Vsn, Kept, Extra),
    {ok, {Module, New}}.
`;
const ITS_CALLBACKS = `-behaviour(loop).
-export([start_link/0, begins/0, code_change/3]).
start_link() -> loop:start_link(room).
begins() -> 1.
code_change(_, N, _) -> {ok, N}.
`;

/** An appup of a person who thinks of the functions only. */
const appup = (up: string, down: string): string =>
  `{"1.1.0", [{"1.0.0", [${up}]}], [{"1.0.0", [${down}]}]}.\n`;

export const TICKING: readonly Scenario[] = [
  {
    name: 'a hand-written appup has the process wait that gets to a function that is gone',
    hazards: ['H131', 'H31'],
    upFrom: { apps: { shop: ticking({ worker: worker('mid:next(N)'), mid: OLD_MID, util: OLD_UTIL }) } },
    to: {
      apps: {
        shop: {
          src: { mid: NEW_MID, util: NEW_UTIL },
          files: {
            'src/shop.appup.src': appup(
              '{suspend, [worker]}, {load_module, util}, {load_module, mid}, {resume, [worker]}',
              '{suspend, [worker]}, {load_module, mid}, {load_module, util}, {resume, [worker]}',
            ),
          },
        },
      },
    },
    expect: 'equal',
    asks,
  },
  {
    name: 'an unchanged process gets to a function that is gone through a changed module',
    hazards: ['H131'],
    upFrom: { apps: { shop: ticking({ worker: worker('mid:next(N)'), mid: OLD_MID, util: OLD_UTIL }) } },
    to: { apps: { shop: { src: { mid: NEW_MID, util: NEW_UTIL } } } },
    expect: 'equal',
    finds: ['function-gone'],
    asks,
  },
  {
    name: 'a changed process gets to a function that is gone through an unchanged module',
    hazards: ['H131'],
    upFrom: {
      apps: {
        shop: ticking({
          worker: worker('way:next(N)'),
          way: MID('mid:next(N)'),
          mid: OLD_MID,
          util: OLD_UTIL,
        }),
      },
    },
    to: {
      apps: {
        shop: {
          src: {
            worker: worker('way:next(N)', 'the_worker'),
            mid: NEW_MID,
            util: NEW_UTIL,
          },
        },
      },
    },
    expect: 'equal',
    finds: ['function-gone'],
    asks,
  },
  {
    name: 'a process of an unchanged application gets to a function that is gone in another one',
    hazards: ['H131', 'H28'],
    upFrom: {
      apps: {
        lib: { src: { mid: OLD_MID, util: OLD_UTIL } },
        shop: { ...ticking({ worker: worker('mid:next(N)') }), applications: ['lib'] },
      },
    },
    to: { apps: { lib: { src: { mid: NEW_MID, util: NEW_UTIL } } } },
    expect: 'equal',
    finds: ['function-gone'],
    asks,
  },
  {
    name: 'the function that is gone and its caller are in two applications',
    hazards: ['H131', 'H28'],
    upFrom: {
      apps: {
        lib: { src: { util: OLD_UTIL } },
        shop: { ...ticking({ worker: worker('mid:next(N)'), mid: OLD_MID }), applications: ['lib'] },
      },
    },
    to: { apps: { lib: { src: { util: NEW_UTIL } }, shop: { src: { mid: NEW_MID } } } },
    expect: 'equal',
    finds: ['function-gone'],
    asks,
  },
  {
    name: 'a function is gone among modules that call each other in a circle',
    hazards: ['H131', 'H28'],
    upFrom: {
      apps: {
        shop: ticking({
          worker: worker('mid:next(N)'),
          mid: OLD_MID,
          util: `${OLD_UTIL.replace('[next/1]', '[next/1, who/0]')}who() -> worker:name().\n`,
        }),
      },
    },
    to: {
      apps: {
        shop: {
          src: {
            worker: worker('mid:next(N)', 'the_worker'),
            mid: NEW_MID,
            util: `${NEW_UTIL.replace('[next/2]', '[next/2, who/0]')}who() -> worker:name().\n`,
          },
        },
      },
    },
    expect: 'equal',
    finds: ['function-gone'],
    never: ['call-cycle'],
    asks,
  },
  {
    name: 'a behaviour of another application and its callback module both convert one state',
    hazards: ['H134', 'H30'],
    upFrom: {
      apps: {
        lib: { src: { channel: OLD_CHANNEL } },
        shop: { ...tree('shop', [ROOM_CHILD], { room: OLD_ROOM }), applications: ['lib'] },
      },
    },
    to: { apps: { lib: { src: { channel: NEW_CHANNEL } }, shop: { src: { room: NEW_ROOM } } } },
    expect: 'equal',
    before: 'gen_server:call(room, {set, 7})',
    asks: [KEPT],
  },
  {
    name: 'a behaviour and its callback module of one application, which calls it, both convert one state',
    hazards: ['H134', 'H30'],
    upFrom: {
      apps: {
        shop: tree('shop', [child('room', 'modules => [channel, room]')], {
          channel: OLD_CHANNEL,
          room: STARTING(OLD_ROOM),
        }),
      },
    },
    to: {
      apps: {
        shop: {
          src: {
            channel: NEW_CHANNEL,
            room: STARTING(NEW_ROOM),
          },
        },
      },
    },
    expect: 'equal',
    before: 'gen_server:call(room, {set, 7})',
    asks: [KEPT],
  },
  {
    name: 'a behaviour and its callback module, which alone the child specification names, both convert one state',
    hazards: ['H134', 'H30'],
    upFrom: {
      apps: { shop: tree('shop', [child('room')], { channel: OLD_CHANNEL, room: STARTING(OLD_ROOM) }) },
    },
    to: { apps: { shop: { src: { channel: NEW_CHANNEL, room: STARTING(NEW_ROOM) } } } },
    expect: 'equal',
    before: 'gen_server:call(room, {set, 7})',
    asks: [KEPT],
  },
  {
    name: 'a behaviour converts the state of processes that only their callback module is known by, and that did not change',
    hazards: ['H30'],
    upFrom: {
      apps: {
        lib: { src: { channel: OLD_CHANNEL } },
        shop: { ...tree('shop', [child('room')], { room: STARTING(OLD_ROOM) }), applications: ['lib'] },
      },
    },
    to: { apps: { lib: { src: { channel: NEW_CHANNEL } } } },
    expect: 'equal',
    never: ['rehearsal-old-code', 'rehearsal-callback-module'],
    before: 'gen_server:call(room, {set, 7})',
    asks: [
      { ask: 'gen_server:call(room, get)', upFrom: '{room,7}', to: '{room,7}' },
      {
        ask: 'sys:get_state(room)',
        upFrom: '{channel,room,{room,7}}',
        to: '{channel,room,{room,7},0}',
      },
    ],
  },
  {
    name: 'a callback module converts the state of processes that only their behaviour is known by, and that did not change',
    hazards: ['H30'],
    upFrom: {
      apps: {
        shop: tree('shop', ['#{id => room, start => {channel, start_link, [room]}}'], {
          channel: HANDING_ON,
          room: OLD_ROOM,
        }),
      },
    },
    to: { apps: { shop: { src: { room: NEW_ROOM } } } },
    expect: 'equal',
    before: 'gen_server:call(room, {set, 7})',
    asks: [KEPT],
  },
  {
    name: 'a hand-written appup asks processes to convert their state that are not found by that module',
    hazards: ['H30', 'H130'],
    upFrom: {
      apps: {
        shop: tree('shop', ['#{id => room, start => {channel, start_link, [room]}}'], {
          channel: HANDING_ON,
          room: OLD_ROOM,
        }),
      },
    },
    to: {
      apps: {
        shop: {
          src: { room: NEW_ROOM },
          files: {
            'src/shop.appup.src': appup('{update, room, {advanced, []}}', '{update, room, {advanced, []}}'),
          },
        },
      },
    },
    expect: 'equal',
    finds: ['rehearsal-callback-module'],
  },
  {
    name: 'processes of a special process that is a behaviour go on in its new code, known by their callback module only',
    hazards: ['H30'],
    upFrom: {
      apps: {
        lib: { src: { loop: LOOP(1) } },
        shop: { ...tree('shop', [child('room')], { room: ITS_CALLBACKS }), applications: ['lib'] },
      },
    },
    to: { apps: { lib: { src: { loop: LOOP(2) } } } },
    expect: 'equal',
    never: ['rehearsal-old-code', 'rehearsal-callback-module'],
    before: 'room ! {set, 7}',
    asks: [
      {
        ask: 'begin room ! {get, self()}, receive Answer -> Answer after 2000 -> nothing end end',
        upFrom: '{1,7}',
        to: '{2,7}',
      },
    ],
  },
];
