import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../programs/exec.js';
import type { Emulator } from '../programs/emulator.js';
import { CommandFailedError, NodeRefusedError } from '../shared/errors.js';
import { isPathComponent } from '../shared/names.js';
import { foreignRoot } from './foreign-owner.js';
import { fileInRoot } from './inside-root.js';

/** Boot files that start kernel and stdlib, and nothing of the release's own. */
const PLAIN_BOOT = ['start_clean.boot', 'no_dot_erlang.boot'];

/**
 * The emulator of an installed release: started without its script, so that no configuration is rendered (H119).
 *
 * @param home a private folder: an emulator looks for `.erlang` in its home.
 * @returns undefined for a release without ERTS, which runs with the machine's `erl`.
 * @throws {NodeRefusedError} when neither is there.
 */
export async function releaseEmulator(deployRoot: string, home: string): Promise<Emulator | undefined> {
  return installedEmulator(deployRoot, await startData(deployRoot), home);
}

/** The same of one release of several that lie there. */
export async function installedEmulator(
  deployRoot: string,
  { erts, version }: { readonly erts: string; readonly version: string },
  home: string,
): Promise<Emulator | undefined> {
  const bin = join(deployRoot, `erts-${erts}`, 'bin');
  const program = join(bin, 'erlexec');
  if (!(await isExecutable(program))) return machinesOwn(deployRoot);
  const boot = await plainBoot(join(deployRoot, 'releases', version));
  return {
    program,
    flags: ['-boot', boot, '-boot_var', 'ERTS_LIB_DIR', join(deployRoot, 'lib')],
    env: { ROOTDIR: deployRoot, BINDIR: bin, EMU: 'beam', PROGNAME: 'erl', HOME: home },
  };
}

/** What the next start boots: ERTS version and release version. */
export async function startData(deployRoot: string): Promise<{ erts: string; version: string }> {
  const file = join(deployRoot, 'releases/start_erl.data');
  const text = await readInRoot(deployRoot, 'releases/start_erl.data').catch(async (cause: unknown) => {
    if (cause instanceof NodeRefusedError) throw cause;
    const foreign = await foreignRoot(deployRoot, cause);
    if (foreign !== undefined) throw foreign;
    throw new NodeRefusedError(`${file} cannot be read, so deploy-root is not an installed release.`, {
      remedy: 'Give the folder that holds bin, lib and releases of the installed release.',
      cause,
    });
  });
  const [, erts = '', version = ''] = /^\s*(\S+)[ \t]+(\S+)\s*$/.exec(text) ?? [];
  if (isPathComponent(erts) && isPathComponent(version)) return { erts, version };
  throw new NodeRefusedError(`${file} does not name an ERTS version and a release version.`, {
    remedy: 'Install the release again from its full package.',
  });
}

async function readInRoot(root: string, path: string): Promise<string> {
  return readFile(await fileInRoot(root, path), 'utf8');
}

async function plainBoot(folder: string): Promise<string> {
  for (const file of PLAIN_BOOT) {
    const path = join(folder, file);
    if (await isThere(path)) return path.replace(/\.boot$/, '');
  }
  throw new NodeRefusedError(
    `${folder} has no start_clean.boot, so its ERTS cannot start a control process.`,
    {
      remedy: 'Build the release with relx (rebar3), which puts the file there.',
    },
  );
}

async function machinesOwn(deployRoot: string): Promise<undefined> {
  try {
    await run('erl', ['-noinput', '-boot', 'no_dot_erlang', '-eval', 'halt().'], { timeoutSeconds: 30 });
  } catch (cause) {
    if (!(cause instanceof CommandFailedError) || cause.end.kind === 'timed-out') throw cause;
    throw new NodeRefusedError(
      `The release in ${deployRoot} has no ERTS of its own, and erl cannot be started.`,
      {
        remedy: 'Put the Erlang/OTP that the node runs on the PATH of this step.',
        cause,
      },
    );
  }
  return undefined;
}

function isThere(path: string): Promise<boolean> {
  return may(path, constants.R_OK);
}

function isExecutable(path: string): Promise<boolean> {
  return may(path, constants.X_OK);
}

function may(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
