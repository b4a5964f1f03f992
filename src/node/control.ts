import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setSecret, warning } from '@actions/core';
import { NodeRefusedError } from '../shared/errors.js';
import { ErlangError } from '../programs/erlang-answer.js';
import type { Erlang } from '../programs/erlang.js';
import { ControlLostError, ControlSession } from './control-session.js';
import { CodeDigests } from './code-digests.js';
import type { NodeProcess } from './node-process.js';
import type { ReleaseApplication } from '../model/release.js';
import { exists } from '../shared/exists.js';

/** Our control process (design decision 6): a hidden node that is started by the first call and stays until `close`. */
export interface NodeControl {
  /**
   * Runs one operation of `src/erlang/relup_node.erl` on the node.
   *
   * @param timeoutSeconds how long the node may take; default 60.
   * @throws {ControlStartError} when the control process itself cannot run
   * @throws {ControlLostError} when it ended or hung; what changes nothing was asked twice then
   * @throws {ControlError} when the node cannot be reached, refuses, or does not answer in time.
   */
  call<T>(operation: string, args?: readonly string[], timeoutSeconds?: number): Promise<T>;
  /** How long was waited, in all, for control processes that were lost: no time of the node's. */
  lostMilliseconds(): number;
  /** Tells loaded code from other code, wherever both were compiled. */
  readonly code: CodeDigests;
  /** Ends the control process; a later call starts another one. It also ends with the action. */
  close(): void;
}

/** Why a node could not be asked, or what it answered instead; one sentence each. */
export class ControlError extends NodeRefusedError {
  constructor(
    /** Reason of `relup_control` (e.g. `wrong_cookie`) or of release_handler (e.g. `old_processes`). */
    readonly reason: string,
    error: ErlangError,
  ) {
    const remedy = REMEDIES[reason];
    super(error.message, {
      ...(remedy === undefined ? {} : { remedy }),
      ...(error.details === undefined ? {} : { details: error.details }),
      cause: error,
    });
  }

  /** Whether the node may go on with what it was asked: the answer was not waited for, or the way to it broke. */
  get leftUnknown(): boolean {
    return this.reason === 'timeout' || UNREACHABLE.includes(this.reason);
  }
}

/** Reasons for which the node was not, or no longer, reached; it may come back. */
const UNREACHABLE = [
  'connection_lost',
  'not_registered',
  'not_reachable',
  'no_answer',
  'epmd_gone',
  'unknown_host',
  'wrong_cookie',
  'wrong_cookie_or_host',
  'unusable_cookie',
];

const REMEDIES: Readonly<Record<string, string | undefined>> = {
  unusable_cookie:
    'Set a cookie of letters and digits with -setcookie in vm.args, and start the release again.',
  wrong_cookie:
    'Make vm.args (or the .erlang.cookie file of the user that the node runs as) hold the cookie it uses.',
  wrong_cookie_or_host:
    'Compare the cookie with that in vm.args (or the .erlang.cookie file of the user that the node runs as). If the machine was renamed, restart the node, so that it takes the new name.',
  epmd_gone:
    'Start it again as the user that the node runs as: epmd -daemon. The node registers again by itself.',
  unknown_host:
    'Make the host name resolve again, e.g. by a line in /etc/hosts; the node took it from there, or from -name in vm.args.',
  not_registered:
    'Check that the node is up; restart it if epmd was restarted and the node did not register again.',
  no_answer:
    'See the log of the node, and how loaded it is; nothing can be upgraded while it does not answer.',
  not_reachable:
    'Check that the -proto_dist, -epmd_module and TLS flags of vm.args allow connections from this host.',
  code_change:
    'See the log of the node, and how large the state of that process is; convert a large state bit by bit after the upgrade, or restart the process instead.',
  code_change_failed:
    'Its crash, or its answer, is in the details. It must take the state as it is on the node that runs, and answer {ok, NewState}.',
  old_processes: 'Wait until they are done, or make the appup purge them (purge: brutal).',
};

/** What the node does for them may have been done although no answer came; everything else can be asked again. */
const CHANGES = ['unpack', 'set-removed', 'install', 'remove-release', 'make-permanent', 'stop'];

/** Added to the node's own time, for starting our emulator and for connecting. */
const START_SECONDS = 30;

/**
 * Prepares to control a node. Its cookie is masked at once, before anything can print it.
 *
 * @param privateFolder a folder (0700) for the home and the request files of the control process.
 * @param releases whose code the node may run; what else it runs is looked up in its files.
 */
