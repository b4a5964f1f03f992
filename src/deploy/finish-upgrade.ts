import { info } from '@actions/core';
import { ControlError } from '../node/control.js';
import { DeployError } from './deploy-error.js';
import { nodeEnd } from '../node/node-end.js';
import { readNodeState } from '../node/node-state.js';
import type { NodeSnapshot } from '../model/node.js';
import { oldCodeText, readOldCode, type OldCode } from './health/old-code.js';
import { verifyPermanent } from '../node/permanent.js';
import { makePermanent } from './make-permanent.js';
import type { UpgradeContext } from './upgrade-context.js';
import { verifyRunningCode } from '../node/release-handler.js';
import { ActionError, errorMessage } from '../shared/errors.js';
import { hints } from '../shared/hints.js';

/**
 * Makes permanent what runs, and proves it once more.
 *
 * @param before what ran before the deploy
 * @param from its release version
 * @throws {DeployError}
 */
export async function finishUpgrade(
  context: UpgradeContext,
  before: Pick<NodeSnapshot, 'applications'>,
  from: string,
): Promise<NodeSnapshot> {
  const { version } = context.manifest;
  try {
    const modules = replacedModules(context, from);
    noteOldCode(context, await readOldCode(context, modules));
    await makePermanent(context);
    await verifyPermanent(context);
    const left = await readOldCode(context, modules);
    if (left.length > 0) info(`Old code is still in use by ${oldCodeText(left)}.`);
    const after = await readNodeState(context.control);
    const wrong = verifyRunningCode(before, after, context.manifest);
    if (wrong.length > 0) throw new ActionError(`The node has ${wrong.join('; ')}.`);
    info(`${version} is permanent: the next start boots it.`);
    return after;
  } catch (error) {
    const end = error instanceof ControlError && error.leftUnknown ? await nodeEnd(context) : undefined;
    if (end !== undefined) throw new DeployError(end.message, 'unknown', { ...hints(end), cause: error });
    throw new DeployError(
      `${errorMessage(error)} The node runs ${version}, but its next start may boot another release.`,
      'installed-not-permanent',
      { remedy: 'Deploy the same package again: it goes on from here.', ...hints(error), cause: error },
    );
  }
}

/** Modules whose code the upgrade replaced or removed. */
function replacedModules({ manifest }: UpgradeContext, from: string): string[] {
  const old = manifest.upFrom.find(({ version }) => version === from)?.applications ?? [];
  const codes = new Map(manifest.applications.flatMap(({ modules }) => Object.entries(modules)));
  const before = old.flatMap(({ modules }) => Object.entries(modules));
  return before.filter(([name, code]) => codes.get(name) !== code).map(([name]) => name);
}

/** make_permanent purges old code, which ends whoever runs it or holds a fun of it (H77). */
function noteOldCode({ session }: UpgradeContext, found: readonly OldCode[]): void {
  if (found.length === 0) return;
  session.findings.push({
    id: 'old-code-in-use',
    severity: 'warning',
    message: `Old code was still in use when the release was made permanent, which ends ${oldCodeText(found)}.`,
    remedy: 'Give these processes time to leave it (soak), or have the appup update or restart them.',
  });
}
