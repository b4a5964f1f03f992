import { info } from '@actions/core';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcessesBelow } from '../../programs/processes.js';
import type { OverSsh } from '../deploy-over-ssh/deploy-over-ssh.js';

/** Removes the workspace of a run that was killed before it could, and ends what still works in it. */
export async function cleanUp(workspace: string): Promise<void> {
  if (!existsSync(workspace)) {
    info('Nothing to clean up.');
    return;
  }
  endProcessesBelow(workspace);
  await rm(workspace, { recursive: true, force: true, maxRetries: 3 });
  info(`Removed ${workspace}, which a cancelled run had left.`);
}

/**
 * Removes the folder on the machine that was deployed to over ssh, if the deploy there has not done that itself.
 *
 * @param state as `deployOverSsh` saved it
 */
export async function cleanUpOverSsh(state: string): Promise<void> {
  const { address, knownHosts, folder } = JSON.parse(state) as OverSsh & { folder: string };
  const { Ssh } = await import('../../programs/ssh.js');
  const { Target } = await import('../deploy-over-ssh/target.js');
  const own = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'relup-ssh-'));
  try {
    const target = Target.at(await Ssh.prepare(address, knownHosts, own), folder);
    await target.remove();
    info(`Removed ${folder} on ${target.name}, if a cancelled run had left it.`);
  } finally {
    await rm(own, { recursive: true });
  }
}

/**
 * Removes the folder that was handed over to the node's user, if that is still there. Its deploy, when we were killed, ends
 * the step at work first.
 *
 * @param state as `deployAsUser` saved it
 */
export async function cleanUpHandOver(state: string): Promise<void> {
  const { name, folder } = JSON.parse(state) as { name: string; folder: string };
  if (!existsSync(folder)) return;
  const { OtherUser } = await import('../../programs/other-user.js');
  await (await OtherUser.become(name)).remove(folder, 'pid');
  info(`Removed ${folder}, which a cancelled run had left.`);
}
