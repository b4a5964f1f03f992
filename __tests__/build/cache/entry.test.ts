import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openEntry, sealEntry } from '../../../src/build/cache/entry.js';
import { temporaryFolder } from '../../support/repository.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const CONTENTS = { files: ['file'], builtIn: ['/build/0123'] };
const PARTS = { otp: '27.3.4.1', digest: 'abc' };
let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  folders.push(folder);
  writeFileSync(join(folder, 'file'), 'contents');
});

test('an entry that is what it says gives its files', async () => {
  expect(await sealEntry(folder, CONTENTS, PARTS)).toEqual(['file', 'entry.json']);
  expect(await openEntry(folder, PARTS)).toEqual({
    files: [join(folder, 'file')],
    builtIn: CONTENTS.builtIn,
  });
});

test.each([
  ['another toolchain', { ...PARTS, otp: '27.3.4.2' }, 'it was made with another otp'],
  ['more than it says', { ...PARTS, environment: 'x' }, 'it was made with another environment'],
  ['less than it says', { otp: PARTS.otp }, 'it was made with another digest'],
])('an entry that stands for %s is not opened', async (_, wanted, reason) => {
  await sealEntry(folder, CONTENTS, PARTS);
  await expect(openEntry(folder, wanted)).rejects.toThrow(reason);
});

test('nor one whose files changed, whose seal is gone or no seal at all', async () => {
  await sealEntry(folder, CONTENTS, PARTS);
  writeFileSync(join(folder, 'file'), 'other contents');
  await expect(openEntry(folder, PARTS)).rejects.toThrow('its file is not the one that was saved');
  writeFileSync(join(folder, 'entry.json'), '{"parts"');
  await expect(openEntry(folder, PARTS)).rejects.toThrow('JSON');
  rmSync(join(folder, 'entry.json'));
  await expect(openEntry(folder, PARTS)).rejects.toThrow('entry.json');
});
