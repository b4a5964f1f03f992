import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { basename, dirname, join, sep } from 'node:path';
import { NodeRefusedError } from '../shared/errors.js';
import { foreignNode, foreignRoot } from './foreign-owner.js';
import { parseEmulatorArguments, runsRelease, type EmulatorArguments } from './emulator-arguments.js';

/** A running emulator that was started from an installed release, as the operating system sees it. */
export interface NodeProcess {
  readonly pid: number;
  /** The installed root, resolved. */
  readonly deployRoot: string;
  readonly nameFlag: '-name' | '-sname';
  /** As given to the emulator, possibly without host. */
  readonly nodeName: string;
  /** Secret: masked and kept out of command lines (H106). */
  readonly cookie: string;
  /** Distribution flags that our control process takes over. */
  readonly distribution: readonly string[];
  /** Release version that it booted, by its boot file; undefined when that lies elsewhere. */
  readonly booted?: string;
  /** Where it runs, and what relative paths in its flags are relative to; the installed root for relx's script. */
  readonly workingFolder: string;
  /** The environment that the service was started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Owner of the process; files on the node are made theirs. */
  readonly uid: number;
  readonly gid: number;
}

/**
 * Finds the one node that runs from an installed release.
 *
 * @throws {NodeRefusedError} when none or several run, or the one that runs cannot be reached by distribution.
 */
export async function findNode(deployRoot: string): Promise<NodeProcess> {
  const root = await installedRoot(deployRoot);
  return describe(root, await onlyEmulator(root, deployRoot));
}

/**
 * Whom that node belongs to; no file of the node's is opened.
 *
 * @throws {NodeRefusedError} when none or several run
 */
export async function nodeUser(deployRoot: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const { pid } = await onlyEmulator(await installedRoot(deployRoot), deployRoot);
  // A process may have its folder in /proc shown as root's, but not this.
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const id = (field: string): number => Number(new RegExp(`^${field}:\\t(\\d+)`, 'm').exec(status)?.[1]);
  return { uid: id('Uid'), gid: id('Gid') };
}

async function onlyEmulator(root: string, deployRoot: string): Promise<Emulator> {
  const found = await emulatorsOf(root);
  const [only, ...others] = found;
  if (only === undefined) {
    throw new NodeRefusedError(`No node runs from ${deployRoot}, so there is nothing to upgrade.`, {
      remedy:
        'Start the installed release as its service does (e.g. bin/<name> daemon), or correct deploy-root; or set `allow-restart: true` to have the new release started.',
    });
  }
  if (others.length > 0) {
    const pids = found.map(({ pid }) => pid).join(', ');
    throw new NodeRefusedError(
      `${found.length} nodes run from ${deployRoot} (process ids ${pids}), so it is not clear which one to upgrade.`,
      { remedy: 'Keep one node per installed root.' },
    );
  }
  return only;
}

async function installedRoot(deployRoot: string): Promise<string> {
  try {
    const root = await realpath(deployRoot);
    await stat(join(root, 'releases'));
    return root;
  } catch (error) {
    const foreign = await foreignRoot(deployRoot, error);
    if (foreign !== undefined) throw foreign;
    throw new NodeRefusedError(`deploy-root ${deployRoot} is not an installed release.`, {
      remedy: 'Give the folder that holds bin, lib and releases of the installed release.',
      cause: error,
    });
  }
}

/** Whether any emulator runs from an installed root. */
export async function anyNodeRuns(root: string): Promise<boolean> {
  return (await pidsOf(root)).length > 0;
}

/** The emulators that run from an installed root. */
export async function pidsOf(root: string): Promise<number[]> {
  return (await emulatorsOf(root)).map(({ pid }) => pid);
}

interface Emulator {
  readonly pid: number;
  readonly emulator: EmulatorArguments;
}

async function emulatorsOf(root: string): Promise<Emulator[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map((pid) => emulatorOf(pid, root)));
  return all.filter((emulator) => emulator !== undefined);
}

/** Processes come and go while we look, and those of other users show less: what cannot be read is not ours. */
async function emulatorOf(pid: number, root: string): Promise<Emulator | undefined> {
  const argv = await zeroSeparated(`/proc/${pid}/cmdline`).catch((): string[] => []);
  if (!argv.includes('-root') && !argv.includes('-boot')) return undefined;
  const emulator = parseEmulatorArguments(argv);
  if (!runsRelease(emulator) || !(await isBeam(pid))) return undefined;
  return (await startedFrom(pid, emulator, root)) ? { pid, emulator } : undefined;
}

