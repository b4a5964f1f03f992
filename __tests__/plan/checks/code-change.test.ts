import { expect, test } from 'vitest';
import { checkCodeChange } from '../../../src/plan/checks/code-change.js';
import type { CheckedModule, StateFacts, Step } from '../../../src/plan/checks/facts.js';
import {
  advanced,
  emulatorRestart,
  instruction,
  load,
  places,
  serverModule,
  step,
} from '../../support/steps.js';

const check = (one: Step): string[] =>
  checkCodeChange([one], places).map(({ id, severity }) => `${id} ${severity}`);

function module(kind: string, codeChange: number[], systemCodeChange = false): CheckedModule {
  return serverModule('m', { new: { kind, native: false, codeChange, systemCodeChange } });
}

test.each([
  ['gen_server', [3], false, true],
  ['gen_server', [], false, false],
  ['gen_server', [4], false, false],
  ['gen_event', [3], false, true],
  ['gen_statem', [4], false, true],
  ['gen_statem', [3], false, false],
  ['special', [3], false, false],
  ['special', [], true, true],
  ['supervisor', [], false, true],
  ['other', [], false, true],
])('%s with code_change of arity %j can be updated: %s %s', (kind, arities, system, fine) => {
  const one = step({ up: [advanced('m')], modules: [module(kind, arities, system)] });
  expect(check(one)).toEqual(fine ? [] : ['code-change-missing error']);
});

test('only an advanced update calls it, and only where the emulator runs on', () => {
  const modules = [module('gen_server', [])];
  expect(check(step({ up: [load('m')], modules }))).toEqual([]);
  expect(check(step({ up: [advanced('m'), emulatorRestart], modules }))).toEqual([]);
  const [finding] = checkCodeChange(
    [step({ up: [advanced('m', 3)], down: [advanced('m')], modules })],
    places,
  );
  expect(finding).toMatchObject({
    module: 'm',
    location: { file: 'sub/src/app.appup.src', line: 3 },
  });
  expect(finding?.message).toContain('The appup of app, up from 1 and down to 1: {update,m,{advanced,[]}}');
});

const converting: StateFacts = {
  kind: 'gen_server',
  up: { changed: false, conversion: 'converts' },
  down: { changed: false, conversion: 'passes' },
  old: [],
  new: [],
  place: null,
  codeChange: null,
  codeChangeDiffers: true,
};

test('an edited conversion that is not called is a warning in a hand-written appup (H26)', () => {
  const soft = instruction({ what: 'update', modules: ['m'], change: 'soft', text: '{update,m}' });
  const at = (state: StateFacts, up: Step['up'], origin: 'hand-written' | 'shipped' = 'hand-written') =>
    check(step({ up, down: [load('m')], modules: [serverModule('m', { state })] }, { origin }));
  expect(at(converting, [load('m')])).toEqual(['code-change-not-called warning']);
  expect(at(converting, [soft])).toEqual(['code-change-not-called warning']);
  expect(at(converting, [advanced('m')])).toEqual([]);
  expect(at(converting, [load('m')], 'shipped')).toEqual([]);
  // What every gen_server has: a code_change that nobody touched.
  expect(at({ ...converting, codeChangeDiffers: false }, [load('m')])).toEqual([]);
  // Told by state-changed.
  expect(at({ ...converting, up: { changed: true, conversion: 'converts' } }, [load('m')])).toEqual([]);
});
