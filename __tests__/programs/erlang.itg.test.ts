import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileErlang, type CompiledErlang } from '../../src/programs/erlang.js';
import { CommandFailedError } from '../../src/shared/errors.js';
import { emulatorsWith, hang } from '../support/processes.js';
import { temporaryFolder } from '../support/repository.js';

let folder: string;
let erlang: CompiledErlang;

beforeEach(async () => {
  folder = temporaryFolder();
  erlang = await compileErlang(folder);
  await erlang.ready();
});
afterEach(async () => {
  await erlang.close();
  rmSync(folder, { recursive: true, force: true });
});

function emulators(): number[] {
  return emulatorsWith(join(folder, 'ebin'));
}

function groupOf(pid = 0): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

async function otpRelease(seconds = 60): Promise<unknown> {
  const { otpRelease } = await erlang.query<{ otpRelease: unknown }>('toolchain', [], {
    timeoutSeconds: seconds,
  });
  return otpRelease;
}

describe('questions about releases', () => {
  it('are answered by one emulator, side by side, until it is closed', async () => {
    const before = emulators();
    expect(before).toHaveLength(1);
    // a signal from a terminal goes to our process group
    expect(groupOf(before[0])).toBe(before[0]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => otpRelease()));
    expect(new Set(answers).size).toBe(1);
    expect(emulators()).toEqual(before);
    await erlang.close();
    expect(emulators()).toEqual([]);
    expect(await otpRelease()).toBe(answers[0]);
  });

  it('have one of their own when they need a folder or an environment', async () => {
    const before = emulators();
    const asked = erlang.query('toolchain', [], { cwd: folder });
    await vi.waitFor(() => expect(emulators().length).toBe(2), { timeout: 10_000, interval: 5 });
    await asked;
    expect(emulators()).toEqual(before);
  });

  it('are asked again when the emulator is killed meanwhile', async () => {
    const [pid = 0] = emulators();
    await hang(pid);
    const asked = [otpRelease(), otpRelease()];
    process.kill(pid, 'SIGKILL');
    expect(await Promise.all(asked)).toEqual([await otpRelease(), await otpRelease()]);
    expect(emulators()).not.toContain(pid);
  });

  it('that take too long end the emulator, which costs no other question its answer', async () => {
    const [pid = 0] = emulators();
    await hang(pid);
    const other = otpRelease();
    const error: unknown = await otpRelease(1).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CommandFailedError);
    expect((error as CommandFailedError).message).toBe(
      'Erlang, asked for "toolchain", did not end within 1 seconds.',
    );
    expect(await other).toBe(await otpRelease());
  });

  it('may be longer than a line of its standard input', async () => {
    const before = emulators();
    const long = Array.from({ length: 6 }, (_, index) => `/${String(index).repeat(100_000)}`);
    const error: unknown = await erlang.query('describe', long).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ reason: 'crash' });
    expect(emulators()).toEqual(before);
  });
});

describe('packages', () => {
  /** A package with one file and a link to it. */
  function packed(): string {
    writeFileSync(join(folder, 'file'), 'text');
    execFileSync('ln', ['-s', 'file', 'link'], { cwd: folder });
    execFileSync('tar', ['-czf', 'package.tar.gz', 'file', 'link'], { cwd: folder });
    return join(folder, 'package.tar.gz');
  }

  it('are unpacked by the emulator that answers questions, one after the other', async () => {
    const before = emulators();
    // what reads it waits until somebody writes
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const first = erlang.query('unpack', [pipe, join(folder, 'first')]).catch((error: unknown) => error);
    const second = erlang.query('unpack', [packed(), join(folder, 'second')]);
    await setTimeout(1000);
    expect(existsSync(join(folder, 'second'))).toBe(false);
    writeFileSync(pipe, 'what a pipe holds is no archive');
    expect(await first).toBeInstanceOf(Error);
    await second;
    expect(readdirSync(join(folder, 'second'))).toEqual(['file', 'link']);
    expect(emulators()).toEqual(before);
  });

  it('are unpacked by another emulator when that is killed, also where it had begun', async () => {
    const [pid = 0] = emulators();
    const root = join(folder, 'root');
    const unpack = (): Promise<unknown> => erlang.query('unpack', [packed(), root]);
    await unpack();
    // left by what unpacked there before
    writeFileSync(join(root, 'left'), '');
    rmSync(join(folder, 'link'));
    await hang(pid);
    const again = unpack();
    process.kill(pid, 'SIGKILL');
    expect(await again).toEqual({ entries: 2 });
    expect(readdirSync(root)).toEqual(['file', 'link']);
  });
});