async function isBeam(pid: number): Promise<boolean> {
  try {
    return basename(await readlink(`/proc/${pid}/exe`)).startsWith('beam');
  } catch (error) {
    // Another user's process: the arguments alone must do.
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}

async function startedFrom(pid: number, emulator: EmulatorArguments, root: string): Promise<boolean> {
  const releases = join(root, 'releases');
  if (emulator.root !== undefined && (await sameFolder(pid, emulator.root, root))) return true;
  if (emulator.boot === undefined) return false;
  const boot = dirname(emulator.boot);
  return boot.includes(`${sep}releases${sep}`) && sameFolder(pid, dirname(boot), releases);
}

/** A process in a container may have the same path but not the same folder, so device and inode are compared. */
async function sameFolder(pid: number, path: string, folder: string): Promise<boolean> {
  try {
    const [theirs, ours] = await Promise.all([stat(`/proc/${pid}/root${path}`), stat(folder)]);
    return theirs.dev === ours.dev && theirs.ino === ours.ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return false;
    return (await realpath(path).catch(() => undefined)) === folder;
  }
}

async function describe(deployRoot: string, { pid, emulator }: Emulator): Promise<NodeProcess> {
  const { nameFlag, nodeName } = emulator;
  if (nameFlag === undefined || nodeName === undefined) {
    throw new NodeRefusedError(
      `The node that runs from ${deployRoot} (process id ${pid}) has no name, so it cannot be reached.`,
      { remedy: 'Add -sname or -name to vm.args and start the release again.' },
    );
  }
  const { uid, gid } = await stat(`/proc/${pid}`);
  const environment = await environmentOf(pid, uid);
  return {
    pid,
    ...bootedBy(emulator),
    deployRoot,
    nameFlag,
    nodeName,
    cookie: emulator.cookie ?? (await cookieFromFile(emulator.home, environment, uid)),
    distribution: emulator.distribution,
    workingFolder: await workingFolder(pid, deployRoot),
    environment,
    uid,
    gid,
  };
}

function bootedBy({ boot }: EmulatorArguments): Pick<NodeProcess, 'booted'> {
  const folder = boot === undefined ? '' : dirname(boot);
  return basename(dirname(folder)) === 'releases' ? { booted: basename(folder) } : {};
}

/** That of a process in a container, or of a folder that is gone, does not exist for us. */
async function workingFolder(pid: number, deployRoot: string): Promise<string> {
  try {
    const folder = await readlink(`/proc/${pid}/cwd`);
    return (await stat(folder)).isDirectory() ? folder : deployRoot;
  } catch {
    return deployRoot;
  }
}

async function environmentOf(pid: number, uid: number): Promise<Record<string, string>> {
  try {
    const entries = await zeroSeparated(`/proc/${pid}/environ`);
    return Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    );
  } catch (error) {
    throw await foreignNode(`The environment of the node (process id ${pid})`, uid, error);
  }
}

/** As OTP looks for it: the home folder, then the user's configuration folder. */
async function cookieFromFile(
  home: string | undefined,
  environment: Readonly<Record<string, string>>,
  uid: number,
): Promise<string> {
  const homeDir = home ?? environment['HOME'] ?? '/';
  const configDir = environment['XDG_CONFIG_HOME'] ?? join(homeDir, '.config');
  const files = [join(homeDir, '.erlang.cookie'), join(configDir, 'erlang', '.erlang.cookie')];
  for (const file of files) {
    try {
      return (await readFile(file, 'utf8')).trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw await foreignNode(file, uid, error);
    }
  }
  throw new NodeRefusedError(
    `The node's cookie was not found: vm.args sets none, and ${files[0]} is missing.`,
    {
      remedy:
        'Set -setcookie in vm.args, or keep the cookie file in the home of the user that the node runs as.',
    },
  );
}

/** Text is UTF-8 as a rule, but a cookie may be anything; what is not UTF-8 is told byte by byte, as Erlang does. */
async function zeroSeparated(file: string): Promise<string[]> {
  const bytes = await readFile(file);
  const parts = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').split('\0');
  if (parts.at(-1) === '') parts.pop();
  return parts;
}
