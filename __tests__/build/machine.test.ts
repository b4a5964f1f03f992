import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkMachine, elfMachine, releaseMachine } from '../../src/build/machine.js';
import { builtRelease } from '../support/releases.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function elf(machine: number, littleEndian = true): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header.set([2, littleEndian ? 1 : 2, 1], 4);
  if (littleEndian) header.writeUInt16LE(machine, 18);
  else header.writeUInt16BE(machine, 18);
  return header;
}

function release(files: Readonly<Record<string, Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), 'relup-machine-'));
  folders.push(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

test.each([
  [elf(62), 'x86_64'],
  [elf(183), 'aarch64'],
  [elf(22, false), 's390x'],
  [elf(4711), 'ELF machine 4711'],
  [Buffer.from('#!/bin/sh\necho a script of some length'), undefined],
  [elf(62).subarray(0, 19), undefined],
  [Buffer.alloc(0), undefined],
])('an ELF header is read, and nothing else taken for one', (header, machine) => {
  expect(elfMachine(header)).toBe(machine);
});

test('the emulator tells the machine, else a shared object; a release without either fits everywhere', async () => {
  const nif = { 'lib/a-1/priv/lib/a.so': elf(40) };
  expect(await releaseMachine(release({ ...nif, 'erts-15.2/bin/erlexec': elf(62) }))).toBe('x86_64');
  expect(await releaseMachine(release({ ...nif, 'lib/a-1/ebin/a.beam': elf(183) }))).toBe('arm');
  expect(await releaseMachine(release({ 'lib/a-1/ebin/a.beam': elf(183) }))).toBeUndefined();
});

test('what cannot be read tells nothing', async () => {
  const root = release({ 'erts-1/bin/erlexec/x': elf(62), 'lib/a-1/priv/x': elf(62) });
  symlinkSync('gone', join(root, 'lib/a-1/priv/a.so'));
  expect(await releaseMachine(root)).toBeUndefined();
});

test('a package for another machine is refused; what was built here is not looked at', async () => {
  const here = builtRelease('1.1.0', [], { root: release({ 'erts-1/bin/erlexec': elf(62) }) });
  const root = release({ 'erts-1/bin/erlexec': elf(183) });
  const given = builtRelease('1.0.0', [], { root, source: { kind: 'tarball', path: '/x.tar.gz' } });
  await expect(checkMachine(given, here)).rejects.toThrow(
    'The up-from release hello 1.0.0 was built for aarch64, but the new one for x86_64.',
  );
  const built = builtRelease('1.0.0', [], { root, source: { kind: 'cache', ref: 'v1', commit: 'c' } });
  await expect(checkMachine(built, here)).resolves.toBeUndefined();
});
