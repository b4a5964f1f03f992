import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSources, type AppupSource, type ReadAppup } from '../../../src/plan/appups/sources.js';
import type { Erlang } from '../../../src/programs/erlang.js';
import { temporaryFolder } from '../../support/repository.js';
import { sharedErlang } from '../../support/shared-erlang.js';

let folder: string;
let erlang: Erlang;
beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await sharedErlang(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is read from an `.appup.src`, or a finished appup, and what Erlang was asked for it. */
async function read(
  source: string,
  kind: AppupSource['kind'] = 'source',
): Promise<{ appup: ReadAppup | undefined; asked: readonly string[] }> {
  const file = join(folder, 'app.appup.src');
  writeFileSync(file, source);
  const asked: string[] = [];
  const listening: Pick<Erlang, 'query'> = {
    query: (command, args, options) => {
      asked.push(command);
      return erlang.query(command, args, options);
    },
  };
  const [appups] = await readSources({
    erlang: listening as Erlang,
    places: { projectDir: folder, buildDir: folder, root: folder },
    outFolder: folder,
    requests: [
      {
        ...{ application: 'app', version: '1.1.0', upFrom: ['1.0.0'] },
        sources: [{ origin: 'hand-written', kind, file }],
      },
    ],
  });
  return { appup: appups?.[0], asked };
}

test.each([
  ['a term', `{"{{vsn}}", [{<<"1\\\\..*">>, [{load_module, app}]}], []}.`],
  ['a term with a comment', `%% from 1.0\n{"1.1.0", [{"1.0.0", []}], [{"1.0.0", []}]}.\n`],
])('%s is read by the emulator that answers all questions', async (_, source) => {
  const { appup, asked } = await read(source);
  expect(appup).toMatchObject({ version: '1.1.0', up: [{ upFrom: '1.0.0' }] });
  expect(asked).toEqual(['appup-terms']);
});

test.each([
  ['expressions', `Vsn = "{{vsn}}",\n{Vsn, [{"1.0.0", []}], []}.\n`],
  ['a call', `{lists:concat([1, ".1.0"]), [{"1.0.0", []}], []}.\n`],
  ['several forms', `V = "1.1.0".\n{V, [{"1.0.0", []}], []}.\n`],
])('%s are evaluated by an emulator of their own', async (_, source) => {
  const { appup, asked } = await read(source);
  expect(appup).toMatchObject({ version: '1.1.0', up: [{ upFrom: '1.0.0' }] });
  expect(asked).toEqual(['appup-terms', 'appups']);
});

test('what is neither is told with its line', async () => {
  expect((await read('{"1.1.0",\n [{"1.0.0" []}], []}.\n')).appup).toMatchObject({
    problem: expect.stringMatching(/^line 2: /) as string,
  });
});

test('of a finished appup the first term counts, as for systools', async () => {
  const { appup } = await read('{"1.1.0", [], []}.\n{"1.0.0", [], []}.\n', 'appup');
  expect(appup).toMatchObject({ version: '1.1.0' });
});
