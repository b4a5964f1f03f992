import { info } from '@actions/core';
import type { Erlang } from '../programs/erlang.js';
import { errorMessage } from '../shared/errors.js';
import { controlNode } from '../node/control.js';
import { DeployError, type NodeState } from '../node/deploy-error.js';
import type { DeployManifest, DeployPackage } from '../node/deploy-input.js';
import { DeploySession } from '../node/deploy-session.js';
import { checkNode, type NodeCheck } from '../node/node-check.js';
import { findNode } from '../node/node-process.js';
import { readNodeState, releasesText, type HandlerRelease, type NodeSnapshot } from '../node/node-state.js';
import { isPermanent } from '../node/permanent.js';
import type { NodeContext, UpgradeContext } from '../node/upgrade-context.js';
import { finishUpgrade } from './deploy/finish.js';
import { hints } from './deploy/hints.js';
import { installUpgrade } from './deploy/install.js';
import { attemptOf, prepareUpgrade } from './deploy/prepare.js';
import { settleEarlier } from './deploy/resume.js';

export { DeployError, type NodeState } from '../node/deploy-error.js';
export type { DeployManifest, DeployPackage } from '../node/deploy-input.js';

export interface DeployOptions {
  readonly erlang: Erlang;
  /** Folder of the installed release (with bin, lib, releases) that a node runs from. */
  readonly deployRoot: string;
  readonly upgradePackage: DeployPackage;
  readonly manifest: DeployManifest;
  /** A private folder (0700) for request files and copies; the caller removes it. */
  readonly privateFolder: string;
  /** How long one step of release_handler may take; default 300. */
  readonly stepSeconds?: number;
  /** How long a node that gave no answer is watched; default 120. */
  readonly watchSeconds?: number;
  /** How long another deploy that is at work on the node is waited for; default 120. */
  readonly lockSeconds?: number;
  /** Aborted, with the signal's name, when the job is cancelled: the step at work is finished, and nothing more begun. */
  readonly cancel?: AbortSignal;
}

/** A node before or after, as far as a report needs it. */
export interface NodeSummary {
  readonly node: string;
  readonly osPid: string;
  /** When the emulator was started, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly releases: readonly HandlerRelease[];
}

export interface DeployResult {
  /** Release version. */
  readonly deployedVersion: string;
  readonly nodeState: NodeState;
  readonly before: NodeSummary;
  readonly after: NodeSummary;
}

/**
 * Upgrades the node that runs from an installed release, and makes the new release permanent. What an earlier run of it
 * left unfinished is finished or taken back first.
 *
 * @throws {NodeRefusedError} when a check fails; nothing was changed then.
 * @throws {DeployError} for anything later; its `nodeState` and its message tell in which state the node is.
 */
export async function deployRelease(options: DeployOptions): Promise<DeployResult> {
  const context = await contextOf(options);
  const { name, version } = options.manifest;
  const session = await DeploySession.open({
    deployRoot: context.deployRoot,
    owner: context.node,
    what: `${name} ${version}`,
    waitSeconds: options.lockSeconds ?? 120,
    cancel: options.cancel,
  });
  try {
    return await deploy({ ...context, session });
  } finally {
    await session.close();
  }
}

async function contextOf(options: DeployOptions): Promise<NodeContext> {
  const { erlang, privateFolder, stepSeconds = 300, watchSeconds = 120 } = options;
  const node = await findNode(options.deployRoot);
  const control = controlNode(erlang, node, privateFolder);
  return { ...options, deployRoot: node.deployRoot, node, control, stepSeconds, watchSeconds };
}

async function deploy(context: UpgradeContext): Promise<DeployResult> {
  const { manifest, session } = context;
  await settleEarlier(context);
  const check = await checkNode(context, await readNodeState(context.control));
  const { snapshot: before, runs } = check;
  info(`Node ${before.node} (process id ${before.osPid}) runs ${manifest.name} ${runs}, by code.`);
  if (runs === manifest.version) info(`${runs} is installed already.`);
  session.stopIfCancelled();
  const after = await upgrade(context, check);
  info(`Releases before: ${releasesText(before.releases)}; after: ${releasesText(after.releases)}.`);
  return {
    deployedVersion: manifest.version,
    nodeState: 'upgraded',
    before: summary(before),
    after: summary(after),
  };
}

async function upgrade(context: UpgradeContext, check: NodeCheck): Promise<NodeSnapshot> {
  const { session, manifest } = context;
  try {
    if (check.runs !== manifest.version) {
      await installUpgrade(context, check, await prepareUpgrade(context, check));
    } else if (session.journal.unfinished === undefined) {
      if (await isPermanent(context)) return check.snapshot;
      await session.begin(await attemptOf(context, check));
    }
    stopBeforePermanent(context);
    const after = await finishUpgrade(context, check.snapshot);
    await session.end('upgraded');
    return after;
  } catch (error) {
    if (error instanceof DeployError) throw error;
    throw new DeployError(errorMessage(error), 'unknown', { ...hints(error), cause: error });
  }
}

function stopBeforePermanent({ session, manifest }: UpgradeContext): void {
  try {
    session.stopIfCancelled();
  } catch (cause) {
    throw new DeployError(
      `${errorMessage(cause)} The node runs ${manifest.version}, but its next start boots the release before it.`,
      'installed-not-permanent',
      { remedy: 'Run this step again: it goes on from here. Or restart the node to go back.', cause },
    );
  }
}

function summary({ node, osPid, startedAt, releases }: NodeSnapshot): NodeSummary {
  return { node, osPid, startedAt, releases: releases ?? [] };
}
