import { expect, test } from 'vitest';
import { appupFiles } from '../../../src/plan/appups/appup-files.js';
import type { ChosenAppup } from '../../../src/model/appup.js';
import { NOTHING, type RunRecord } from '../../../src/report/run-record.js';
import { generatedAppups as section } from '../../../src/report/sections/generated-appups.js';
import { markdownOf } from '../../../src/report/document/markdown.js';

const generatedAppups = (record: RunRecord): string => markdownOf(section(record));

const generated: ChosenAppup = {
  application: 'shop',
  version: '1.1.0',
  origin: 'generated',
  file: 'apps/shop/src/shop.appup.src',
  text: '{"1.1.0", []}.\n',
  up: [
    {
      upFrom: '1.0.0',
      pattern: '"1.0.0"',
      instructions: ['{update,s,soft}'],
      explained: ['s is a gen_server'],
    },
  ],
  down: [{ upFrom: '1.0.0', pattern: '"1.0.0"', instructions: [], explained: [] }],
};
const shipped: ChosenAppup = {
  application: 'dep',
  version: '1.1.0',
  origin: 'shipped',
  file: 'ebin/dep.appup',
  up: generated.up,
  down: generated.down,
};

test('every generated appup has a fold with text, path and each instruction in words', () => {
  const text = generatedAppups({ ...NOTHING, appups: [generated, shipped] });
  expect(text.match(/<details>/g)).toHaveLength(1);
  expect(text).toContain('Save it as <code>apps/shop/src/shop.appup.src</code>');
  expect(text).toContain('```erlang\n{"1.1.0", []}.\n```');
  expect(text).toContain(
    'What it does, up from 1.0.0:\n\n- <code>&#123;update,s,soft&#125;</code>: s is a gen&#95;server',
  );
  expect(text).toContain('down to 1.0.0: nothing to do, the code is the same.');
});

test('thousands of instructions do not make thousands of rows', () => {
  const instructions = Array.from({ length: 500 }, (_, index) => `{load_module,m${index}}`);
  const entry = { upFrom: '1.0.0', pattern: '"1.0.0"', instructions };
  const text = generatedAppups({ ...NOTHING, appups: [{ ...generated, up: [entry] }] });
  expect(text).toContain('- 300 more');
});

test('nothing generated, nothing told', () => {
  expect(generatedAppups({ ...NOTHING, appups: [shipped] })).toBe('');
  expect(generatedAppups(NOTHING)).toBe('');
});

test('the artifact has the generated ones only', () => {
  expect(appupFiles('/result', [generated, shipped])).toEqual([
    { path: '/result/appups/shop.appup.src', text: generated.text },
  ]);
});
