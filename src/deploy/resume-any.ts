import { info } from '@actions/core';
import { isDeployOf, type Attempt, type DeployResult, type NodeState } from '../model/deploy.js';
import { runAfter } from './commands/around.js';
import { DeployError } from './deploy-error.js';
import { upgradeContext } from './deploy-hot.js';
import { resumePlaced } from './place/resume-placed.js';
import { settleEarlier } from './resume.js';
import type { DeploySession } from './session/deploy-session.js';
import { contextOf, placeOf, type Site } from './site.js';
import { describeInstalled } from './look.js';

/**
 * Finishes what an earlier deploy left, or takes it back, whichever way it went.
 *
 * @returns the result when this deploy is done with that
 * @throws {DeployError}
 */
export async function finishEarlier(
  site: Site,
  session: DeploySession,
): Promise<Omit<DeployResult, 'record'> | undefined> {
  const { unfinished: attempt, last } = session.journal;
  if (attempt === undefined) return undefined;
  if (last?.step === 'after') return afterAgain(site, session, { attempt, nodeState: last.nodeState });
  if (attempt.way === 'install' || attempt.way === 'restart') return resumeIt(site, session, attempt);
  const context = await contextOf(site);
  try {
    await settleEarlier(upgradeContext(context, session), site.plan.health);
    return undefined;
  } finally {
    context.control.close();
  }
}

const SUCCEEDED: readonly NodeState[] = ['upgraded', 'installed', 'restarted'];

/** Only the user's command was left. */
async function afterAgain(
  site: Site,
  session: DeploySession,
  { attempt, nodeState }: { readonly attempt: Attempt; readonly nodeState: NodeState },
): Promise<Omit<DeployResult, 'record'> | undefined> {
  info(`Of an earlier deploy of ${attempt.version} (${nodeState}) the \`after\` command was left to run.`);
  const { name, version, from: upFrom } = attempt;
  const facts = { root: site.deployRoot, name, version, upFrom, nodeState };
  const failure = await runAfter(session, site.commands, facts);
  if (failure !== undefined) {
    const error = new DeployError(failure.message, nodeState, { remedy: failure.remedy, cause: failure });
    error.isAfter = true;
    throw error;
  }
  if (session.journal.last?.step === 'after') await session.endWhole(nodeState);
  const succeeded =
    SUCCEEDED.includes(nodeState) || (attempt.goesBack === true && nodeState === 'downgraded');
  return succeeded && isSame(site, attempt) ? { deployedVersion: version, nodeState } : undefined;
}

async function resumeIt(
  site: Site,
  session: DeploySession,
  attempt: Attempt,
): Promise<Omit<DeployResult, 'record'> | undefined> {
  const { from: version, fromErts: erts } = attempt;
  const old = erts === undefined ? undefined : await describeInstalled(site, { version, erts });
  const placing = { place: placeOf(site, session), attempt, old };
  return resumePlaced(placing, isSame(site, attempt));
}

/** Whether it is this very deploy that was begun. */
function isSame({ options }: Site, attempt: Attempt): boolean {
  const { manifest, upgradePackage, fullPackage } = options;
  const packages = [
    upgradePackage?.sha256,
    fullPackage?.sha256,
    ...((fullPackage ?? upgradePackage) ? [] : ['']),
  ];
  return isDeployOf(attempt, manifest, packages);
}
