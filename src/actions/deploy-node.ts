import { info } from '@actions/core';
import { userInfo } from 'node:os';
import { DeployError } from '../deploy/deploy-error.js';
import type { PhaseRunner } from '../deploy/upgrade-node.js';
import type { DeployResult } from '../model/deploy.js';
import { userToBecome } from '../node/node-owner.js';
import type { Erlang } from '../programs/erlang.js';
import { defined } from '../shared/optional.js';
import type { Workspace } from '../shared/workspace.js';
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
  const phase: PhaseRunner = (name, part) => run.phase(name, part);
  await noteDeploy(run, () => deployAsOwner(request, { workspace: run.workspace, phase }, erlang));
}

/** Notes what became of the node, also after a failure. */
export async function noteDeploy(run: Run, deploy: () => Promise<DeployResult>): Promise<void> {
  run.note(DEPLOY, { nodeState: 'untouched' });
  try {
    const deployed = await deploy();
    const { nodeState, record } = deployed;
    run.note(DEPLOY, { deployed, nodeState, ...record });
  } catch (error) {
    if (error instanceof DeployError) run.note(DEPLOY, { nodeState: error.nodeState, ...error.record });
    throw error;
  }
}

/** Does the deploy, as the user that the node belongs to. */
export async function deployAsOwner(
  request: DeployRequest,
  { workspace, phase }: { readonly workspace: Workspace; readonly phase?: PhaseRunner },
  erlang?: Erlang,
): Promise<DeployResult> {
  const { runAs, deployRoot } = request.inputs;
  const other = runAs === undefined || isOwn(runAs) ? await userToBecome(deployRoot) : runAs;
  if (other !== undefined) {
    info(`As user ${other}:`);
    return deployAsUser(other, request, workspace);
  }
  const privateFolder = await workspace.folder('deploy');
  return performDeploy({ request, privateFolder, ...defined({ erlang, phase }) });
}

function isOwn(user: string): boolean {
  return user === userInfo().username;
}
