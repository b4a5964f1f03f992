import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type {
  CheckedModule,
  Conversion,
  Instruction,
  StateFacts,
  Step,
} from '../../../src/plan/checks/facts.js';
import { checkStates } from '../../../src/plan/checks/state.js';
import { temporaryFolder } from '../../support/repository.js';
import {
  advanced,
  emulatorRestart,
  instruction,
  load,
  places,
  serverModule,
  step,
} from '../../support/steps.js';

function stateful(up: Conversion, down: Conversion, changes: object = {}): CheckedModule {
  const state: StateFacts = {
    kind: 'gen_server',
    up: { changed: true, conversion: up },
    down: { changed: true, conversion: down },
    old: ['-record(state,{a}).'],
    new: ['-record(state,{a,b}).'],
    place: null,
    codeChange: null,
    codeChangeDiffers: true,
    ...changes,
  };
  return serverModule('m', { state });
}

function check(
  module: CheckedModule,
  instructions: Instruction[],
  origin: Step['appup']['origin'] = 'hand-written',
) {
  return checkStates([step({ up: instructions, down: instructions, modules: [module] }, { origin })], places);
}

test('a changed state that is converted both ways is fine', () => {
  expect(check(stateful('converts', 'converts'), [advanced('m')])).toEqual([]);
});

test.each([
  ['passes', [advanced('m')], 'code_change/3 returns the state as it is'],
  ['missing', [load('m')], 'there is no code_change/3'],
  ['no_clause', [advanced('m')], 'no clause of code_change/3 takes the state'],
  ['converts', [load('m')], 'code_change/3 is not called by {load_module, m}'],
  ['converts', [], 'code_change/3 is not called by the appup'],
] as const)('%s is told with old and new definition', (conversion, instructions, why) => {
  const [finding, ...others] = check(stateful(conversion, conversion), [...instructions]);
  expect(others).toEqual([]);
  expect(finding?.message).toBe(
    `The state of m (gen_server) has another shape in app 2 than in 1, and nothing converts it (up from 1: ${why}; down to 1: ${why}):\n- -record(state,{a}).\n+ -record(state,{a,b}).`,
  );
});

test('a callback module of a behaviour that is not of OTP is called so', () => {
  const [finding] = check(stateful('missing', 'missing', { kind: 'custom' }), [load('m')]);
  expect(finding?.message).toMatch(/^The state of m \(callback module of a process\) has another shape/);
});

test('under a behaviour that converts nothing, the processes must begin anew', () => {
  const [finding] = check(stateful('missing', 'missing', { kind: 'kept' }), [load('m')]);
  expect(finding?.message).toContain('(up from 1: its behaviour has no way to convert it; down to 1: its');
  expect(finding?.remedy).toContain('{app, [{strategy, restart}]}');
});

test('each direction is judged on its own', () => {
  const [down] = check(stateful('converts', 'passes'), [advanced('m')]);
  expect(down?.message).toContain('(down to 1: code_change/3 returns the state as it is)');
  const [up] = check(stateful('passes', 'passes', { down: { changed: false, conversion: 'passes' } }), [
    advanced('m'),
  ]);
  expect(up?.message).toContain('(up from 1: code_change/3 returns the state as it is)');
});

test('it is a warning where somebody wrote the appup', () => {
  const severities = (['hand-written', 'shipped'] as const).map(
    (origin) => check(stateful('passes', 'passes'), [advanced('m')], origin)[0]?.severity,
  );
  expect(severities).toEqual(['warning', 'warning']);
  expect(check(stateful('passes', 'passes'), [advanced('m')], 'generated')[0]?.severity).toBe('error');
});

test.each([
  ['the emulator', emulatorRestart],
  ['the application', instruction({ what: 'restart', modules: ['app'] })],
  ['the process', instruction({ what: 'stop', modules: ['m'] })],
  ['the child', instruction({ restarted: ['m'] })],
])('a process that begins anew with %s needs no conversion', (_, restart) => {
  expect(check(stateful('missing', 'missing'), [load('m'), restart])).toEqual([]);
});

test('the annotation is on the definition in the user’s sources, if it is one of theirs', () => {
  const projectDir = temporaryFolder();
  onTestFinished(() => rmSync(projectDir, { recursive: true, force: true }));
  for (const file of ['src/m.erl', '_build/default/lib/dep/src/m.erl']) {
    mkdirSync(join(projectDir, file, '..'), { recursive: true });
    writeFileSync(join(projectDir, file), '');
  }
  const at = (file: string) =>
    checkStates(
      [
        step({
          modules: [stateful('missing', 'missing', { place: { file: join(projectDir, file), line: 9 } })],
        }),
      ],
      { projectDir, projectPath: 'sub' },
    )[0]?.location;
  expect(at('src/m.erl')).toEqual({ file: 'sub/src/m.erl', line: 9 });
  expect(at('_build/default/lib/dep/src/m.erl')).toEqual({ file: 'sub/src/app.appup.src' });
});

test('what cannot be seen is one notice for an application, and says where the debug information lacks', () => {
  const modules = ['a', 'b'].map((name) => serverModule(name, { state: { unseen: ['old'] } }));
  const unseen = step({ modules });
  const given = { ...unseen.upFrom, source: { kind: 'tarball', path: '/x.tar.gz' } as const };
  const [finding, ...others] = checkStates([{ ...unseen, upFrom: given }], places);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ id: 'state-unseen', severity: 'warning' });
  expect(finding?.message).toContain(
    'the state of a, b changed its shape between app 1 and 2 cannot be seen: the modules have no debug information in release 1.0.0, which was given as a package.',
  );
  expect(checkStates([step({ modules }, { origin: 'shipped' })], places)).toEqual([]);
});

test("nobody is asked to change a dependency's code", () => {
  const [finding] = check(stateful('missing', 'missing'), [load('m')]);
  expect(finding?.remedy).toMatch(
    /^app is not yours to change: have it restarted by \{app, \[\{strategy, restart\}\]\}\./,
  );
  const [unseen] = checkStates(
    [step({ modules: [serverModule('m', { state: { unseen: ['old'] } })] })],
    places,
  );
  expect(unseen?.remedy).toContain('{overrides, [{add, app, [{erl_opts, [debug_info]}]}]}.');
});

test('where no clauses can be pasted, it is said what becomes of what', () => {
  const records = [{ old: '{in, X}', becomes: '#in{x = X}', new: '{in, X, _}', back: '{in, X}' }];
  const projectDir = temporaryFolder();
  onTestFinished(() => rmSync(projectDir, { recursive: true, force: true }));
  mkdirSync(join(projectDir, 'src'));
  writeFileSync(join(projectDir, 'src/app.app.src'), '');
  const modules = [stateful('missing', 'missing', { records })];
  const [finding] = checkStates([step({ modules }, { origin: 'generated' })], {
    projectDir,
    projectPath: '',
  });
  expect(finding?.remedy).toBe(
    'Let code_change/3 of m make #in{x = X} of every {in, X}, wherever it lies in the state, and with {down, Vsn} make {in, X} of every {in, X, _}, wherever it lies in the state. Export it.',
  );
});
