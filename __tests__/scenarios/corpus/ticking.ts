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
    finds: ['function-gone', 'call-cycle'],
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
          room: `-export([start_link/0]).\n${OLD_ROOM}start_link() -> channel:start_link(room).\n`,
        }),
      },
    },
    to: {
      apps: {
        shop: {
          src: {
            channel: NEW_CHANNEL,
            room: `-export([start_link/0]).\n${NEW_ROOM}start_link() -> channel:start_link(room).\n`,
          },
        },
      },
    },
    expect: 'equal',
    before: 'gen_server:call(room, {set, 7})',
    asks: [KEPT],
  },
];