export function controlNode({
  erlang,
  node,
  privateFolder,
  releases = [],
}: {
  readonly erlang: Erlang;
  readonly node: NodeProcess;
  readonly privateFolder: string;
  readonly releases?: readonly { readonly applications: readonly ReleaseApplication[] }[];
}): NodeControl {
  maskCookie(node);
  let session: Promise<ControlSession> | undefined;
  const opened = async (): Promise<ControlSession> => {
    const current = session;
    const isOpen = (await current?.catch(ignore))?.isOpen;
    // another call may have opened one meanwhile
    if (isOpen !== true && session === current) session = openSession(erlang, node, privateFolder);
    return session as Promise<ControlSession>;
  };
  let lostMilliseconds = 0;
  const call = async <T>(operation: string, args: readonly string[], seconds: number): Promise<T> =>
    ask(await opened(), [String(seconds), operation, ...args], seconds + START_SECONDS);
  return {
    code: new CodeDigests(erlang, privateFolder, releases),
    call: <T>(operation: string, args: readonly string[] = [], seconds = 60) => {
      const begun = performance.now();
      return call<T>(operation, args, seconds).catch((error: unknown) => {
        if (!(error instanceof ControlLostError) || CHANGES.includes(operation)) throw error;
        lostMilliseconds += performance.now() - begun;
        return call<T>(operation, args, seconds);
      });
    },
    lostMilliseconds: () => lostMilliseconds,
    close: () => void session?.then((open) => void open.close(), ignore),
  };
}

/** What could not be started needs no closing. */
function ignore(): undefined {}

/** A masked text is lost from job outputs, too; a cookie that is the release's name is no secret, but the name is needed. */
function maskCookie({ cookie, environment }: NodeProcess): void {
  const publicNames = [environment['RELEASE_NAME'], environment['REL_NAME']];
  if (publicNames.includes(cookie)) {
    warning("The node's cookie is the name of its release, so whoever reaches its port controls it.");
  } else {
    setSecret(cookie);
  }
}

async function ask<T>(session: ControlSession, request: readonly string[], seconds: number): Promise<T> {
  try {
    return await session.ask<T>(request, seconds);
  } catch (error) {
    if (error instanceof ErlangError) throw new ControlError(error.reason, error);
    throw error;
  }
}

async function openSession(
  erlang: Erlang,
  node: NodeProcess,
  privateFolder: string,
): Promise<ControlSession> {
  const home = join(privateFolder, 'control');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const peer = join(home, randomUUID());
  await writeFile(peer, `${node.nodeName}\n${node.cookie}\n`, { mode: 0o600 });
  const flags = await distributionFlags(node);
  // Paths in these flags, and in the files that they name, are relative to where the node runs.
  const cwd = await flagsFolder(node);
  await erlang.ready();
  return new ControlSession((on) =>
    erlang.start('relup_session', [peer], { flags, env: environment(node, home), cwd, ...on }),
  );
}

/** `-setcookie none` keeps a cookie file from being made; the node's own cookie is set in the process, from the file. */
async function distributionFlags(node: NodeProcess): Promise<string[]> {
  const host = /@.*$/.exec(node.nodeName)?.[0] ?? '';
  const name = `ctl_${randomBytes(6).toString('hex')}${host}`;
  const startEpmd = node.distribution.includes('-start_epmd') ? [] : ['-start_epmd', 'false'];
  return [
    ...['-hidden', '-dist_listen', 'false', '-setcookie', 'none', node.nameFlag, name],
    ...startEpmd,
    ...node.distribution,
    ...(await releaseCode(node)),
  ];
}

/** A node may have changed its folder since it read its flags; the start script starts it in the installed root. */
async function flagsFolder({ distribution, workingFolder, deployRoot }: NodeProcess): Promise<string> {
  const files = distribution.filter((_, index) => distribution[index - 1] === '-ssl_dist_optfile');
  const holdsAll = async (folder: string): Promise<boolean> =>
    (await Promise.all(files.map((file) => exists(resolve(folder, file))))).every(Boolean);
  return !(await holdsAll(workingFolder)) && (await holdsAll(deployRoot)) ? deployRoot : workingFolder;
}

/** An epmd or distribution module of the release's own lies in the release. */
async function releaseCode(node: NodeProcess): Promise<string[]> {
  if (!node.distribution.some((flag) => flag === '-epmd_module' || flag === '-proto_dist')) return [];
  const lib = join(node.deployRoot, 'lib');
  const applications = await readdir(lib);
  return ['-pz', ...applications.map((application) => join(lib, application, 'ebin'))];
}

/** epmd is found as the node finds it. */
function environment(node: NodeProcess, home: string): Record<string, string | undefined> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: undefined,
    ERL_EPMD_PORT: node.environment['ERL_EPMD_PORT'],
    ERL_EPMD_ADDRESS: node.environment['ERL_EPMD_ADDRESS'],
  };
}
