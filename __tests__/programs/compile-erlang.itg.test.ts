import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compileErlang, type CompiledErlang } from '../../src/programs/erlang.js';
import { emulatorsWith } from '../support/processes.js';
import { projectRoot, temporaryFolder } from '../support/repository.js';

let folder: string;
let erlang: CompiledErlang | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  erlang = undefined;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await erlang?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a shell script in the place of `erl`; `$ERL` is the real one. */
function replaceErl(script: string): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const real = execFileSync('which', ['erl'], { encoding: 'utf8' }).trim();
  writeFileSync(join(bin, 'erl'), `#!/bin/sh\nERL=${real}\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
}

/** Has our modules compiled with one more, the last: compiling it waits until somebody writes `go` into a pipe. */
function withSlowModule(): string {
  const sources = join(folder, 'sources');
  cpSync(join(projectRoot, 'src/erlang'), sources, { recursive: true });
  writeFileSync(
    join(sources, 'relup_zzz.erl'),
    '-module(relup_zzz).\n-compile({parse_transform, waiting}).\n',
  );
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  compileWaiting(pipe);
  replaceErl(`for flag; do
  shift
  case $last in -relup_sources) set -- "$@" '${sources}/' ;; *) set -- "$@" "$flag" ;; esac
  last=$flag
done
exec "$ERL" "$@"`);
  return pipe;
}

/** The parse transform stands where our own modules go to. */
function compileWaiting(pipe: string): void {
  const ebin = join(folder, 'ebin');
  mkdirSync(ebin);
  const source = join(folder, 'waiting.erl');
  writeFileSync(
    source,
    `-module(waiting).
-export([parse_transform/2]).
parse_transform(Forms, _) -> {ok, <<"go">>} = file:read_file("${pipe}"), Forms.
`,
  );
  execFileSync('erlc', ['-o', ebin, source]);
}

/** What the first questions look at. */
const CONFIGURATION = `{erl_opts, [{parse_transform, lager_transform}]}. {plugins, [rebar3_appup_plugin]}.
{deps, [{dep, {git, "file:///none", {tag, "1"}}}]}. {pre_hooks, [{compile, "true"}]}.
{relx, [{release, {name, "1.0.0"}, [sasl]}]}. {profiles, [{prod, [{relx, [{dev_mode, false}]}]}]}.
`;

const settled = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => true), setTimeout(500, false)]);

describe('our modules', () => {
  it('need not all be compiled for the first questions; the others wait', async () => {
    const pipe = withSlowModule();
    erlang = await compileErlang(folder);
    expect(await erlang.query('toolchain', [])).toHaveProperty('otpRelease');
    expect(await erlang.query('rebar3-version', [join(folder, 'bin/erl')])).toBeNull();
    writeFileSync(join(folder, 'rebar.config'), CONFIGURATION);
    expect(await erlang.query('project', [folder, 'prod'])).toHaveProperty('alone');
    const ready = erlang.ready();
    const config = erlang.query('config', [join(folder, 'none')]);
    const alone = erlang.query('toolchain', [], { cwd: folder });
    const all = Promise.allSettled([ready, config, alone]);
    for (const one of [ready, config.catch(() => 0), alone]) expect(await settled(one)).toBe(false);
    writeFileSync(pipe, 'go');
    expect(await all).toMatchObject([{ status: 'fulfilled' }, {}, { status: 'fulfilled' }]);
    expect(existsSync(join(erlang.ebin, 'relup_zzz.beam'))).toBe(true);
  });

  it('that cannot be compiled are told where they are needed', async () => {
    const pipe = withSlowModule();
    erlang = await compileErlang(folder);
    const config = erlang.query('config', [join(folder, 'none')]);
    writeFileSync(pipe, 'stop');
    await expect(config).rejects.toMatchObject({
      message: expect.stringContaining('Erlang, asked for') as string,
    });
    await expect(erlang.ready()).rejects.toThrow('erl');
  });
});

describe('an emulator that is killed while it compiles', () => {
  const KILLED = {
    message: 'erl was killed by a signal.',
    details: 'was ended by SIGKILL',
    remedy: expect.stringMatching(/^Most often memory ran out/) as string,
  };

  it('is told as one for which memory ran out, not as one that is incomplete', async () => {
    replaceErl('kill -KILL $$');
    await expect(compileErlang(folder)).rejects.toMatchObject(KILLED);
  });

  it('is told so, too, when it has answered', async () => {
    withSlowModule();
    erlang = await compileErlang(folder);
    const [pid = 0] = emulatorsWith(erlang.ebin);
    process.kill(pid, 'SIGKILL');
    await expect(erlang.ready()).rejects.toMatchObject(KILLED);
  });
});
