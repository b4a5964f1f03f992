import { NodeRefusedError } from '../../shared/errors.js';
import type { Finding } from '../../model/finding.js';
import { refuseUntrusted } from '../health/check-url.js';
import { DeployLock } from '../session/deploy-lock.js';
import { hostServiceFindings } from './host-services.js';
import { Journal } from '../session/journal.js';
import { checkAccess } from './node-access.js';
import { checkRunningRelease, checkVersionText, SYSTEM_CHECKS, type NodeCheck } from './node-check.js';
import { readNodeState } from '../../node/node-state.js';
import type { NodeSnapshot } from '../../model/node.js';
import { Obstacles } from './obstacles.js';
import { checkFilesInTheWay, checkPackage, checkSpace, checkWayBack } from './package-checks.js';
import { checkOldCode, checkTrees } from './process-checks.js';
import { checkSyncNodes } from './sync-nodes.js';
import { checkAnswering } from '../health/suspensions.js';
import type { NodeContext } from '../../node/node-context.js';
import { configLostByDowngrade } from '../../node/release-handler.js';

export interface PreflightOptions {
  /** What a failed upgrade leads to: `downgrade` needs a way back. */
  readonly onFailure: 'downgrade' | 'leave';
  /** Receives what people should know although it is no obstacle. */
  readonly findings: Finding[];
  /** The address of the health check, if there is one. */
  readonly checkUrl?: string | undefined;
}

/**
 * Everything that can be known before anything is changed (H68).
 *
 * @throws {ActionError} with every obstacle that was found, not only the first
 */
export function checkBefore(context: NodeContext, options: PreflightOptions): Promise<NodeCheck> {
  return checkAll(context, options, new Obstacles());
}

/** The same for a dry run: another deploy at work, or one that was not finished, stands against this one, too. */
export async function checkWithoutChange(
  context: NodeContext,
  options: PreflightOptions,
): Promise<NodeCheck> {
  const obstacles = new Obstacles();
  await obstacles.check(() => checkOtherDeploys(context.deployRoot));
  return checkAll(context, options, obstacles);
}

/** Another deploy at work, or one that was not finished. @throws {NodeRefusedError} */
export async function checkOtherDeploys(deployRoot: string): Promise<void> {
  const holder = await DeployLock.holder(deployRoot);
  if (holder !== undefined) throw new NodeRefusedError(`The node is being changed: ${holder}.`);
  const unfinished = await Journal.unfinishedIn(deployRoot);
  if (unfinished === undefined) return;
  throw new NodeRefusedError(`An earlier deploy of ${unfinished.version} to this node was not finished.`, {
    remedy:
      'Run its step again, without dry-run: it finishes or undoes that deploy. Everything else is checked after that.',
  });
}

async function checkAll(
  context: NodeContext,
  options: PreflightOptions,
  obstacles: Obstacles,
): Promise<NodeCheck> {
  checkVersionText(context.manifest);
  const hasPackage = context.upgradePackage.path !== '';
  const isGood = hasPackage ? await obstacles.check(() => checkPackage(context).then(() => true)) : true;
  const snapshot = await obstacles.check(() => readNodeState(context.control));
  const check = snapshot && (await checkNode(context, snapshot, obstacles));
  if (check !== undefined && isGood === true) {
    if (hasPackage)
      await obstacles.check(() => checkFilesInTheWay(context, check.runs, check.newStatus !== undefined));
    if (check.runs !== context.manifest.version) await checkChange({ context, check, options, obstacles });
  }
  return obstacles.without(check);
}

async function checkNode(
  { manifest }: NodeContext,
  snapshot: NodeSnapshot,
  obstacles: Obstacles,
): Promise<NodeCheck | undefined> {
  for (const check of SYSTEM_CHECKS) await obstacles.check(() => check(manifest, snapshot));
  if (snapshot.releases === null) return undefined;
  return obstacles.check(() => checkRunningRelease(manifest, snapshot));
}

/** What stands against changing the node, once it is known that the package is for it. */
async function checkChange({
  context,
  check,
  options,
  obstacles,
}: {
  readonly context: NodeContext;
  readonly check: NodeCheck;
  readonly options: PreflightOptions;
  readonly obstacles: Obstacles;
}): Promise<void> {
  const { onFailure, findings, checkUrl = '' } = options;
  const { snapshot, runs } = check;
  const { deployRoot, upgradePackage } = context;
  if (upgradePackage.path !== '') await obstacles.check(() => checkSpace(deployRoot, upgradePackage));
  await obstacles.check(() => checkAccess(context));
  await obstacles.check(() => checkSyncNodes(context, runs));
  await obstacles.check(() => refuseUntrusted(checkUrl));
  if (onFailure === 'downgrade') {
    await obstacles.check(() => checkWayBack(context, runs));
    findings.push(...((await obstacles.check(() => wayBackFindings(context, runs))) ?? []));
  }
  const walked = await obstacles.check(() => checkTrees(context).then(() => true));
  if (walked === true) await obstacles.check(() => checkAnswering(context, runs));
  findings.push(...((await obstacles.check(() => checkOldCode(context, snapshot, runs))) ?? []));
  findings.push(...(await hostServiceFindings()));
}

async function wayBackFindings(context: NodeContext, runs: string): Promise<Finding[]> {
  const lost = await configLostByDowngrade(context, runs);
  return lost === undefined ? [] : [lost];
}
