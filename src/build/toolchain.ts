import { ActionError, CommandFailedError } from '../shared/errors.js';
import { compileErlang, type CompiledErlang } from '../programs/erlang.js';
import { run } from '../programs/exec.js';
import { rebar3Escript, rebar3Version } from '../programs/rebar3.js';
import type { Toolchain } from '../model/toolchain.js';

/** Refuses runners that cannot make releases for Linux nodes. Pure, so that it costs nothing at the start. */
export function checkPlatform(platform: NodeJS.Platform): void {
  if (platform === 'linux') return;
  const name = platform === 'win32' ? 'Windows' : platform === 'darwin' ? 'macOS' : platform;
  throw new ActionError(`relup-action runs on Linux runners only; this runner is ${name}.`, {
    remedy: 'Write `runs-on: ubuntu-latest` (or another Linux runner) for this job.',
  });
}

/**
 * Finds out what is installed, and compiles our Erlang code with it.
 *
 * @throws {ActionError} when Erlang/OTP or rebar3 is missing or cannot run (H112, H114); of a rebar3 that tells its version without
 *   being started, the first build shows whether it runs.
 */
export async function probeToolchain(
  folder: string,
): Promise<{ toolchain: Toolchain; erlang: CompiledErlang }> {
  const probing = probeErlang(folder);
  const [rebar3, { erlang, otp }, libc] = await Promise.all([
    probeRebar3(folder, probing),
    probing,
    libcVersion(),
  ]);
  if (Number(otp.otpRelease) < 25) {
    throw new ActionError(`Erlang/OTP ${otp.otpVersion} is too old; relup-action needs OTP 25 or newer.`, {
      remedy: 'Set `otp-version` in the erlef/setup-beam step to 25 or newer.',
    });
  }
  return { toolchain: { ...otp, rebar3, libc }, erlang };
}

async function probeErlang(
  folder: string,
): Promise<{ erlang: CompiledErlang; otp: Omit<Toolchain, 'rebar3' | 'libc'> }> {
  const erlang = await compile(folder);
  return { erlang, otp: await erlang.query('toolchain', []) };
}

/** To start rebar3 takes a second of processor time, so it is only asked when its file does not tell. */
async function probeRebar3(
  folder: string,
  probing: Promise<{ readonly erlang: CompiledErlang }>,
): Promise<string> {
  const escript = await rebar3Escript();
  if (escript !== undefined) {
    const { erlang } = await probing;
    const version = await erlang.query<string | null>('rebar3-version', [escript]);
    if (version !== null) return version;
  }
  return rebar3Version(folder);
}

async function compile(folder: string): Promise<CompiledErlang> {
  try {
    return await compileErlang(folder);
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    const { end, exitCode, details } = error;
    // a slow machine says nothing about the program
    if (end.kind === 'timed-out') throw error;
    if (end.kind === 'not-started' || exitCode === 127) {
      throw new ActionError('Erlang/OTP was not found: there is no `erl` on the PATH.', {
        remedy: 'Add an erlef/setup-beam step with `otp-version` before this one.',
        cause: error,
      });
    }
    throw new ActionError(`Erlang/OTP is installed but does not work: \`erl\` ${end.text}.`, {
      remedy: error.remedy ?? 'Use OTP 25 or newer, complete (with kernel, stdlib, compiler and sasl).',
      details,
      cause: error,
    });
  }
}

/** `getconf` knows the GNU C library only; without it (Alpine) it is musl. */
async function libcVersion(): Promise<string> {
  const { stdout } = await run('getconf', ['GNU_LIBC_VERSION'], { okCodes: [0, 1, 127], timeoutSeconds: 10 });
  return stdout.trim() || 'musl';
}
