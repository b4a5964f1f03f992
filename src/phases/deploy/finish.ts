import { info } from '@actions/core';
import { DeployError } from '../../node/deploy-error.js';
import { readNodeState, type NodeSnapshot } from '../../node/node-state.js';
import { makePermanent, verifyPermanent } from '../../node/permanent.js';
import type { UpgradeContext } from '../../node/upgrade-context.js';
import { verifyRunningCode } from '../../node/upgrade.js';
import { ActionError, errorMessage } from '../../shared/errors.js';
import { hints } from './hints.js';

/**
 * Makes permanent what runs, and proves it once more.
 *
 * @param before what ran before the deploy
 * @throws {DeployError}
 */
export async function finishUpgrade(
  context: UpgradeContext,
  before: Pick<NodeSnapshot, 'applications'>,
): Promise<NodeSnapshot> {
  const { version } = context.manifest;
  try {
    await makePermanent(context);
    await verifyPermanent(context);
    const after = await readNodeState(context.control);
    const wrong = verifyRunningCode(before, after, context.manifest);
    if (wrong.length > 0) throw new ActionError(`The node has ${wrong.join('; ')}.`);
    info(`${version} is permanent: the next start boots it.`);
    return after;
  } catch (error) {
    throw new DeployError(
      `${errorMessage(error)} The node runs ${version}, but its next start may boot another release.`,
      'installed-not-permanent',
      { remedy: 'Deploy the same package again: it goes on from here.', ...hints(error), cause: error },
    );
  }
}
