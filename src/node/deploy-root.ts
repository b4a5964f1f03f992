import { mkdir, readdir, stat } from 'node:fs/promises';
import { errorMessage, NodeRefusedError } from '../shared/errors.js';
import { explainFullDisk } from './durable-file.js';

/** What lies at a deploy root; whether what is there is an installed release is looked at elsewhere. */
export type RootState = 'missing' | 'empty' | 'installed';

/** The one folder that deploys themselves leave in an empty root. */
const OWN = '.relup-action';

/** Looks at a deploy root, also at one that may not be entered: that is somebody's, so it is not empty. */
export async function rootState(deployRoot: string): Promise<RootState> {
  try {
    const names = await readdir(deployRoot);
    return names.every((name) => name === OWN) ? 'empty' : 'installed';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'installed';
  }
}

/** Whom a deploy root belongs to; undefined when there is none. */
export async function rootOwner(
  deployRoot: string,
): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  return stat(deployRoot).catch(() => undefined);
}

/**
 * Makes the folder that a release is to be installed in, with the folders above it.
 *
 * @throws {NodeRefusedError} when the system does not let this user
 */
export async function makeRoot(deployRoot: string): Promise<void> {
  await mkdir(deployRoot, { recursive: true }).catch((cause: unknown) => {
    const error = explainFullDisk(cause, deployRoot, 'it cannot be made');
    if (error instanceof NodeRefusedError) throw error;
    throw new NodeRefusedError(`The deploy-root ${deployRoot} cannot be made: ${errorMessage(cause)}.`, {
      remedy: 'Make it, owned by the user of the service, before this step; or run the step as root.',
      cause,
    });
  });
}
