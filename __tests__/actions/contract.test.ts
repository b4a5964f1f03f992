import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../support/repository.js';

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: Readonly<Record<string, string>>;
}

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const action = parse(read('action.yml')) as ActionFile;

test('every input of action.yml is read by the code, and no other', () => {
  const source = read('src/actions/relup/inputs.ts');
  const names = [...source.matchAll(/(?:getInput|boolean|list|oneOf|plainName)\('([a-z-]+)'/g)].map(
    ([, name]) => name,
  );
  expect([...new Set(names)].sort()).toEqual(Object.keys(action.inputs).sort());
});

test('every output of action.yml is set by the code, and no other', () => {
  const source = read('src/report/outputs.ts');
  const body = source.slice(source.indexOf('const outputs'), source.indexOf('};'));
  const names = [...body.matchAll(/^ {4}'?([a-z0-9-]+)'?:/gm)].map(([, name]) => name);
  expect(names.sort()).toEqual(Object.keys(action.outputs).sort());
});

test('the README lists every input with its default, and every output', () => {
  const readme = read('README.md');
  for (const [name, { default: value }] of Object.entries(action.inputs)) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect(row, `input ${name}`).toBeDefined();
    if (value !== '') expect(row, `default of ${name}`).toContain(`\`${value}\``);
  }
  for (const name of Object.keys(action.outputs)) expect(readme).toContain(`| \`${name}\``);
});

test('action.yml runs what is in dist, on the Node that the bundles are made for', () => {
  expect(action.runs).toEqual({
    using: 'node24',
    main: 'dist/relup/index.mjs',
    post: 'dist/cleanup/index.mjs',
  });
});
