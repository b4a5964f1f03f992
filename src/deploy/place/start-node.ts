import { info } from '@actions/core';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ProcessIdentity } from '../../model/deploy.js';
import { runGroup } from '../../programs/process-group.js';
import { ActionError, CommandFailedError, errorMessage } from '../../shared/errors.js';
import { hints } from '../../shared/hints.js';
import { neutralise } from '../../shared/workflow-commands.js';
import type { CommandFacts } from '../commands/commands.js';
import type { PlaceContext } from './place-context.js';
import { emulatorsOf } from './stop-node.js';
import { nothingOfOurs } from '../../programs/runner-environment.js';

/** A service manager that starts what has ended does so at once, and the start script takes a moment. */
const MANAGER_MS = 4000;

/** How long a start may take until there is an emulator. */
const APPEARS_MS = 30_000;

/** How a node was started. */
export interface Started {
  /** Why it cannot come up any more; looked at while it is waited for. */
  failure(): ActionError | undefined;
  /** Ends the script that started it, if it still waits; the node stays. */
  close(): Promise<void>;
}

/** Nobody of ours waits for it. */
export const startedByOthers: Started = { failure: () => undefined, close: () => Promise.resolve() };

/**
 * Starts the release that the root boots, unless somebody else already has: a service manager starts again what has ended. By the
 * user's command, else by the release's own script, detached, with the service's environment and nothing of the job's (H111).
 *
 * @param mayBeManaged whether somebody else may be starting it: a service manager what has just ended, or an earlier run
 */
export async function startNode(
  place: PlaceContext,
  facts: CommandFacts,
  {
    environment,
    mayBeManaged,
  }: { readonly environment: Readonly<Record<string, string>>; readonly mayBeManaged: boolean },
): Promise<Started> {
  if (mayBeManaged && (await appears(place, MANAGER_MS)) !== undefined) {
    info('Somebody else started it: the service manager, or an earlier run of this step.');
    return startedByOthers;
  }
  if (place.commands.has('start')) {
    await place.commands.run('start', facts);
    return startedByOthers;
  }
  return startScript(place, environment);
}

/** The first emulator that runs from the root. */
async function appears(place: PlaceContext, limitMs: number): Promise<ProcessIdentity | undefined> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const [found] = await emulatorsOf(place);
    if (found !== undefined || performance.now() > deadline) return found;
    await setTimeout(50);
  }
}

/** It ends when the node answers, and never when that fails to boot: so it is not waited for. */
function startScript(place: PlaceContext, environment: Readonly<Record<string, string>>): Started {
  const script = join(place.deployRoot, 'bin', place.manifest.name);
  const end = new AbortController();
  let failure: ActionError | undefined;
  const ended = runGroup(script, ['daemon'], {
    cwd: place.deployRoot,
    env: { ...nothingOfOurs(), ...environment },
    children: 'leave',
    cancel: end.signal,
    onLine: (line) => info(neutralise(line)),
  }).catch((error: unknown) => {
    if (end.signal.aborted) return;
    const how = error instanceof CommandFailedError ? error.end.text : errorMessage(error);
    failure = new ActionError(`The start script bin/${place.manifest.name} ${how}.`, {
      remedy: 'Set `start-command` to what starts the service, e.g. sudo systemctl start myapp.',
      ...hints(error),
    });
  });
  info(`Started by bin/${place.manifest.name} daemon.`);
  return {
    failure: () => failure,
    close: async () => {
      end.abort();
      await ended;
    },
  };
}

/**
 * Watches who runs from the root while it comes up.
 *
 * @throws {ActionError} when nobody comes, nobody is left, or one after the other comes and goes
 */
export class Arrival {
  private readonly begun = performance.now();
  private readonly seen = new Set<string>();
  private gone: number | undefined;

  constructor(
    private readonly place: PlaceContext,
    private readonly started: Started,
  ) {}

  async look(): Promise<ProcessIdentity | undefined> {
    const failure = this.started.failure();
    if (failure !== undefined) throw failure;
    const [now] = await emulatorsOf(this.place);
    if (now !== undefined) {
      this.gone = undefined;
      this.seen.add(`${now.pid} ${now.started}`);
      if (this.seen.size < 4) return now;
      throw new ActionError(
        `The node ends and is started again and again: ${this.seen.size} processes have come and gone since the start.`,
        { remedy: 'See its log.' },
      );
    }
    this.gone ??= performance.now();
    if (this.seen.size === 0 && performance.now() - this.begun > APPEARS_MS) {
      throw new ActionError('No node came up within 30 seconds after the start.', {
        remedy: 'See its log, and what `start-command` does.',
      });
    }
    if (this.seen.size > 0 && performance.now() - this.gone > MANAGER_MS) {
      throw new ActionError('The node ended while it was booting, and nobody started another one.', {
        remedy: 'See its log.',
      });
    }
    return undefined;
  }
}
