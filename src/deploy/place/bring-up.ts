import { info } from '@actions/core';
import type { NodeSnapshot } from '../../model/node.js';
import { findNode } from '../../node/node-process.js';
import { isSameProcess } from '../../node/process-identity.js';
import { cameUp } from './came-up.js';
import { provePlaced } from './prove-placed.js';
import { factsOf, type Placing } from './placing.js';
import { startEnvironment } from './start-environment.js';
import { type Started, startNode, startedByOthers } from './start-node.js';
import { emulatorsOf, stopRunning } from './stop-node.js';

/**
 * From a root that boots the new release to a node that runs it, healthy. What was done already is not done again.
 *
 * @returns the node
 * @throws {ActionError} why it does not run as it should
 * @throws {CancelledError} when it runs, and the job was cancelled before it was found healthy
 */
export async function bringUp(placing: Placing): Promise<NodeSnapshot> {
  const { place } = placing;
  const { session, manifest, plan } = place;
  const started = await plan.phase('Deploy: start', () => startNew(placing));
  try {
    const { context, snapshot } = await plan.phase('Deploy: boot', () => cameUp(place, manifest, started));
    try {
      await session.note({ step: 'started' });
      info(`${manifest.version} runs, started anew: the code is the package's.`);
      await plan.phase('Deploy: health', () => provePlaced(placing, context, snapshot));
      return snapshot;
    } finally {
      context.control.close();
    }
  } finally {
    await started.close();
  }
}

async function startNew(placing: Placing): Promise<Started> {
  const { place } = placing;
  const stopped = await stopOld(placing);
  if (!stopped && (await emulatorsOf(place)).length > 0) return startedByOthers;
  // a run that was interrupted may have started it, too
  const mayBeManaged = placing.old !== undefined || place.session.journal.has('start');
  await place.session.note({ step: 'start' });
  const environment = await startEnvironment(place);
  return startNode(place, factsOf(placing), { environment, mayBeManaged });
}

/** Whoever was started after the switch runs the new release; everybody else is stopped. @returns whether somebody was */
async function stopOld(placing: Placing): Promise<boolean> {
  const { place, attempt, old } = placing;
  const running = await emulatorsOf(place);
  if (old === undefined || running.length === 0) return false;
  const before = place.session.journal.find('switch')?.process;
  const isOld = running.some((one) => isSameProcess(one, before));
  const node = await findNode(place.deployRoot);
  if (!isOld && (node.booted === undefined || node.booted === attempt.version)) return false;
  await place.session.note({ step: 'stop' });
  await stopRunning(place, old, factsOf(placing, node));
  return true;
}
