import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkNativeCode } from '../../../src/plan/checks/native.js';
import type { Step } from '../../../src/plan/checks/facts.js';
import { application, builtRelease } from '../../support/releases.js';
import { temporaryFolder } from '../../support/repository.js';
import { emulatorRestart, places, serverModule, step } from '../../support/steps.js';

const dir = temporaryFolder();
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let count = 0;

/** A step between two trees with these files below the application's folder. */
function pair(
  before: Record<string, string>,
  after: Record<string, string>,
  changes: Partial<Step> = {},
): Step {
  const releases = [
    ['1.0.0', '1', before, 'old'],
    ['1.1.0', '2', after, 'new'],
  ].map(([version, vsn, files, code]) => {
    const root = join(dir, String(count++));
    for (const [name, text] of Object.entries(files as Record<string, string>)) {
      const path = join(root, `lib/app-${vsn as string}`, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return builtRelease(version as string, [application('app', vsn as string, { m: code as string })], {
      root,
    });
  });
  return step(changes, { releases: releases as [Step['upFrom'], Step['release']] });
}

const messages = async (one: Step, allowed: string[] = []): Promise<string[]> =>
  (await checkNativeCode([one], places, (name) => allowed.includes(name))).map(
    ({ id, severity, message }) => `${id} ${severity} ${message}`,
  );

test('shared objects are compared by content, wherever they lie in priv', async () => {
  const same = { 'priv/nif.so': 'code', 'priv/table.bin': 'a' };
  expect(await messages(pair(same, { ...same, 'priv/table.bin': 'b' }))).toEqual([]);
  const before = { 'priv/nif.so': 'a', 'priv/lib/gone.so.1.2': 'x', 'priv/kept.so': 'k' };
  const after = { 'priv/nif.so': 'b', 'priv/lib/new.so': 'x', 'priv/kept.so': 'k' };
  expect(await messages(pair(before, after))).toEqual([
    'native-code-changed error Native code of app differs between 1 and 2 (files: priv/lib/gone.so.1.2, priv/lib/new.so, priv/nif.so), and a running emulator cannot be relied on to exchange it.',
  ]);
});

test('a changed module that loads a library counts, a new one does not', async () => {
  const side = { kind: 'other', native: true, codeChange: [], systemCodeChange: false };
  const native = serverModule('m', { old: side, new: side });
  expect((await messages(pair({}, {}, { modules: [native] })))[0]).toContain('(modules that load it: m)');
  expect(await messages(pair({}, {}, { modules: [{ ...native, old: null }] }))).toEqual([]);
});

test('an emulator that is restarted both ways loads it anew', async () => {
  const one = pair({ 'priv/nif.so': 'a' }, { 'priv/nif.so': 'b' }, { up: [emulatorRestart] });
  expect(await messages(one)).toHaveLength(1);
  expect(await messages({ ...one, down: [emulatorRestart] })).toEqual([]);
});

test('where relup.config allows it, it is a warning', async () => {
  const one = pair({ 'priv/nif.so': 'a' }, { 'priv/nif.so': 'b' });
  expect((await messages(one, ['app']))[0]).toContain('native-code-changed warning ');
  expect((await messages(one, ['other']))[0]).toContain('native-code-changed error ');
});
