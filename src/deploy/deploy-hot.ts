import { info } from '@actions/core';
import type { DeployResult } from '../model/deploy.js';
import { releasesText, type NodeSnapshot } from '../model/node.js';
import type { NodeContext } from '../node/node-context.js';
import { ActionError, errorMessage } from '../shared/errors.js';
import { hints } from '../shared/hints.js';
import { DeployError } from './deploy-error.js';
import { checkDeployable } from './deployable.js';
import { forgetCrashes, watchCrashes } from './health/crashes.js';
import type { NodeCheck } from './preflight/node-check.js';
import { checkBefore } from './preflight/preflight.js';
import { summary } from './node-summary.js';
import type { DeploySession } from './session/deploy-session.js';
import type { Site } from './site.js';
import type { UpgradeContext } from './upgrade-context.js';
import { upgradeNode, type UpgradePlan } from './upgrade-node.js';

/** Upgrades the node that runs, and makes the new release permanent. */
export async function deployHot(
  site: Site,
  session: DeploySession,
  node: NodeContext,
): Promise<Omit<DeployResult, 'record'>> {
  const { options, plan } = site;
  checkHot(site);
  const context = upgradeContext(node, session);
  const check = await plan.phase('Deploy: preflight', () => preflight(context, plan));
  const { snapshot: before } = check;
  const unwatched = await watchCrashes(context);
  if (unwatched !== undefined) session.findings.push(unwatched);
  const after = await upgrade(context, check, plan).finally(() => forgetCrashes(context));
  info(`Releases before: ${releasesText(before.releases)}; after: ${releasesText(after.releases)}.`);
  return {
    deployedVersion: options.manifest.version,
    nodeState: options.goesBack === true ? 'downgraded' : 'upgraded',
    before: summary(before),
    after: summary(after),
  };
}

/** Only what a rehearsal has proven comes to a node that runs. @throws {ActionError} */
export function checkHot({ options: { manifest, upgradePackage, goesBack = false } }: Site): void {
  const { name, version, upgradeKind = 'hot', verdict = 'hot' } = manifest;
  checkDeployable({ name, version, upgradeKind, verdict });
  if (upgradePackage === undefined && !goesBack) {
    throw new ActionError(`The manifest of ${name} ${version} names no upgrade package.`);
  }
}

/** What the steps that change a running node share. */
export function upgradeContext(node: NodeContext, session: DeploySession): UpgradeContext {
  return { ...node, session, installBegan: () => session.installBegan };
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
