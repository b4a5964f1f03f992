import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAppups } from '../../../src/plan/checks/checks.js';
import { chooseAppups } from '../../../src/plan/appups/choose.js';
import { compareReleases } from '../../../src/model/release-difference.js';
import { temporaryFolder } from '../../support/repository.js';
import { smallReleases } from '../../support/small-releases.js';
import { sharedErlang, type SharedErlang } from '../../support/shared-erlang.js';

let dir: string;
let erlang: SharedErlang;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const server = (fields: string): string => `-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2]).
-record(state, {${fields}}).
init(_) -> {ok, #state{}}.
handle_call(_, _, S) -> {reply, ok, S}.
handle_cast(_, S) -> {noreply, S}.`;

test('a generated appup is checked like any other, also of a module that moved between applications', async () => {
  const { '1': upFrom, '2': release } = await smallReleases(erlang, join(dir, 'moved'), {
    '1': {
      a: { vsn: '1', modules: { moving: server('a'), same: server('x') } },
      b: { vsn: '1', modules: { b: '' } },
    },
    '2': {
      a: { vsn: '2', modules: { same: server('x') } },
      b: { vsn: '2', modules: { b: '', moving: server('a, b') } },
    },
  });
  if (upFrom === undefined || release === undefined) throw new Error('not built');
  const differences = [compareReleases(upFrom, release)];
  const places = { projectDir: dir, buildDir: join(dir, 'none'), root: release.root };
  const options = { erlang, outFolder: dir, release, differences, projectPath: '', ...places };
  const { appups } = await chooseAppups({
    ...options,
    places,
    mode: 'generate',
    strategyOf: () => undefined,
    configFile: '',
    corrections: [],
    purge: 'brutal',
  });
  const findings = await checkAppups({ ...options, appups, allowsNative: () => false });
  expect(
    findings.map(({ id, severity, application, module }) => [id, severity, application, module]),
  ).toEqual([['state-changed', 'error', 'b', 'moving']]);
});
