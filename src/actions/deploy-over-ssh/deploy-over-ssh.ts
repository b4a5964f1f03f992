import { info, saveState } from '@actions/core';
import { randomBytes } from 'node:crypto';
import type { DeployResult } from '../../model/deploy.js';
import { Ssh } from '../../programs/ssh.js';
import type { SshAddress } from '../../programs/ssh-address.js';
import { errorMessage } from '../../shared/errors.js';
import type { Workspace } from '../../shared/workspace.js';
import { resultOf } from '../deploy-as-user/hand-over.js';
import type { DeployRequest } from '../deploy-request.js';
import { writeParcel } from './parcel.js';
import { perform } from './perform.js';
import { Target } from './target.js';

/** The input `ssh`, with what it needs. */
export interface OverSsh {
  readonly address: SshAddress;
  /** Lines as in a known_hosts file. */
  readonly knownHosts: string;
}

/**
 * Does the deploy on another machine: all that it needs is brought into a private folder there, this action and the package
 * included, and its answer comes back. Nothing of the runner's environment goes with it.
 *
 * @throws {NodeRefusedError} when the machine cannot be reached or lacks something; nothing was changed then
 * @throws {DeployError} as `deployRelease`; also when the connection broke meanwhile
 */
export async function deployOverSsh(
  { address, knownHosts }: OverSsh,
  request: DeployRequest,
  workspace: Workspace,
): Promise<DeployResult> {
  const ssh = await Ssh.prepare(address, knownHosts, await workspace.folder('ssh'));
  info(`On ${ssh.name}:`);
  const target = await Target.examine(ssh);
  saveState('over-ssh', JSON.stringify({ address, knownHosts, folder: target.folder }));
  let outcome: string | undefined;
  try {
    const word = randomBytes(16).toString('hex');
    const node = target.node === undefined ? process.execPath : undefined;
    await target.bring(await writeParcel({ request, word, node }, await workspace.folder('parcel')));
    outcome = await perform(target, word);
  } finally {
    // It removes itself when it has answered, and also when it lost us.
    if (outcome !== undefined || (await removed(target))) saveState('over-ssh', '');
  }
  return resultOf(outcome);
}

/** When it cannot be done now, the post step tries again. */
async function removed(target: Target): Promise<boolean> {
  return target.remove().then(
    () => true,
    (error: unknown) => {
      info(`The folder ${target.folder} on ${target.name} is not removed yet: ${errorMessage(error)}`);
      return false;
    },
  );
}
