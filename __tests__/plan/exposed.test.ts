import { expect, test } from 'vitest';
import type { ChosenAppup } from '../../src/model/appup.js';
import { exposedFindings } from '../../src/plan/exposed.js';
import type { Relup } from '../../src/model/relup.js';

const exposed = {
  upFrom: '1.0.0',
  direction: 'up',
  function: 'util:next/1',
  application: 'shop',
  exchanged: ['mid', 'util'],
  modules: ['worker'],
} as const;

function findings(origin: ChosenAppup['origin']) {
  const appup = { application: 'shop', origin } as ChosenAppup;
  const places = { projectDir: '/nowhere', projectPath: '' };
  return exposedFindings({ exposed: [exposed] } as unknown as Relup, [appup], places);
}

test('who may get to a function that is gone is told, with what to write', () => {
  const [finding, ...others] = findings('hand-written');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    id: 'function-gone',
    severity: 'warning',
    message:
      'While the upgrade from 1.0.0 exchanges mid and util one after the other, calls of util:next/1 fail, and processes of worker may get to one and die: the appup does not have them wait.',
  });
  expect(finding?.remedy).toContain('{suspend, [worker]} before the instructions for mid and util');
});

test('a generated appup is saved and completed, not removed', () => {
  expect(findings('hand-written')[0]?.remedy).toContain('; or remove the appup');
  const [finding] = findings('generated');
  expect(finding?.remedy).toMatch(/^Save the generated appup.* put \{suspend, \[worker\]\} before/);
  expect(finding?.remedy).not.toContain('remove the appup');
});

test('what a dependency ships is its authors’ matter', () => {
  expect(findings('shipped')).toEqual([]);
});
