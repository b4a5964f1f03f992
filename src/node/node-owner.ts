import { realpath } from 'node:fs/promises';
import { userName } from '../programs/user-name.js';
import { rootOwner, rootState } from './deploy-root.js';
import { anyNodeRuns, nodeUser } from './node-process.js';

/**
 * Whom a step that runs as root must become before it reads or runs anything below deploy-root: all that lies there is the
 * node's user's, who could have root run another program as the release's emulator, or write through a link of theirs.
 *
 * Where no node runs, it is the user whom the folder belongs to.
 *
 * @returns a name for `OtherUser.become`; undefined when the step does not run as root, or the node does
 * @throws {NodeRefusedError} as `findNode`, without having opened a file of the node's
 */
export async function userToBecome(deployRoot: string): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = await ownerOf(deployRoot);
  if (uid === 0) return undefined;
  const name = await userName(uid);
  // users of a container have none here
  return name.includes(' ') ? `#${uid}:${gid}` : name;
}

async function ownerOf(deployRoot: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const isInstalled = (await rootState(deployRoot)) === 'installed';
  const owner = await rootOwner(deployRoot);
  if (isInstalled && (owner === undefined || (await anyNodeRuns(await realpath(deployRoot))))) {
    return nodeUser(deployRoot);
  }
  return owner ?? { uid: 0, gid: 0 };
}
