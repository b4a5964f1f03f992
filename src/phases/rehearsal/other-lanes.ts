import type { DeployPackage } from '../../node/deploy-input.js';
import { listenersOf } from '../../node/listeners.js';
import type { NodeObservation } from '../../node/observation.js';
import { unpackAndInstall } from './install.js';
import { Lane, type VersionContext } from './lane.js';
import { installRelease, unpackPackage } from './roots.js';

/**
 * Whether other nodes of the release may run beside this one: it listens on nothing but its distribution port, so that
 * nothing can clash.
 */
export async function mayRunBeside(
  { running }: Lane,
  { distributionPort }: NodeObservation,
): Promise<boolean> {
  const listeners = await listenersOf(running.process.pid);
  return listeners?.every((listener) => listener === `tcp ${distributionPort}`) ?? false;
}

/** Boots the new release in a lane of that name as a fresh installation does (H24, H50). @throws {BootError} */
export async function coldBoot(context: VersionContext, name: string): Promise<NodeObservation> {
  const { options } = context;
  const lane = await Lane.open(context, name);
  try {
    if (options.full === undefined) await installRelease({ root: options.release.root }, lane.root);
    else await unpackPackage(options.full, lane.root);
    await lane.boot();
    return await lane.observe();
  } finally {
    lane.close();
  }
}

/** Upgrades another node of the up-from release with the full package, which must do as well. @throws {StepError} */
export async function upgradeByFullPackage(
  context: VersionContext,
  full: DeployPackage,
  name: string,
): Promise<NodeObservation> {
  const lane = await Lane.open(context, name);
  try {
    await installRelease(context.upFrom, lane.root);
    await lane.boot();
    await unpackAndInstall(lane, 'full package', full, context.upFrom.version);
    return await lane.observe();
  } finally {
    lane.close();
  }
}
