import { stat } from 'node:fs/promises';
import { userName } from '../programs/user-name.js';
import { NodeRefusedError } from '../shared/errors.js';

/** Something of a node's that this step may not read, because the node is another user's. */
export async function foreignNode(what: string, uid: number, cause: unknown): Promise<NodeRefusedError> {
  const [owner, own] = await Promise.all([userName(uid), ownName()]);
  return new NodeRefusedError(
    `${what} cannot be read: the node belongs to ${owner}, this step runs as ${own}.`,
    { remedy: `Set \`run-as: ${owner}\`, or run the deploying job as ${owner}.`, cause },
  );
}

/** An installed root that this step may not enter; undefined when that is not the reason of a failure. */
export async function foreignRoot(deployRoot: string, cause: unknown): Promise<NodeRefusedError | undefined> {
  if ((cause as NodeJS.ErrnoException).code !== 'EACCES') return undefined;
  const owner = await stat(deployRoot).then(
    ({ uid }) => userName(uid),
    () => 'another user',
  );
  return new NodeRefusedError(
    `deploy-root ${deployRoot} cannot be read: it belongs to ${owner}, this step runs as ${await ownName()}.`,
    {
      remedy: `Set \`run-as: ${owner}\` if the node runs as that user, or run the job as the node's user.`,
      cause,
    },
  );
}

function ownName(): Promise<string> {
  return userName(process.getuid?.() ?? 0);
}
