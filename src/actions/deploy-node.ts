import { info } from '@actions/core';
import { userInfo } from 'node:os';
import { DeployError } from '../deploy/deploy-error.js';
import type { DeployResult } from '../model/deploy.js';
import { userToBecome } from '../node/node-owner.js';
import type { Erlang } from '../programs/erlang.js';
import { deployAsUser } from './deploy-as-user/deploy-as-user.js';
import { type DeployRequest, performDeploy } from './deploy-request.js';
import type { Run } from './run.js';

/** Under which name the run keeps what became of the node. */
export const DEPLOY = 'Deploy';

/**
 * Upgrades the node, as the user that it belongs to, and notes what became of it, also after a failure.
 *
 * @param erlang of the build; without one, the installed release's own emulator does the work.
 */
export async function deployNode(request: DeployRequest, run: Run, erlang?: Erlang): Promise<void> {
  run.note(DEPLOY, { nodeState: 'untouched' });
  try {
    const deployed = await deployAsOwner(request, run, erlang);
    const { nodeState, record } = deployed;
    run.note(DEPLOY, { deployed, nodeState, ...record });
  } catch (error) {
    if (error instanceof DeployError) run.note(DEPLOY, { nodeState: error.nodeState, ...error.record });
    throw error;
  }
}

async function deployAsOwner(
  request: DeployRequest,
  run: Run,
  erlang: Erlang | undefined,
): Promise<DeployResult> {
  const { runAs, deployRoot } = request.inputs;
  const { workspace } = run;
  const other = runAs === undefined || isOwn(runAs) ? await userToBecome(deployRoot) : runAs;
  if (other !== undefined) {
    info(`As user ${other}:`);
    return deployAsUser(other, request, workspace);
  }
  return performDeploy({
    request,
    erlang,
    privateFolder: await workspace.folder('deploy'),
    phase: (name, part) => run.phase(name, part),
  });
}

function isOwn(user: string): boolean {
  return user === userInfo().username;
}
