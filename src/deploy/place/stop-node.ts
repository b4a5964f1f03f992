import { info } from '@actions/core';
import { setTimeout } from 'node:timers/promises';
import type { DeployManifest } from '../../model/deploy-input.js';
import { identityOf, isSameProcess } from '../../node/process-identity.js';
import { findNode, pidsOf } from '../../node/node-process.js';
import type { ProcessIdentity } from '../../model/deploy.js';
import { ActionError } from '../../shared/errors.js';
import type { CommandFacts } from '../commands/commands.js';
import { factsOf, type Placing } from './placing.js';
import { type PlaceContext, withNode } from './place-context.js';

/** The emulators that run from the root now, each as the process that it is. */
export async function emulatorsOf({ deployRoot }: PlaceContext): Promise<ProcessIdentity[]> {
  const found = await Promise.all((await pidsOf(deployRoot)).map(identityOf));
  return found.filter((identity) => identity !== undefined);
}

/**
 * Stops the node that runs from the root, in order: by the user's command, else by telling it (`init:stop/0`); never by a signal, which
 * would take from it what it does when it ends.
 *
 * @param runs the release that it runs
 * @throws {ActionError} when it is still there after a while
 */
export async function stopRunning(
  place: PlaceContext,
  runs: DeployManifest,
  facts: CommandFacts,
): Promise<void> {
  const processes = await emulatorsOf(place);
  if (processes.length === 0) return;
  if (place.commands.has('stop')) await place.commands.run('stop', facts);
  else await withNode(place, runs, ({ control }) => control.call('stop'));
  await waitUntilGone(place, processes);
  info('The node has stopped.');
}

async function waitUntilGone(place: PlaceContext, processes: readonly ProcessIdentity[]): Promise<void> {
  const deadline = performance.now() + 1000 * place.stopSeconds;
  for (;;) {
    const now = await emulatorsOf(place);
    const left = now.find((one) => processes.some((other) => isSameProcess(one, other)));
    if (left === undefined) return;
    if (performance.now() > deadline) {
      throw new ActionError(
        `The node (process id ${left.pid}) was told to stop, and did not within ${place.stopSeconds} seconds.`,
        { remedy: 'See in its log what it waits for. It may still stop by itself.' },
      );
    }
    await setTimeout(25);
  }
}

/**
 * Stops what was started after the switch. One that crashes again and again cannot be told anything, but it ends by itself, and
 * what is started next is the release that boots by then.
 *
 * @returns why somebody of them still runs
 */
export async function stopNew({ place, attempt, old }: Placing): Promise<ActionError | undefined> {
  const before = place.session.journal.find('switch')?.process;
  const deadline = performance.now() + 1000 * place.stopSeconds;
  for (;;) {
    const running = await emulatorsOf(place);
    if (running.length === 0) return undefined;
    if (old !== undefined && running.every((one) => isSameProcess(one, before))) return undefined;
    const node = await findNode(place.deployRoot).catch(() => undefined);
    if (old !== undefined && node?.booted === attempt.from && attempt.from !== attempt.version)
      return undefined;
    try {
      await stopRunning(place, place.manifest, factsOf({ place, attempt }, node));
      return undefined;
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      if (performance.now() > deadline || place.commands.has('stop')) return error;
    }
    await setTimeout(500);
  }
}
