import { ControlError } from '../../node/control.js';
import { crashesText, readCrashes } from './crashes.js';
import { verifyRunningCode } from '../../node/release-handler.js';
import { forgetSuspensions } from './suspensions.js';
import type { NodeSnapshot } from '../../model/node.js';
import type { NodeContext } from '../../node/node-context.js';
import type { DeploySession } from '../session/deploy-session.js';
import type { UpgradeContext } from '../upgrade-context.js';
import { ActionError } from '../../shared/errors.js';
import { proveHealth, stageOf, type HealthInput } from './health.js';
import { leftOutFailure } from './left-out-processes.js';

/**
 * Whether the new release may be made permanent: nobody was left out of the upgrade, nobody crashed since it began, and it was
 * healthy for long enough.
 *
 * @param before what ran before the installation
 * @param from its release version
 * @returns why not; undefined when it may
 */
export async function proveUpgrade({
  context,
  before,
  from,
  health,
}: {
  readonly context: UpgradeContext;
  readonly before: Pick<NodeSnapshot, 'applications'>;
  readonly from: string;
  readonly health: HealthInput;
}): Promise<Error | undefined> {
  const { session, manifest } = context;
  const healthy = (): Promise<Error | undefined> =>
    proveHealth({
      context,
      input: health,
      stage: stageOf(context, 'health', from),
      verify: (now) => verifyRunningCode(before, now, manifest),
      stopIfCancelled: () => session.stopIfCancelled(),
    });
  const { onCrash = 'fail' } = health;
  const seen = async (): Promise<Error | undefined> =>
    (await leftOutFailure(context)) ?? (onCrash === 'fail' ? await crashed(context) : undefined);
  // a node that cannot be asked now may only be on its way back: its health tells
  const failure = (await seen().catch(unreachable)) ?? (await healthy()) ?? (await seen().catch(asFailure));
  if (failure !== undefined) return failure;
  if (onCrash === 'warn') await crashFailure(context, session, onCrash);
  await forgetSuspensions(context);
  return undefined;
}

/** Who crashed since it is watched: why the release is not healthy; only a finding for `warn`. */
export async function crashFailure(
  context: NodeContext,
  session: DeploySession,
  onCrash: HealthInput['onCrash'] = 'fail',
): Promise<ActionError | undefined> {
  const crash = await crashed(context);
  if (crash === undefined || onCrash === 'fail') return crash;
  session.findings.push({
    id: 'processes-crashed',
    severity: 'warning',
    message: `Since the installation began, ${crash.message}.`,
    remedy: 'See their crash reports in the log of the node.',
  });
  return undefined;
}

function unreachable(error: unknown): undefined {
  if (!(error instanceof ControlError)) throw error;
}

function asFailure(error: unknown): ControlError {
  if (!(error instanceof ControlError)) throw error;
  return error;
}

async function crashed(context: NodeContext): Promise<ActionError | undefined> {
  const crashes = await readCrashes(context);
  if (crashes.length === 0) return undefined;
  return new ActionError(crashesText(crashes), {
    remedy:
      'See their crash reports in the log of the node. If such crashes are nothing to go back for, set `on-crash: warn`.',
    details: crashes.join('\n'),
  });
}
