import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkStartCode } from '../../../src/plan/checks/start-code.js';
import { instruction, serverModule, step } from '../../support/steps.js';

const places = { projectDir: '/project', projectPath: '' };
const calls = ['persistent_term:put(limits, …)', 'ets:new(cache, [named_table])'];

test('start code that changed is told with what it now calls', () => {
  const [finding] = checkStartCode([step({ start: { module: 'app_app', calls } })], places);
  expect(finding).toMatchObject({ id: 'start-changed', severity: 'warning', module: 'app_app' });
  expect(finding?.message).toBe(
    'The start code of app (start/2 of app_app) changed between 1 and 2, which now calls persistent_term:put(limits, …), ets:new(cache, [named_table]); an upgrade does not run it.',
  );
  const [notice] = checkStartCode([step({ start: { module: 'app_app', calls: [] } })], places);
  expect(notice?.severity).toBe('notice');
  expect(checkStartCode([step()], places)).toEqual([]);
});

test('what init/1 makes otherwise is told of its module', () => {
  const modules = [serverModule('m', { makes: ['ets:new(cache, [protected])'] })];
  const [finding] = checkStartCode([step({ modules })], places);
  expect(finding?.message).toContain(
    'init/1 of m now does what it did not do in this way in app 1: ets:new(cache, [protected]).',
  );
});

test('an application that is restarted runs its start code', () => {
  const restart = instruction({ text: '{restart_application,app}', what: 'restart', modules: ['app'] });
  const modules = [serverModule('m', { makes: calls })];
  const start = { module: 'app_app', calls };
  expect(checkStartCode([step({ start, modules, up: [restart] })], places)).toEqual([]);
});

test("the remedy for a dependency's code does without a change of it", () => {
  const steps = [step({ start: { module: 'app_app', calls } })];
  expect(checkStartCode(steps, places)[0]?.remedy).toMatch(
    /^app is not yours to change: have it restarted by \{app, \[\{strategy, restart\}\]\}\. in relup\.config/,
  );
  const projectDir = mkdtempSync(join(tmpdir(), 'relup-test-'));
  mkdirSync(join(projectDir, 'src'));
  writeFileSync(join(projectDir, 'src/app.app.src'), '');
  expect(checkStartCode(steps, { ...places, projectDir })[0]?.remedy).toContain('do it in code_change');
  rmSync(projectDir, { recursive: true });
});
