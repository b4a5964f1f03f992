import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Step } from '../../src/plan/checks/facts.js';
import { writeErlangRequest } from '../../src/programs/erlang-request.js';
import { applicationPair } from '../support/application-pair.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang, type SharedErlang } from '../support/shared-erlang.js';

let dir: string;
let erlang: SharedErlang;

beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const statem = (mode: string, more: string): string => `-behaviour(gen_statem).
-export([init/1, callback_mode/0]).
${more}
callback_mode() -> ${mode}.
`;
const STATES = `-export([idle/3, busy/3, help/3]).
init(_) -> {ok, idle, 0}.
idle(_Type, go, N) -> {next_state, busy, N}.
busy(cast, stop, N) -> {next_state, idle, N}.
help(A, B, C) -> {A, B, C}.
`;
const ANY =
  '-export([handle_event/4]).\ninit(_) -> {ok, idle, 0}.\nhandle_event(_, _, _, _) -> keep_state_and_data.\n';

/** Module → what it was, and what it is. */
const CASES: Record<string, [string, string]> = {
  same: [statem('state_functions', STATES), statem('[state_functions]', STATES)],
  entering: [statem('state_functions', STATES), statem('[state_functions, state_enter]', STATES)],
  other: [statem('state_functions', STATES), statem('handle_event_function', ANY)],
  renamed: [
    statem('state_functions', STATES),
    statem('state_functions', STATES.replaceAll('busy', 'working').replaceAll('help', 'assist')),
  ],
  computed: [statem('state_functions', STATES), statem('mode()', `${STATES}mode() -> state_functions.`)],
  server: ['-export([idle/3]).\nidle(A, B, C) -> {A, B, C}.\n', '-export([ok/0]).\nok() -> ok.\n'],
};

test('what a gen_statem that runs calls, and what the other version exports', async () => {
  const [old, next] = [0, 1].map((side) =>
    Object.fromEntries(Object.entries(CASES).map(([name, texts]) => [name, texts[side] ?? ''])),
  ) as [Record<string, string>, Record<string, string>];
  const appup = '{"1.1.0", [{"1.0.0", []}], [{"1.0.0", []}]}.\n';
  const { release, upFrom, buildDir } = await applicationPair(erlang, join(dir, 'pair'), {
    old,
    new: next,
    appup,
  });
  const modules = Object.keys(CASES).map((one) => [one, 'app', '1.0.0']);
  const step = ['app', '1.0.0', '1.1.0', upFrom.root, join(upFrom.root, '../../lib'), '', modules];
  const file = join(dir, 'request');
  await writeErlangRequest(file, [release.root, buildDir, [step]]);
  const [answer] = await erlang.query<Pick<Step, 'modules'>[]>('check', [file]);
  const found = Object.fromEntries(
    (answer?.modules ?? []).map(({ module, statem: facts }) => [
      module,
      facts && [facts.modes, facts.up, facts.down],
    ]),
  );
  expect(found).toEqual({
    same: [[], [], []],
    entering: [['state_functions', '[state_enter,state_functions]'], [], []],
    other: [['state_functions', 'handle_event_function'], ['busy/3', 'idle/3'], ['handle_event/4']],
    renamed: [[], ['busy/3'], ['working/3']],
    computed: null,
    server: null,
  });
});
