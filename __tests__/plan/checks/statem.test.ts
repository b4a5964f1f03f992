import { expect, test } from 'vitest';
import type { StatemFacts } from '../../../src/plan/checks/facts.js';
import { checkStatems } from '../../../src/plan/checks/statem.js';
import { advanced, emulatorRestart, instruction, serverModule, step } from '../../support/steps.js';

const places = { projectDir: '/project', projectPath: '' };
const facts = (changes: Partial<StatemFacts>): StatemFacts => ({
  modes: [],
  up: [],
  down: [],
  place: null,
  ...changes,
});
const side = { kind: 'gen_statem', native: false, codeChange: [4], systemCodeChange: false };
const statem = (changes: Partial<StatemFacts>, codeChange: readonly number[] = []) =>
  serverModule('m', { new: { ...side, codeChange }, statem: facts(changes) });
const soft = instruction({ text: '{update,m}', what: 'update', modules: ['m'], change: 'soft' });

test('another callback mode that the running process does not know of', () => {
  const modes = ['state_functions', 'handle_event_function'] as const;
  const modules = [statem({ modes, up: ['idle/3'] })];
  const [finding, ...more] = checkStatems([step({ modules, up: [soft] })], places);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ id: 'callback-mode', severity: 'error', module: 'm' });
  expect(finding?.message).toBe(
    'callback_mode/0 of m is handle_event_function in app 2 and was state_functions in 1, but a process that runs keeps its mode until code_change/4 is called: at its next event it calls idle/3, which the module exports no more, and dies.',
  );
  const [kept] = checkStatems([step({ modules: [statem({ modes })], up: [soft] })], places);
  expect(kept).toMatchObject({ id: 'callback-mode', severity: 'warning' });
});

test('a state function that is gone', () => {
  const [finding] = checkStatems([step({ modules: [statem({ up: ['idle/3'] })], up: [soft] })], places);
  expect(finding).toMatchObject({ id: 'state-function-gone', severity: 'warning' });
  expect(finding?.message).toBe(
    'm has the state function idle/3 no more in app 2, and had in 1: a process that is in this state during the upgrade dies at its next event.',
  );
  expect(checkStatems([step({ modules: [statem({ down: ['idle/3'] })], up: [soft] })], places)).toEqual([]);
});

test('a downgrade leaves the new mode', () => {
  const modes = ['state_functions', 'handle_event_function'] as const;
  const modules = [statem({ modes, up: ['idle/3'], down: ['handle_event/4'] }, [4])];
  const [finding] = checkStatems([step({ modules, up: [advanced('m')] })], places);
  expect(finding).toMatchObject({ id: 'callback-mode', severity: 'warning' });
  expect(finding?.message).toBe(
    'After a downgrade the processes of m keep the callback mode handle_event_function and call handle_event/4, which app 1 does not export: they die at their next event.',
  );
});

test('what code_change converts, or a restart, is fine', () => {
  const changes = { modes: ['state_functions', 'handle_event_function'], up: ['idle/3'] } as const;
  const up = [advanced('m')];
  expect(checkStatems([step({ modules: [statem(changes, [4])], up })], places)).toEqual([]);
  expect(checkStatems([step({ modules: [statem(changes, [3])], up })], places)).toHaveLength(1);
  expect(checkStatems([step({ modules: [statem(changes, [4])], up: [soft] })], places)).toHaveLength(1);
  expect(checkStatems([step({ modules: [statem(changes)], up: [emulatorRestart] })], places)).toEqual([]);
  const restart = instruction({ text: '{restart_application,app}', what: 'restart', modules: ['app'] });
  expect(checkStatems([step({ modules: [statem(changes)], up: [restart] })], places)).toEqual([]);
});
