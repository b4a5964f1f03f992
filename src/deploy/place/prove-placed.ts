import type { NodeSnapshot } from '../../model/node.js';
import type { NodeContext } from '../../node/node-context.js';
import { ActionError } from '../../shared/errors.js';
import { forgetCrashes, watchCrashes } from '../health/crashes.js';
import { proveHealth, stageOf } from '../health/health.js';
import { crashFailure } from '../health/prove-upgrade.js';
import { CancelledError } from '../session/deploy-session.js';
import { wrongWith } from './came-up.js';
import type { Placing } from './placing.js';

/**
 * Whether the node that was started is healthy for long enough, always the same process: a service manager starts a release that
 * crashes again and again.
 *
 * @param booted the node when it had started
 * @throws {ActionError} why not
 */
export async function provePlaced(
  { place, attempt }: Placing,
  context: NodeContext,
  booted: NodeSnapshot,
): Promise<void> {
  const { manifest, plan, session } = place;
  const unwatched = await watchCrashes(context);
  if (unwatched !== undefined) session.findings.push(unwatched);
  const failure = await proveHealth({
    context,
    input: plan.health,
    stage: stageOf(context, 'health', attempt.from),
    verify: (now) => [...wrongWith(now, manifest), ...restartedSince(booted, now)],
    stopIfCancelled: () => session.stopIfCancelled(),
  }).catch(asFailure);
  const crash = failure ?? (await crashFailure(context, session, plan.health.onCrash).catch(asFailure));
  await forgetCrashes(context);
  if (crash !== undefined) throw crash;
}

function restartedSince(booted: NodeSnapshot, now: NodeSnapshot): string[] {
  return now.instance === booted.instance && now.osPid === booted.osPid
    ? []
    : [`been started again meanwhile (process id ${booted.osPid}, now ${now.osPid})`];
}

/** Whatever keeps us from looking at a node that was just started: nothing says that it is healthy. */
function asFailure(error: unknown): ActionError {
  if (error instanceof CancelledError || !(error instanceof ActionError)) throw error;
  return error;
}
