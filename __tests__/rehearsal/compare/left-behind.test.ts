import { expect, test } from 'vitest';
import {
  callbackFindings,
  dynamicFinding,
  pathFindings,
} from '../../../src/rehearsal/compare/left-behind.js';
import { observation, script, worker } from '../../support/observation.js';

test('what keeps an old path is told once', () => {
  const node = observation([], { oldPaths: [{ application: 'web', holder: 'persistent term root' }] });
  const [finding, ...more] = pathFindings('upgrade', node);
  expect(more).toEqual([]);
  expect(finding?.message).toContain('the persistent term root keeps a path into the old folder of web');
  expect(pathFindings('upgrade again', node)).toEqual([]);
});

test('a process that runs a changed module which its specification does not name is told', () => {
  const node = observation([worker('conn', { unnamed: ['conn_open', 'same'] })]);
  const changed = ['conn_open', 'other'];
  const [finding, ...more] = callbackFindings({
    ...{ step: 'upgrade', before: node, changed },
    script: script({ suspends: ['conn_open'], waits: { conn_open: ['conn_open'] } }),
  });
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ id: 'rehearsal-callback-module', module: 'conn_open' });
  expect(finding?.message).toContain('runs the callback module conn_open, which changes');
  // the upgrade only loads it
  expect(callbackFindings({ step: 'upgrade', before: node, changed, script: script() })).toEqual([]);
});

test('a process is not told that waits by the module which its specification names', () => {
  const spec = { start: 'room:start_link/0', module: 'room', arguments: 0, options: { modules: '[room]' } };
  const before = observation([worker('room', { unnamed: ['channel'], spec })]);
  const told = (waiting: readonly string[]): number =>
    callbackFindings({
      ...{ step: 'upgrade', before, changed: ['channel'] },
      script: script({ suspends: ['channel', 'room'], waits: { channel: waiting, room: ['room'] } }),
    }).length;
  expect(told(['channel', 'room'])).toBe(0);
  // it waits for its own code only
  expect(told(['channel'])).toBe(1);
});

test('modules => dynamic of a process that cannot tell them stops an upgrade that suspends', () => {
  const spec = { start: 'conn:start_link/0', module: 'conn', arguments: 0, options: { modules: 'dynamic' } };
  const node = observation([worker('conn', { unnamed: ['handshake'], spec })]);
  const suspending = { up: script(), down: script({ suspends: ['price'] }) };
  const finding = dynamicFinding(node, suspending);
  expect(finding).toMatchObject({ id: 'rehearsal-callback-module', severity: 'error' });
  expect(finding?.remedy).toContain('modules => [handshake]');
  // without a suspension nobody is asked
  expect(dynamicFinding(node, { up: script(), down: script() })).toBeUndefined();
  // a gen_event tells its handlers
  expect(dynamicFinding(observation([worker('conn', { spec })]), suspending)).toBeUndefined();
});
