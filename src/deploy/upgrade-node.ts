import type { Attempt } from '../model/deploy.js';
import type { NodeSnapshot } from '../model/node.js';
import { runningRelease } from '../model/node.js';
import { NodeEndedError } from '../node/node-end.js';
import { readNodeState } from '../node/node-state.js';
import { isPermanent } from '../node/permanent.js';
import { ActionError, errorMessage } from '../shared/errors.js';
import { hints } from '../shared/hints.js';
import type { Commands } from './commands/commands.js';
import { DeployError } from './deploy-error.js';
import { downgrade } from './downgrade.js';
import { finishUpgrade } from './finish-upgrade.js';
import type { HealthInput } from './health/health.js';
import { proveUpgrade } from './health/prove-upgrade.js';
import { installUpgrade } from './install.js';
import { keepManifest } from './versions/kept-manifests.js';
import { noteDeployed } from './note-deployed.js';
import { removeOldReleases } from './old-releases.js';
import type { NodeCheck } from './preflight/node-check.js';
import { attemptOf, prepareUpgrade } from './prepare-upgrade.js';
import { CancelledError } from './session/deploy-session.js';
import type { UpgradeContext } from './upgrade-context.js';
import { unended } from '../shared/unended.js';

/** Runs a part of a deploy under its name. */
export type PhaseRunner = <T>(name: string, run: () => Promise<T>) => Promise<T>;

export interface UpgradePlan {
  readonly health: HealthInput;
  readonly onFailure: 'downgrade' | 'leave';
  /** How many releases stay installed after a success, the new one included. */
  readonly keepReleases: number;
  readonly phase: PhaseRunner;
  readonly commands: Commands;
}

/**
 * From a node that was checked to one that runs the new release for good: unpack, install, health, make permanent. Goes on
 * in the middle when the new release runs already.
 *
 * @returns the node afterwards
 * @throws {DeployError}
 */
export async function upgradeNode(
  context: UpgradeContext,
  check: NodeCheck,
  plan: UpgradePlan,
): Promise<NodeSnapshot> {
  const { session, manifest } = context;
  let attempt = session.journal.unfinished;
  if (check.runs !== manifest.version) {
    attempt = await plan.phase('Deploy: unpack', () => prepareUpgrade(context, check, plan.commands));
    await installOrGoBack({ context, check, attempt, plan });
  } else if (attempt === undefined) {
    if (isPermanentThere(check) && (await isPermanent(context))) {
      await noteDeployed(context, manifest.version);
      return check.snapshot;
    }
    attempt = await attemptOf(context, check);
    await session.begin(attempt);
  }
  if (!isPermanentThere(check) || check.runs !== manifest.version) {
    await healthyOrGoBack({ context, check, attempt, plan });
  }
  const { from } = attempt;
  const after = await plan.phase('Deploy: make permanent', () =>
    finishUpgrade(context, check.snapshot, from),
  );
  await noteDeployed(context, manifest.version);
  if (attempt.goesBack !== true) {
    await plan.phase('Deploy: old releases', () => removeOldReleases(context, plan.keepReleases));
    await keepManifest(session, context.deployRoot, manifest);
  }
  await session.end(attempt.goesBack === true ? 'downgraded' : 'upgraded');
  return readNodeState(context.control).catch(() => after);
}

function isPermanentThere({ snapshot }: NodeCheck): boolean {
  return runningRelease(snapshot.releases ?? [])?.status === 'permanent';
}

async function installOrGoBack({
  context,
  check,
  attempt,
  plan,
}: {
  readonly context: UpgradeContext;
  readonly check: NodeCheck;
  readonly attempt: Attempt;
  readonly plan: UpgradePlan;
}): Promise<void> {
  const { phase, onFailure, health } = plan;
  try {
    await phase('Deploy: install', () => installUpgrade(context, check, attempt));
  } catch (error) {
    const partly = error instanceof DeployError && error.nodeState === 'installed-not-permanent';
    if (!partly || onFailure === 'leave') throw error;
    throw await phase('Deploy: downgrade', () =>
      downgrade({ context, attempt, why: error.message, health, cause: error }),
    );
  }
}

async function healthyOrGoBack({
  context,
  check,
  attempt,
  plan,
}: {
  readonly context: UpgradeContext;
  readonly check: NodeCheck;
  readonly attempt: Attempt;
  readonly plan: UpgradePlan;
}): Promise<void> {
  const { phase, onFailure, health } = plan;
  const { snapshot } = check;
  const { manifest } = context;
  const failure = await phase('Deploy: health', () =>
    proveUpgrade({ context, before: snapshot, from: attempt.from, health }),
  ).catch((error: unknown) => {
    if (error instanceof CancelledError) throw stoppedNotPermanent(context, error);
    if (error instanceof NodeEndedError)
      throw new DeployError(error.message, 'unknown', { ...hints(error), cause: error });
    throw error;
  });
  if (failure === undefined) return;
  const why = `${manifest.version} is not healthy: ${unended(failure.message)}.`;
  const cause = new ActionError(why, { ...hints(failure), cause: failure });
  if (onFailure === 'leave') throw stoppedNotPermanent(context, cause);
  throw await phase('Deploy: downgrade', () => downgrade({ context, attempt, why, health, cause }));
}

/** The new release runs, and nothing more was done; the journal stays open. */
function stoppedNotPermanent({ manifest }: UpgradeContext, cause: ActionError): DeployError {
  return new DeployError(
    `${errorMessage(cause)} The node runs ${manifest.version}, but its next start boots the release before it.`,
    'installed-not-permanent',
    {
      remedy: 'Run this step again: it goes on from here. Or restart the node to go back.',
      ...hints(cause),
      cause,
    },
  );
}
