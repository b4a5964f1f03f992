import { info } from '@actions/core';
import { userInfo } from 'node:os';
import { userToBecome } from '../node/node-owner.js';
import { releaseEmulator } from '../node/release-emulator.js';
import { DeployError, type DeployRecord, type DeployResult } from '../phases/deploy.js';
import { interpretErlang, type Erlang } from '../programs/erlang.js';
import type { Facts } from '../report/facts.js';
import type { Workspace } from '../shared/workspace.js';
import { deployAsUser } from './deploy-as-user/deploy-as-user.js';
import { phase } from './phase.js';
import { performDeploy, type DeployRequest } from './deploy-request.js';

/**
 * Upgrades the node, as the user that it belongs to, and notes what became of it, also after a failure.
 *
 * @param erlang of the build; without one, the installed release's own emulator does the work.
 */
export async function deployNode(
  request: DeployRequest,
  facts: Facts,
  workspace: Workspace,
  erlang?: Erlang,
): Promise<void> {
  facts.nodeState = 'untouched';
  try {
    facts.deployed = await deployAsOwner(request, facts, workspace, erlang);
    facts.nodeState = facts.deployed.nodeState;
    noteRecord(facts, facts.deployed.record);
  } catch (error) {
    if (error instanceof DeployError) {
      facts.nodeState = error.nodeState;
      noteRecord(facts, error.record);
    }
    throw error;
  }
}

function noteRecord(facts: Facts, record: DeployRecord | undefined): void {
  if (record === undefined) return;
  facts.findings.push(...record.findings);
  facts.journal = record.journal;
}

async function deployAsOwner(
  request: DeployRequest,
  facts: Facts,
  workspace: Workspace,
  erlang: Erlang | undefined,
): Promise<DeployResult> {
  const { runAs, deployRoot } = request.inputs;
  const other = runAs === undefined || isOwn(runAs) ? await userToBecome(deployRoot) : runAs;
  if (other !== undefined) {
    info(`As user ${other}:`);
    return deployAsUser(other, request, workspace);
  }
  const privateFolder = await workspace.folder('deploy');
  const own = erlang ?? (await interpreted(request, workspace));
  return performDeploy(request, own, privateFolder, (name, run) => phase(facts, name, run));
}

function isOwn(user: string): boolean {
  return user === userInfo().username;
}

async function interpreted({ inputs }: DeployRequest, workspace: Workspace): Promise<Erlang> {
  const emulator = await releaseEmulator(inputs.deployRoot, await workspace.folder('home'));
  return interpretErlang(await workspace.folder('erlang'), emulator);
}
