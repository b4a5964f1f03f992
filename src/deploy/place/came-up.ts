import { setTimeout } from 'node:timers/promises';
import type { DeployManifest } from '../../model/deploy-input.js';
import type { ProcessIdentity } from '../../model/deploy.js';
import { runningRelease, type NodeSnapshot } from '../../model/node.js';
import type { NodeContext } from '../../node/node-context.js';
import { isSameProcess } from '../../node/process-identity.js';
import { readNodeState } from '../../node/node-state.js';
import { verifyRunningCode } from '../../node/release-handler.js';
import { ActionError } from '../../shared/errors.js';
import { openNode, type PlaceContext } from './place-context.js';
import { Arrival, type Started } from './start-node.js';

/** A node that has started all its applications. */
export interface UpNode {
  /** The caller closes its control. */
  readonly context: NodeContext;
  readonly snapshot: NodeSnapshot;
}

/**
 * Waits until the node that was started has started all its applications, and proves by code that it runs a release.
 *
 * @throws {ActionError} when it does not in time, or runs something else
 */
export async function cameUp(
  place: PlaceContext,
  manifest: DeployManifest,
  started: Started,
): Promise<UpNode> {
  const node = await untilStarted(place, manifest, started);
  const wrong = wrongWith(node.snapshot, manifest);
  if (wrong.length === 0) return node;
  node.context.control.close();
  throw new ActionError(`The node that was started has ${wrong.join('; ')}.`, {
    remedy: 'See what else starts the service, and from where: bin/<name>, start_erl.data.',
  });
}

/** What a node that booted a release must not have. Pure. */
export function wrongWith(snapshot: NodeSnapshot, manifest: DeployManifest): string[] {
  const { releases } = snapshot;
  const running = runningRelease(releases ?? [])?.version;
  return [
    ...verifyRunningCode({ applications: {} }, snapshot, manifest),
    ...(releases === null || running === manifest.version
      ? []
      : [`release ${running ?? 'of no name'} instead of ${manifest.version}`]),
  ];
}

async function untilStarted(
  place: PlaceContext,
  manifest: DeployManifest,
  started: Started,
): Promise<UpNode> {
  const { timeout = 60 } = place.plan.health;
  const deadline = performance.now() + 1000 * timeout;
  const arrival = new Arrival(place, started);
  const asked = new Asked(place, manifest);
  for (;;) {
    try {
      const process = await arrival.look();
      const snapshot = process === undefined ? undefined : await asked.state(process);
      if (snapshot?.status === 'started' && asked.context !== undefined) {
        return { context: asked.context, snapshot };
      }
      if (performance.now() > deadline) throw asked.tooLate(timeout);
    } catch (error) {
      asked.close();
      throw error;
    }
    await setTimeout(200);
  }
}

/** The process that runs now, which may be another one at the next look. */
class Asked {
  context: NodeContext | undefined;
  private process: ProcessIdentity | undefined;
  private failure: ActionError | undefined;

  constructor(
    private readonly place: PlaceContext,
    private readonly manifest: DeployManifest,
  ) {}

  /** Undefined while it does not answer. */
  async state(process: ProcessIdentity): Promise<NodeSnapshot | undefined> {
    try {
      if (!isSameProcess(this.process, process)) this.close();
      this.context ??= await openNode(this.place, this.manifest);
      this.process = process;
      return await readNodeState(this.context.control, 15);
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      this.failure = error;
      return undefined;
    }
  }

  close(): void {
    this.context?.control.close();
    this.context = undefined;
  }

  tooLate(seconds: number): ActionError {
    const last = this.failure === undefined ? '' : ` The last look at it failed: ${this.failure.message}`;
    return new ActionError(`The node had not started all its applications after ${seconds} seconds.${last}`, {
      remedy: 'See its log. If it takes so long as a rule, raise `health-timeout`.',
      details: this.failure?.details,
      cause: this.failure,
    });
  }
}
