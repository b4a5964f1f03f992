import { glob, open } from 'node:fs/promises';
import { join } from 'node:path';
import { RefusedError } from '../shared/errors.js';
import type { BuiltRelease } from '../model/release.js';

/** Where a release has native code, best first: the emulator's own programs, then shared objects of applications. */
const NATIVE = ['erts-*/bin/erlexec', 'lib/*/priv/**/*.so'];

/** Values of `e_machine` in an ELF header, by their usual names. */
const MACHINES: Readonly<Record<number, string>> = {
  3: 'i386',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x86_64',
  183: 'aarch64',
  243: 'riscv',
  258: 'loongarch',
};

const NOTHING = { buffer: new Uint8Array(0), bytesRead: 0 };

/** The machine that an ELF file is for, e.g. `x86_64`; undefined when it is no ELF file. Pure. */
export function elfMachine(header: Uint8Array): string | undefined {
  if (header.length < 20 || header[0] !== 0x7f || String.fromCharCode(...header.subarray(1, 4)) !== 'ELF') {
    return undefined;
  }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const machine = view.getUint16(18, header[5] === 1);
  return MACHINES[machine] ?? `ELF machine ${machine}`;
}

/** The machine that a release's native code is for; undefined when it has none. */
export async function releaseMachine(root: string): Promise<string | undefined> {
  for (const pattern of NATIVE) {
    for await (const file of glob(pattern, { cwd: root })) {
      const machine = elfMachine(await firstBytes(join(root, file)));
      if (machine !== undefined) return machine;
    }
  }
  return undefined;
}

/**
 * Refuses an up-from package for another machine: beams are the same everywhere, but no node of it could load what was
 * built here. A release without native code fits everywhere.
 *
 * @throws {RefusedError} H12
 */
export async function checkMachine(upFrom: BuiltRelease, release: BuiltRelease): Promise<void> {
  if (upFrom.source.kind !== 'tarball') return;
  const [before, after] = await Promise.all([upFrom, release].map(({ root }) => releaseMachine(root)));
  if (before === undefined || after === undefined || before === after) return;
  throw new RefusedError(
    `The up-from release ${upFrom.name} ${upFrom.version} was built for ${before}, but the new one for ${after}.`,
    {
      remedy: `Run this job on a runner for ${before}, or give the package of ${upFrom.version} that was built for ${after}.`,
    },
  );
}

/** Empty when the file cannot be read: a package may hold a folder or a dead link under any name. */
async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path).catch(() => undefined);
  try {
    const { buffer, bytesRead } = await (file?.read(new Uint8Array(20), 0, 20, 0) ?? NOTHING);
    return buffer.subarray(0, bytesRead);
  } catch {
    return NOTHING.buffer;
  } finally {
    await file?.close();
  }
}
