import { debug } from '@actions/core';
import { setTimeout } from 'node:timers/promises';
import type { DeployPackage } from '../model/deploy-input.js';
import { listenersOf } from './scratch/listeners.js';
import type { NodeObservation } from './compare/observation.js';
import { ActionError } from '../shared/errors.js';
import { installVersion, unpackVersion } from './install-step.js';
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
  const lane = await Lane.open(context, name);
  try {
    await installNew(context, lane.root);
    await lane.boot();
    return await lane.observe();
  } finally {
    lane.close();
  }
}

/** How old a node is made at most, to be compared with one that has run for longer. */
const OLDEST_MS = 20_000;

/**
 * Boots one of the releases once more, waits until it has run as long as a node that it is compared with, and looks at it: what
 * comes and goes by itself is no difference between versions. Also asks its supervisors what children they list.
 *
 * @param uptime milliseconds
 * @returns undefined when there is no time for it, or it does not boot a second time
 */
export async function laterLook(
  context: VersionContext,
  side: 'release' | 'upFrom',
  uptime: number,
): Promise<NodeObservation | undefined> {
  if (context.remaining() <= 1) return undefined;
  const lane = await Lane.open(context, `later-${side}`);
  try {
    await (side === 'upFrom' ? installRelease(context.upFrom, lane.root) : installNew(context, lane.root));
    await lane.boot();
    const { uptime: now } = await lane.observe();
    const wait = Math.min(uptime, OLDEST_MS, 1000 * (context.remaining() - 1)) - now;
    if (wait > 0) await setTimeout(wait);
    return await lane.observe({ asksInit: true });
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    debug(`the later look: ${error.message}`);
    return undefined;
  } finally {
    lane.close();
  }
}

/** As a fresh installation is made. */
export function installNew({ options }: VersionContext, root: string): Promise<void> {
  return options.full === undefined
    ? installRelease({ root: options.release.root }, root)
    : unpackPackage(options.full, root);
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
    const unpacked = await unpackVersion(lane, full, { runs: context.upFrom.version });
    await installVersion({
      lane,
      step: 'full package',
      context: unpacked,
      version: unpacked.manifest.version,
    });
    return await lane.observe();
  } finally {
    lane.close();
  }
}
