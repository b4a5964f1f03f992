import { info } from '@actions/core';
import type { DeployResult } from '../model/deploy.js';
import type { Finding } from '../model/finding.js';
import { runningRelease } from '../model/node.js';
import type { NodeContext } from '../node/node-context.js';
import { chosenWay, placeInput } from './deploy-by-way.js';
import { checkHot } from './deploy-hot.js';
import { lookAt } from './look.js';
import { summary } from './node-summary.js';
import { checkPlace } from './place/place-checks.js';
import { Obstacles } from './preflight/obstacles.js';
import { checkOtherDeploys, checkWithoutChange } from './preflight/preflight.js';
import type { Site } from './site.js';

/** Which way would the release go, and what stands against it (all reasons)? Nothing is changed. */
export async function dryRun(site: Site): Promise<DeployResult> {
  const { deployRoot } = site;
  const findings: Finding[] = [];
  const look = await lookAt(site);
  try {
    const { way, said } = chosenWay(site, look);
    const record = { findings, journal: [] };
    if (way === 'hot' && look.context !== undefined) {
      return { ...(await dryRunHot(site, look.context, findings)), way: said, dryRun: true, record };
    }
    const obstacles = new Obstacles();
    await obstacles.check(() => checkOtherDeploys(deployRoot));
    const { before } = await checkPlace(await placeInput(site, look, findings), obstacles);
    info('Nothing stands against it.');
    const node = before === undefined ? {} : { before: summary(before), after: summary(before) };
    return {
      deployedVersion: runningRelease(before?.releases ?? [])?.version ?? '',
      nodeState: 'untouched',
      ...node,
      ...{ way: said, dryRun: true, record },
    };
  } finally {
    look.context?.control.close();
  }
}

async function dryRunHot(
  site: Site,
  context: NodeContext,
  findings: Finding[],
): Promise<Omit<DeployResult, 'record'>> {
  const { options, plan } = site;
  const { manifest } = options;
  checkHot(site);
  const { checkUrl } = plan.health;
  const { snapshot, runs } = await checkWithoutChange(context, {
    onFailure: plan.onFailure,
    findings,
    checkUrl,
  });
  info(
    runs === manifest.version
      ? `The node runs ${manifest.name} ${runs} already.`
      : `The node can be upgraded from ${runs} to ${manifest.version}.`,
  );
  const node = summary(snapshot);
  return { deployedVersion: runs, nodeState: 'untouched', before: node, after: node };
}
