import { NodeRefusedError, type CommandFailedError } from '../shared/errors.js';
import { run } from './exec.js';

/** How programs are started as another user: what stands before their command line. */
export interface Becoming {
  readonly prefix: readonly string[];
  /** The program that does it. */
  readonly by: 'sudo' | 'setpriv';
  /** How messages name the user. */
  readonly name: string;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * By sudo, which asks for no password and for no terminal: it may, or it fails. Root needs no leave: it gives up its own rights
 * for good, and hands on nothing of its environment, as sudo does.
 *
 * @param name as `run-as` has it, or `#<user id>:<group id>` for a user without a name
 * @throws {NodeRefusedError} when root is to become nobody that the machine knows
 */
export async function becoming(name: string): Promise<Becoming> {
  if (process.getuid?.() !== 0) return { prefix: ['sudo', '-n', '-u', name, '--'], by: 'sudo', name };
  const { ids, groups, shown } = await identity(name);
  const flags = [`--reuid=${ids.uid}`, `--regid=${ids.gid}`, groups, '--inh-caps=-all'];
  const prefix = ['env', '-i', PATH, 'LANG=C.UTF-8', 'setpriv', ...flags, '--'];
  return { prefix, by: 'setpriv', name: shown };
}

interface Identity {
  readonly ids: { readonly uid: string; readonly gid: string };
  readonly groups: '--init-groups' | '--clear-groups';
  readonly shown: string;
}

async function identity(name: string): Promise<Identity> {
  const [, uid, gid] = /^#(\d+):(\d+)$/.exec(name) ?? [];
  if (uid !== undefined && gid !== undefined) {
    return { ids: { uid, gid }, groups: '--clear-groups', shown: `user id ${uid}` };
  }
  const { stdout } = await run('getent', ['passwd', name], { okCodes: [0, 2], timeoutSeconds: 30 });
  const [, , theirUid, theirGid] = stdout.trim().split(':');
  if (theirUid === undefined || theirGid === undefined) {
    throw new NodeRefusedError(`This machine knows no user ${name}, so this step cannot become that user.`, {
      remedy: 'Write the name of the user that the node runs as into `run-as`.',
    });
  }
  return { ids: { uid: theirUid, gid: theirGid }, groups: '--init-groups', shown: name };
}

/** Why it cannot be done. */
export function cannotBecome(
  { name, by }: Becoming,
  own: string,
  cause: CommandFailedError,
): NodeRefusedError {
  if (cause.end.kind === 'not-started' || cause.exitCode === 127) {
    return new NodeRefusedError(`This step runs as ${own} and cannot become ${name}: there is no ${by}.`, {
      remedy:
        by === 'sudo'
          ? `Install sudo and allow it, or run the job as ${name}.`
          : `Install setpriv (package util-linux), or run the job as ${name}.`,
      cause,
    });
  }
  if (by === 'setpriv') {
    return new NodeRefusedError(`This step runs as ${own}, but the system does not let it become ${name}.`, {
      remedy: `Run the job as ${name}, or leave its container the capabilities SETUID and SETGID.`,
      details: cause.details,
      cause,
    });
  }
  return new NodeRefusedError(`sudo does not let ${own} run programs as ${name} without a password.`, {
    remedy: `Allow it with a line in /etc/sudoers.d, written by visudo: ${own} ALL=(${name}) NOPASSWD: ALL`,
    details: cause.details,
    cause,
  });
}
