import { chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRoots } from '../../../src/actions/deploy-as-user/roots-file.js';

/** Of whoever; nobody needs to have it. */
const OTHER = 54_321;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync('/etc/relup-test-');
  mkdirSync(join(folder, 'theirs'));
  writeFileSync(join(folder, 'file'), '', { mode: 0o600 });
  writeFileSync(join(folder, 'theirs/file'), '');
  symlinkSync(join(folder, 'file'), join(folder, 'link'));
  symlinkSync(join(folder, 'file'), join(folder, 'theirs/link'));
  writeFileSync(join(folder, 'theirs-in-ours'), '');
  chownSync(join(folder, 'theirs'), OTHER, OTHER);
  chownSync(join(folder, 'theirs-in-ours'), OTHER, OTHER);
  symlinkSync(join(folder, 'file'), join(folder, 'their-link'));
  lchownSync(join(folder, 'their-link'), OTHER, OTHER);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['file', true],
  ['link', true],
  ['theirs/file', false],
  ['theirs/link', false],
  ['their-link', false],
  ['theirs-in-ours', false],
  ['missing', false],
])('%s was put there by nobody but root: %s', async (name, expected) => {
  expect(await isRoots(join(folder, name))).toBe(expected);
});

test('what lies in a folder that everybody writes to may be anybody’s', async () => {
  const open = mkdtempSync('/tmp/relup-test-');
  writeFileSync(join(open, 'file'), '');
  expect(await isRoots(join(open, 'file'))).toBe(false);
  rmSync(open, { recursive: true });
});
