import { crashesText, forgetCrashes, readCrashes } from '../../node/crashes.js';
import { verifyRunningCode } from '../../node/upgrade.js';
import { forgetSuspensions } from '../../node/suspensions.js';
import type { NodeSnapshot } from '../../node/node-state.js';
import type { UpgradeContext } from '../../node/upgrade-context.js';
import { ActionError } from '../../shared/errors.js';
import { proveHealth, stageOf, type HealthInput } from './health.js';
import { leftOutFailure } from './left-out.js';

/**
 * Whether the new release may be made permanent: nobody was left out of the upgrade, nobody crashed since it began, and it was
 * healthy for long enough.
 *
 * @param before what ran before the installation
 * @param from its release version
 * @returns why not; undefined when it may
 */
export async function proveUpgrade(
  context: UpgradeContext,
  before: Pick<NodeSnapshot, 'applications'>,
  from: string,
  health: HealthInput,
): Promise<Error | undefined> {
  const { session, manifest } = context;
  const healthy = (): Promise<Error | undefined> =>
    proveHealth(
      context,
      health,
      stageOf(context, 'health', from),
      (now) => verifyRunningCode(before, now, manifest),
      () => session.stopIfCancelled(),
    );
  const { onCrash = 'fail' } = health;
  const early = (await leftOutFailure(context)) ?? (onCrash === 'fail' ? await crashed(context) : undefined);
  const failure = early ?? (await healthy());
  if (failure !== undefined) return failure;
  const crash = await crashed(context);
  await forgetSuspensions(context);
  await forgetCrashes(context);
  if (crash === undefined || onCrash === 'fail') return crash;
  session.findings.push({
    id: 'processes-crashed',
    severity: 'warning',
    message: `Since the installation began, ${crash.message}.`,
    remedy: 'See their crash reports in the log of the node.',
  });
  return undefined;
}

async function crashed(context: UpgradeContext): Promise<ActionError | undefined> {
  const crashes = await readCrashes(context);
  if (crashes.length === 0) return undefined;
  return new ActionError(crashesText(crashes), {
    remedy:
      'See their crash reports in the log of the node. If such crashes are nothing to go back for, set `on-crash: warn`.',
    details: crashes.join('\n'),
  });
}
