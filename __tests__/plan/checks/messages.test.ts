import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkMessages } from '../../../src/plan/checks/messages.js';
import { temporaryFolder } from '../../support/repository.js';
import { serverModule, step } from '../../support/steps.js';

const message = {
  message: '{add, _}',
  callback: 'handle_call/3',
  instead: ['{add, _, _}'],
  dropped: false,
  timeout: false,
  place: null,
};
const modules = [serverModule('m', { messages: [message] })];

test('a message that is taken no more is told, of a dependency where it ends the process', () => {
  const projectDir = temporaryFolder();
  onTestFinished(() => rmSync(projectDir, { recursive: true, force: true }));
  const places = { projectDir, projectPath: '' };
  expect(checkMessages([step({ modules })], places)).toMatchObject([
    { id: 'message-gone', remedy: expect.stringContaining('app is not yours to change.') as string },
  ]);
  const lost = [serverModule('m', { messages: [{ ...message, dropped: true }] })];
  expect(checkMessages([step({ modules: lost })], places)).toEqual([]);
  mkdirSync(join(projectDir, 'src'));
  writeFileSync(join(projectDir, 'src/app.app.src'), '');
  expect(checkMessages([step({ modules })], places)).toMatchObject([
    {
      id: 'message-gone',
      severity: 'warning',
      message:
        'm takes {add, _} (handle_call/3; now {add, _, _}) no more in app 2, and did in 1: one that was sent before the upgrade, or that a timer brings after it, ends the process.',
    },
  ]);
  expect(checkMessages([step({ modules: lost })], places)).toHaveLength(1);
});

test('a timeout that is taken no more is told of a dependency, too, and by itself', () => {
  const places = { projectDir: '/nowhere', projectPath: '' };
  const timeout = {
    ...message,
    message: 'state_timeout with any content',
    instead: [],
    callback: 'waiting/3',
  };
  const told = [message, { ...timeout, dropped: true, timeout: true }];
  expect(
    checkMessages([step({ modules: [serverModule('m', { messages: told })] })], places).map(
      (finding) => finding.message,
    ),
  ).toEqual([
    expect.stringContaining('m takes {add, _}') as string,
    'm takes state_timeout with any content (waiting/3) no more in app 2, and did in 1: one that was begun before the upgrade is passed over after it, and a process that waits for nothing else stays as it is.',
  ]);
});
