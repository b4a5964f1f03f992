// What is evaluated on nodes: no compiler sees it there, so it is looked at here.
import { globSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot, temporaryFolder } from '../support/repository.js';
import { sharedErlang, type SharedErlang } from '../support/shared-erlang.js';

let folder: string;
let erlang: SharedErlang;
beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await sharedErlang(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sources = join(projectRoot, 'src/erlang');
const files = globSync('on_node/*.eval', { cwd: sources }).map((file) => basename(file, '.eval'));

it('is asked by our modules, each file alone or as a part of a question', async () => {
  const unused =
    'on_node:parts() -- lists:append([relup_on_node:parts(Question) || {Question, _} <- on_node:asked()])';
  expect(files.length).toBeGreaterThan(30);
  expect(await erlang.evaluate(unused)).toBe('[]');
});

it('is good Erlang, finds the bindings that it needs and no others, and calls what each node has', async () => {
  const complaints =
    '[{Question, Found} || {Question, _} <- on_node:asked(), [_ | _] = Found <- [on_node:complaints(Question)]]';
  expect(await erlang.evaluate(complaints)).toBe('[]');
});

it('also when a release brings the only emulator: relup_interpret.eval', async () => {
  expect(await erlang.evaluate('on_node:script_complaints("relup_interpret.eval")')).toBe('[]');
});
