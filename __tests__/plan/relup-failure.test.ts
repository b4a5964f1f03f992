import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relupRefusal, type RelupFailure } from '../../src/plan/relup-failure.js';
import { application, builtRelease } from '../support/releases.js';
import { temporaryFolder } from '../support/repository.js';

const folder = temporaryFolder();
const UP = ['{update,shop_server,{advanced,[]},[starconf]}', '{load_module,store_lib}'];
const DOWN = ['{remove_application,tool}', '{update,shop_server,{advanced,[]},[starconf]}', '{frobnicate,x}'];

beforeAll(() => {
  mkdirSync(join(folder, 'src'));
  const source = ['{"1.1.0",', ` [{"1.0.0", [${UP.join(',\n')}]}],`, ` [{"1.0.0", [${DOWN.join(',\n')}]}]}.`];
  writeFileSync(join(folder, 'src/shop.appup.src'), source.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shop = (vsn: string) => application('shop', vsn, { shop_server: vsn });
const both = [application('store', '1', { store_lib: 'a' }), application('tool', '1', { tool: 'a' })];

function refusal(failure: Partial<RelupFailure>) {
  const entry = (instructions: readonly string[]) => [{ upFrom: '1.0.0', pattern: '"1.0.0"', instructions }];
  return relupRefusal(
    {
      release: builtRelease('1.1.0', [
        shop('1.1.0'),
        application('starconf', '1', { starconf: 'a' }),
        ...both,
      ]),
      upFrom: [builtRelease('1.0.0', [shop('1.0.0'), ...both])],
      appups: [
        {
          application: 'shop',
          version: '1.1.0',
          origin: 'hand-written',
          file: 'src/shop.appup.src',
          up: entry(UP),
          down: entry(DOWN),
        },
      ],
      projectDir: folder,
      projectPath: 'sub',
    },
    [{ direction: 'down', version: '1.0.0', kind: '', subject: '', text: 'Its own words\n', ...failure }],
  );
}

test.each<[Partial<RelupFailure>, number | undefined, string, string]>([
  [
    { kind: 'undef_module', subject: 'starconf' },
    5,
    `${DOWN[1]} – the module starconf (of starconf) is not exchanged then.`,
    'Take starconf out of this instruction',
  ],
  [
    { kind: 'muldef_module', subject: 'store_lib', direction: 'up' },
    3,
    '{load_module,store_lib} – the module store_lib belongs to store, whose own appup exchanges it.',
    'Take the instruction out, in each direction named',
  ],
  [
    { kind: 'removed_application_present', subject: 'tool' },
    4,
    '{remove_application,tool} – tool is in both releases, so it is not removed.',
    '{apply,{application,stop,[tool]}} instead of remove_application',
  ],
  [
    { kind: 'bad_instruction', subject: '{frobnicate,x}' },
    6,
    '{frobnicate,x} – there is no such instruction.',
    'number of arguments',
  ],
  [{}, undefined, 'down to 1.0.0: Its own words.', 'Correct this instruction'],
])('%j', (failure, line, what, remedy) => {
  const error = refusal(failure);
  expect(error.message).toContain(what);
  expect(error.remedy).toContain(remedy);
  expect(error.details).toContain('Its own words');
  if (line !== undefined) {
    const step = failure.direction === 'up' ? 'up from 1.0.0' : 'down to 1.0.0';
    expect(error.message).toContain(`the appup of shop (src/shop.appup.src), ${step}: `);
    expect(error.location).toEqual({ file: 'sub/src/shop.appup.src', line });
  }
});
