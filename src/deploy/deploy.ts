import { group, info } from '@actions/core';
import type { DeployManifest, DeployPackage } from '../model/deploy-input.js';
import type { DeployResult, NodeSummary } from '../model/deploy.js';
import type { Finding } from '../model/finding.js';
import type { NodeSnapshot } from '../model/node.js';
import { releasesText } from '../model/node.js';
import { controlNode } from '../node/control.js';
import type { NodeContext } from '../node/node-context.js';
import { findNode } from '../node/node-process.js';
import type { Erlang } from '../programs/erlang.js';
import { errorMessage } from '../shared/errors.js';
import { hints } from '../shared/hints.js';
import { DeployError } from './deploy-error.js';
import { forgetCrashes, watchCrashes } from './health/crashes.js';
import type { HealthOptions } from './health/until-healthy.js';
import type { NodeCheck } from './preflight/node-check.js';
import { checkBefore, checkWithoutChange } from './preflight/preflight.js';
import { settleEarlier } from './resume.js';
import { DeploySession } from './session/deploy-session.js';
import type { UpgradeContext } from './upgrade-context.js';
import { type PhaseRunner, upgradeNode, type UpgradePlan } from './upgrade-node.js';

export interface DeployOptions {
  readonly erlang: Erlang;
  /** Folder of the installed release (with bin, lib, releases) that a node runs from. */
  readonly deployRoot: string;
  readonly upgradePackage: DeployPackage;
  readonly manifest: DeployManifest;
  /** A private folder (0700) for request files and copies; the caller removes it. */
  readonly privateFolder: string;
  /** How the node is found healthy between installation and making permanent. */
  readonly health?: HealthOptions;
  /** Where the user's health check runs; default: the current folder. */
  readonly cwd?: string;
  /** What becomes of a new release that does not run as it should, or is not healthy; default `downgrade`. */
  readonly onFailure?: 'downgrade' | 'leave';
  /** What a crash of a process between installation and making permanent means; default `fail`: not healthy. */
  readonly onCrash?: 'fail' | 'warn';
  /** How many releases stay installed after a success, the new one included; default 3. */
  readonly keepReleases?: number;
  /** What the service will be started with; added to, and preferred to, the environment of the node's process (H119). */
  readonly serviceEnvironment?: Readonly<Record<string, string>>;
  /** Only tells whether the node can be upgraded, and if not, why. */
  readonly dryRun?: boolean;
  /** How long one step of release_handler may take, in seconds; default 300. */
  readonly stepSeconds?: number;
  /** How long a node that gave no answer is watched; default 120. */
  readonly watchSeconds?: number;
  /** How long another deploy that is at work on the node is waited for; default 120. */
  readonly lockSeconds?: number;
  /** Aborted, with the signal's name, when the job is cancelled: the step at work is finished, and nothing more begun. */
  readonly cancel?: AbortSignal;
  /** Runs each part of the deploy; default: in a log group. */
  readonly phase?: PhaseRunner;
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
  try {
    return await (options.dryRun === true ? dryRun(context, options) : inSession(context, options));
  } finally {
    context.control.close();
  }
}

async function contextOf(options: DeployOptions): Promise<NodeContext> {
  const { erlang, privateFolder, stepSeconds = 300, watchSeconds = 120 } = options;
  const found = await findNode(options.deployRoot);
  const node = { ...found, environment: { ...found.environment, ...options.serviceEnvironment } };
  const { manifest } = options;
  const control = controlNode({ erlang, node, privateFolder, releases: [manifest, ...manifest.upFrom] });
  const { deployRoot } = node;
  return { ...options, deployRoot, node, control, stepSeconds, watchSeconds };
}

/** Can this node be upgraded, and if not, why (all reasons)? Nothing is changed. */
async function dryRun(
  context: NodeContext,
  { manifest, onFailure = 'downgrade', health }: DeployOptions,
): Promise<DeployResult> {
  const findings: Finding[] = [];
  const { snapshot, runs } = await checkWithoutChange(context, {
    onFailure,
    findings,
    checkUrl: health?.checkUrl,
  });
  info(
    runs === manifest.version
      ? `The node runs ${manifest.name} ${runs} already.`
      : `The node can be upgraded from ${runs} to ${manifest.version}.`,
  );
  const node = summary(snapshot);
  const record = { findings, journal: [] };
  return { deployedVersion: runs, nodeState: 'untouched', before: node, after: node, record };
}

async function inSession(context: NodeContext, options: DeployOptions): Promise<DeployResult> {
  const { name, version } = options.manifest;
  const { lockSeconds = 120, cancel } = options;
  const session = await DeploySession.open({
    deployRoot: context.deployRoot,
    owner: context.node,
    what: `${name} ${version}`,
    waitSeconds: lockSeconds,
    cancel,
  });
  const record = () => ({ findings: session.findings, journal: session.journal.entries });
  try {
    return {
      ...(await deploy({ ...context, session, installBegan: () => session.installBegan }, planOf(options))),
      record: record(),
    };
  } catch (error) {
    if (error instanceof DeployError) error.record = record();
    throw error;
  } finally {
    await session.close();
  }
}

function planOf(options: DeployOptions): UpgradePlan {
  const {
    health = {},
    cwd = process.cwd(),
    onCrash = 'fail',
    onFailure = 'downgrade',
    keepReleases = 3,
    phase = group,
  } = options;
  return { health: { ...health, cwd, onCrash }, onFailure, keepReleases, phase };
}

async function deploy(context: UpgradeContext, plan: UpgradePlan): Promise<Omit<DeployResult, 'record'>> {
  const { manifest } = context;
  if (context.session.journal.unfinished !== undefined) {
    await plan.phase('Deploy: earlier deploy', () => settleEarlier(context, plan.health));
  }
  const check = await plan.phase('Deploy: preflight', () => preflight(context, plan));
  const { snapshot: before } = check;
  const unwatched = await watchCrashes(context);
  if (unwatched !== undefined) context.session.findings.push(unwatched);
  const after = await upgrade(context, check, plan).finally(() => forgetCrashes(context));
  info(`Releases before: ${releasesText(before.releases)}; after: ${releasesText(after.releases)}.`);
  return {
    deployedVersion: manifest.version,
    nodeState: 'upgraded',
    before: summary(before),
    after: summary(after),
  };
}

async function preflight(context: UpgradeContext, { onFailure, health }: UpgradePlan): Promise<NodeCheck> {
  const { manifest, session } = context;
  const check = await checkBefore(context, {
    onFailure,
    findings: session.findings,
    checkUrl: health.checkUrl,
  });
  const { snapshot, runs } = check;
  info(`Node ${snapshot.node} (process id ${snapshot.osPid}) runs ${manifest.name} ${runs}, by code.`);
  if (runs === manifest.version) info(`${runs} is installed already.`);
  session.stopIfCancelled();
  return check;
}

async function upgrade(context: UpgradeContext, check: NodeCheck, plan: UpgradePlan): Promise<NodeSnapshot> {
  try {
    return await upgradeNode(context, check, plan);
  } catch (error) {
    if (error instanceof DeployError) throw error;
    const state = context.session.journal.has('installed') ? 'installed-not-permanent' : 'unknown';
    throw new DeployError(errorMessage(error), state, { ...hints(error), cause: error });
  }
}

function summary({ node, osPid, startedAt, releases }: NodeSnapshot): NodeSummary {
  return { node, osPid, startedAt, releases: releases ?? [] };
}
