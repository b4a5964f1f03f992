import { expect, test } from 'vitest';
import { checkInstructions } from '../../../src/plan/checks/instructions.js';
import type { Step } from '../../../src/plan/checks/facts.js';
import { instruction, load, places, remove, step } from '../../support/steps.js';

const check = (one: Step): string[] =>
  checkInstructions([one], places).map(({ id, severity, module }) =>
    `${id} ${severity} ${module ?? ''}`.trim(),
  );

test('what is loaded must be in the release gone to, what is deleted in the one gone from, each way', () => {
  expect(
    check(
      step({ up: [load('m'), load('fresh'), remove('gone')], down: [load('m', 'gone'), remove('fresh')] }),
    ),
  ).toEqual([]);
  expect(check(step({ up: [load('gone')] }))).toEqual(['appup-unknown-module error gone']);
  expect(check(step({ down: [load('fresh')] }))).toEqual(['appup-unknown-module error fresh']);
  expect(check(step({ up: [remove('gome')] }))).toEqual(['appup-unknown-module error gome']);
});

test('a deletion that does nothing is a warning where the entry is for many versions, or shipped', () => {
  const up = [remove('gome')];
  expect(check(step({ up }, { pattern: '<<"1.*">>' }))).toEqual(['appup-unknown-module warning gome']);
  expect(check(step({ up }, { origin: 'shipped' }))).toEqual(['appup-unknown-module warning gome']);
  expect(check(step({ up: [load('gome')] }, { origin: 'shipped' }))).toEqual([
    'appup-unknown-module error gome',
  ]);
});

test('modules that come first must exist in one of the releases', () => {
  const needing = (needs: string[]) => instruction({ what: 'load', modules: ['m'], needs });
  expect(check(step({ up: [needing(['gone'])] }))).toEqual([]);
  expect(check(step({ up: [needing(['lost'])] }))).toEqual(['appup-unknown-module error lost']);
});

test('code that goes on to exist is not deleted, unless another appup loads it', () => {
  expect(check(step({ up: [remove('m')] }))).toEqual(['appup-deletes-module error m']);
  const one = step({ up: [remove('m')] });
  expect(checkInstructions([one, { ...one, up: [load('m')] }], places)).toEqual([]);
  expect(checkInstructions([one, { ...one, up: [], down: [load('m')] }], places)).toHaveLength(1);
});

test('a function that is called must exist', () => {
  const calling = (exported: boolean) =>
    instruction({ applies: { text: 'm:go/1', exported }, text: '{apply,…}' });
  expect(check(step({ up: [calling(true)] }))).toEqual([]);
  expect(check(step({ down: [calling(false)] }))).toEqual(['appup-unknown-function error']);
});

test('the sentence names appup and direction, the annotation the line; a shipped appup has no file of the user’s', () => {
  const up = [instruction({ what: 'load', modules: ['x'], text: '{load_module,x}', line: 7 })];
  expect(checkInstructions([step({ up })], places)[0]).toMatchObject({
    application: 'app',
    message: 'The appup of app, up from 1: {load_module,x} names a module that release 1.1.0 does not have.',
    location: { file: 'sub/src/app.appup.src', line: 7 },
  });
  expect(checkInstructions([step({ up }, { origin: 'shipped' })], places)[0]?.location).toEqual({
    file: 'sub/rebar.config',
  });
});
