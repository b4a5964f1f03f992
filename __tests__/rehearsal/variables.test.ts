import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unsetVariables } from '../../src/rehearsal/variables.js';
import { temporaryFolder } from '../support/repository.js';

let root: string;
beforeEach(() => {
  root = temporaryFolder();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function unset(files: Record<string, string>, environment: Record<string, string> = {}) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return unsetVariables({ root, name: 'shop', version: '1' }, environment);
}

it('names the variables that a template needs and nothing sets, by file', async () => {
  const files = {
    'releases/1/sys.config.src':
      '[{shop, [{host, "${DB_HOST}"}, {port, ${DB_PORT:-5432}}, {user, "${USER_OF_DB}"}]}].',
    'releases/1/vm.args.src': '-name ${NODE}@${HOST}\n-setcookie ${COOKIE}\n+P ${PROCESSES}\n',
  };
  expect(await unset(files, { USER_OF_DB: '' })).toEqual([
    { file: 'releases/1/sys.config.src', names: ['DB_HOST'] },
    { file: 'releases/1/vm.args.src', names: ['PROCESSES'] },
  ]);
});

it('leaves out what the start script or a hook sets itself', async () => {
  const files = {
    'releases/1/sys.config.src': '[{shop, [{a, "${ROOTDIR}"}, {b, "${FROM_HOOK}"}, {c, "${MY_ROOTDIR}"}]}].',
    'bin/shop': '#!/bin/sh\nROOTDIR=/opt\n',
    'bin/hooks/pre_start': 'export FROM_HOOK="x"\n',
  };
  expect(await unset(files)).toEqual([{ file: 'releases/1/sys.config.src', names: ['MY_ROOTDIR'] }]);
});

it('finds nothing where there are no templates', async () => {
  expect(await unset({ 'releases/1/sys.config': '[{shop, [{host, "${DB_HOST}"}]}].' })).toEqual([]);
});
