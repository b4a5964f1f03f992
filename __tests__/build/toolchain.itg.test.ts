import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { probeToolchain } from '../../src/build/toolchain.js';
import { rebar3WithVersionOnly } from '../support/rebar3-file.js';
import { temporaryFolder } from '../support/repository.js';

describe("rebar3's version", () => {
  let folder: string;
  let bin: string;

  beforeEach(() => {
    folder = temporaryFolder();
    bin = join(folder, 'bin');
    mkdirSync(bin);
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  async function probed(): Promise<string> {
    const work = join(folder, 'work');
    mkdirSync(work);
    const { toolchain, erlang } = await probeToolchain(work);
    await erlang.close();
    return toolchain.rebar3;
  }

  function rebar3Is(text: string): void {
    writeFileSync(join(bin, 'rebar3'), text);
    chmodSync(join(bin, 'rebar3'), 0o755);
  }

  it('is the one that it prints', async () => {
    const printed = execFileSync('rebar3', ['version'], { cwd: folder, encoding: 'utf8' });
    expect(printed).toContain(`rebar ${await probed()} on Erlang`);
  });

  it('is read from its file, and rebar3 is not started', async () => {
    rebar3WithVersionOnly(join(bin, 'rebar3'), '9.8.7');
    expect(await probed()).toBe('9.8.7');
  });

  it.each([
    ['a shim', '#!/bin/sh\necho rebar 9.8.6 on Erlang/OTP 27\n'],
    [
      'another escript',
      '#!/usr/bin/env escript\nmain(["version"]) -> io:put_chars("rebar 9.8.6 on Erlang/OTP 27\\n").\n',
    ],
  ])('is asked for where the file on the PATH is %s', async (_, text) => {
    rebar3Is(text);
    expect(await probed()).toBe('9.8.6');
  });
});
