import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../support/repository.js';

test('the table of src/erlang/README.md has each module once', () => {
  const sources = join(projectRoot, 'src/erlang');
  const [, table = ''] = readFileSync(join(sources, 'README.md'), 'utf8').split('| Asked by |');
  const told = [...(table.split('## ')[0] ?? '').matchAll(/`(relup_\w+)`/g)].map(([, name]) => name);
  const modules = globSync('*.erl', { cwd: sources }).map((file) => basename(file, '.erl'));
  expect(told.sort()).toEqual(modules.sort());
});
