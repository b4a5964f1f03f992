import { cp, mkdir, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { which } from '@actions/io';
import { ActionError, CommandFailedError } from '../shared/errors.js';
import { run } from './exec.js';
import { rebar3Arguments, type Rebar3Task } from '../shared/rebar3-arguments.js';

/** Where rebar3 keeps what it downloads. */
function cacheFolder(): string {
  return process.env.REBAR_CACHE_DIR ?? join(homedir(), '.cache', 'rebar3');
}

/** Where rebar3 keeps what Hex's registry said of packages (`rebar_packages`). */
export function hexIndex(): string {
  return join(cacheFolder(), 'hex', 'packages.idx');
}

/**
 * The file that is run as `rebar3`, when that is rebar3 itself: an escript, which holds its version. Others, such as a version
 * manager's shim, start one.
 */
export async function rebar3Escript(): Promise<string | undefined> {
  const path = await which('rebar3');
  if (path === '') return undefined;
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64);
      return /^#!.*\bescript\b/.test(buffer.toString('latin1', 0, bytesRead)) ? path : undefined;
    } finally {
      await file.close();
    }
  } catch {
    // what can be run need not be readable
    return undefined;
  }
}

/**
 * rebar3's version, e.g. `3.24.0`, from rebar3: also the proof that it runs.
 *
 * @param folder an empty folder to ask it in: in a project even `rebar3 version` fetches that project's plugins
 * @throws {ActionError} when rebar3 is missing, or cannot run on this OTP (H112, H114).
 */
export async function rebar3Version(folder: string): Promise<string> {
  try {
    const { stdout } = await run('rebar3', ['version'], {
      cwd: folder,
      timeoutSeconds: 180,
      env: { REBAR_BASE_DIR: undefined },
    });
    const version = /rebar (\S+) on Erlang/.exec(stdout)?.[1];
    if (version !== undefined) return version;
    throw new ActionError('`rebar3 version` printed no version.', { details: stdout });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    const { end, exitCode } = error;
    // a slow machine says nothing about the program
    if (end.kind === 'timed-out') throw error;
    // an escript that cannot run ends with 127, as what starts a program does when there is none
    const missing = end.kind === 'not-started' || (exitCode === 127 && (await which('rebar3')) === '');
    throw new ActionError(
      missing
        ? 'rebar3 was not found on the PATH.'
        : `rebar3 is installed but does not run on this Erlang/OTP: \`rebar3 version\` ${end.text}.`,
      {
        remedy:
          error.remedy ??
          'Set `rebar3-version` in the erlef/setup-beam step before this one, to a version that supports the OTP you use.',
        details: error.details ?? error.message,
        cause: error,
      },
    );
  }
}

export interface Rebar3Options {
  /** The project folder. */
  readonly cwd: string;
  readonly profile: string;
  /** Release name, for configurations that define several. */
  readonly release?: string;
  /** A private download cache, because two rebar3 at once must not write the same one. */
  readonly cacheDir?: string;
  /** Absolute path of what is read instead of rebar.config. */
  readonly configFile?: string;
  readonly onLine?: (line: string) => void;
}

/**
 * `rebar3 as <profile> release`, `do release, tar` or `tar`, in one project folder. `tar` assembles the release by itself, but
 * only after its `pre` hooks, of which some, such as rebar3_appup_plugin's, need the assembled release (H126); and those of
 * `release` are not run then. Where there are none, `tar` alone makes the same and assembles once, not twice.
 *
 * @throws {CommandFailedError} with rebar3's whole output in `details`.
 */
export async function rebar3(task: Rebar3Task, options: Rebar3Options): Promise<string> {
  const result = await run('rebar3', rebar3Arguments(task, options), {
    cwd: options.cwd,
    env: {
      // A shared base folder would let one version's build leak into the other's (H13).
      REBAR_BASE_DIR: undefined,
      ...(options.cacheDir === undefined ? {} : { REBAR_CACHE_DIR: options.cacheDir }),
      ...(options.configFile === undefined ? {} : { REBAR_CONFIG: options.configFile }),
    },
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  });
  return result.stdout + result.stderr;
}

/** Copies rebar3's download cache to `folder`, so that a second rebar3 at the same time finds what is there already. */
export async function copyCache(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await cp(cacheFolder(), folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return folder;
}
