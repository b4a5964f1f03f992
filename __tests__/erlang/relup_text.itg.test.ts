import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Erlang } from '../../src/programs/erlang.js';
import { readSources } from '../../src/plan/appups/sources.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

let folder: string;
let erlang: Erlang;

beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await sharedErlang(folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entry = '[{"1.0.0", [{load_module, app}]}]';
const TEXT = `%% für 1.0.0\n{"1.1.0",\n ${entry},\n ${entry}}.\n`;
const NOT_UTF8 = 'line 1 is not UTF-8; save the file as UTF-8, or write %% coding: latin-1 in its first line';

test.each<[string, Buffer, string | undefined]>([
  ['UTF-8', Buffer.from(TEXT), undefined],
  ['with a byte order mark and CRLF', Buffer.from(`\uFEFF${TEXT.replaceAll('\n', '\r\n')}`), undefined],
  ['Latin-1 that says so', Buffer.from(`%% coding: latin-1\n${TEXT}`, 'latin1'), undefined],
  ['Latin-1 that does not', Buffer.from(TEXT, 'latin1'), NOT_UTF8],
  ['without a full stop at its end', Buffer.from(TEXT.replace(/\.\n$/, '\n\n')), undefined],
])('appups, finished or not, and relup.config: %s', async (_, bytes, problem) => {
  const source = join(folder, 'app.appup.src');
  writeFileSync(source, bytes);
  const places = { projectDir: folder, buildDir: folder, root: folder };
  const sources = (['source', 'appup'] as const).map(
    (kind) => ({ origin: 'hand-written', kind, file: source }) as const,
  );
  const request = { application: 'app', version: '1.1.0', upFrom: ['1.0.0'], sources };
  const [read] = await readSources({ erlang, places, outFolder: folder, requests: [request] });
  const [evaluated, finished] = read ?? [];
  const config = await erlang.query('config', [source]).catch((error: Error) => error.message);
  if (problem === undefined) {
    expect(evaluated).toMatchObject({ version: '1.1.0' });
    const unfinished = !bytes.toString('latin1').trimEnd().endsWith('.');
    const stop = { problem: 'line 6: the full stop at its end is missing' };
    expect(finished).toMatchObject(unfinished ? stop : { version: '1.1.0' });
    // It is read, and then found not to be a configuration.
    expect(config).toMatch(unfinished ? /full stop/ : /is not of the form/);
  } else {
    expect([evaluated, finished]).toMatchObject([{ problem }, { problem }]);
    expect(config).toBe(problem);
  }
});
