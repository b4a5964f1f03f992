import { setTimeout } from 'node:timers/promises';
import type { DeployPackage } from '../model/deploy-input.js';
import { readNodeState } from '../node/node-state.js';
import type { NodeSnapshot } from '../model/node.js';
import { isAlive } from '../node/release-script.js';
import type { NodeContext } from '../node/node-context.js';
import {
  checkInstall,
  configure,
  putPackage,
  unpack,
  verifyUnpacked,
  type InstallAnswer,
} from '../node/release-handler.js';
import { ActionError } from '../shared/errors.js';
import type { Lane } from './lane.js';
import { codeOf, reasonIn, remedyFor } from './restart-reason.js';
import { StepError } from './step-error.js';
import { installInSync, renameSyncs } from './sync-nodes.js';
import type { Installation, StepName } from '../model/rehearsal.js';

/**
 * Puts the package in place, unpacks and checks it, as a deploy does.
 *
 * @param together names of nodes that are upgraded at the same time
 * @returns what it can be installed with
 */
export async function unpackVersion(
  lane: Lane,
  upgradePackage: DeployPackage,
  { runs, together = [] }: { readonly runs: string; readonly together?: readonly string[] },
): Promise<NodeContext> {
  const context = lane.nodeContext(upgradePackage);
  await putPackage(context);
  await unpack(context);
  await verifyUnpacked({ ...context, runsFrom: lane.context.upFrom.root }, runs);
  await configure(context);
  await renameSyncs(lane, together);
  await checkInstall(context, runs);
  return context;
}

/**
 * Installs a version that release_handler knows, up or down, and waits until the node has settled.
 *
 * @throws {StepError} when release_handler refuses, or the node dies or restarts its system
 */
export async function installVersion({
  lane,
  step,
  context,
  version,
}: {
  readonly lane: Lane;
  readonly step: StepName;
  readonly context: NodeContext;
  readonly version: string;
}): Promise<void> {
  const before = await readNodeState(context.control);
  await context.control.call('trace-suspensions');
  const printed = lane.running.log.length;
  const started = performance.now();
  const answer = await installInSync(lane, context, version);
  const seconds = (performance.now() - started) / 1000;
  const after = await settled(context);
  lane.context.recorder.installations[step] = { seconds, ...(await suspensions(context)) };
  if (after === undefined) throw died(lane, { step, version, printed }, answer);
  if (after.instance !== before.instance || after.osPid !== before.osPid) {
    const reason = reasonIn(lane, printed);
    throw new StepError({
      id: 'rehearsal-node-restarted',
      message: `The node restarted its system while ${version} was installed${reason}; that is not a hot upgrade.`,
      remedy: remedyFor(
        reason,
        "After the point of no return release_handler restarts on any error: see the crash report in the node's log, which is in the details.",
      ),
      details: lastLines(lane),
      ...codeOf(lane, reason),
    });
  }
  if (answer.kind === 'refused' || answer.kind === 'unknown')
    throw await refused({ lane, step, version, options: answer });
}

/** A node that has restarted knows nothing of it any more. */
async function suspensions({ control }: NodeContext): Promise<Pick<Installation, 'suspended'>> {
  try {
    type Answer = { processes: number; microseconds: number };
    const { processes, microseconds } = await control.call<Answer>('suspensions', [], 10);
    return { suspended: { processes, longestSeconds: microseconds / 1_000_000 } };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return {};
  }
}

/** @returns undefined when its process has ended */
async function settled(context: NodeContext): Promise<NodeSnapshot | undefined> {
  const deadline = performance.now() + 1000 * context.watchSeconds;
  while (await isAlive(context.node.pid)) {
    const snapshot = await readNodeState(context.control, 15).catch((error: unknown) => {
      if (!(error instanceof ActionError)) throw error;
      return undefined;
    });
    if (snapshot?.status === 'started' && snapshot.releases !== null) return snapshot;
    if (performance.now() > deadline)
      throw new ActionError('The node did not settle after the installation.');
    await setTimeout(100);
  }
  return undefined;
}

interface Attempt {
  readonly step: StepName;
  readonly version: string;
  /** How many lines the node had printed before. */
  readonly printed: number;
}

function died(lane: Lane, { step, version, printed }: Attempt, answer: InstallAnswer): StepError {
  const told = 'error' in answer ? ` (${answer.error.message})` : '';
  const reason = reasonIn(lane, printed);
  return new StepError({
    id: 'rehearsal-node-died',
    message: `The node died during the step "${step}", while ${version} was installed${reason || told}.`,
    remedy: remedyFor(
      reason,
      "After the point of no return release_handler restarts the emulator on any error, and a node in production would boot its permanent release with all state and connections lost: see the crash report in the node's log, which is in the details.",
    ),
    details: lastLines(lane),
    ...codeOf(lane, reason),
  });
}

async function refused({
  lane,
  step,
  version,
  options,
}: {
  readonly lane: Lane;
  readonly step: StepName;
  readonly version: string;
  readonly options: InstallAnswer & { error: ActionError };
}): Promise<StepError> {
  const { error } = options;
  const { oldProcesses } = await lane.observe();
  const holders = oldProcesses.map(({ module, processes }) => `${module}: ${processes.join(', ')}`);
  const who = holders.length === 0 ? '' : ` Old code is held by: ${holders.join('; ')}.`;
  return new StepError(
    {
      id: 'rehearsal-refused',
      message: `release_handler did not install ${version} (step "${step}"): ${error.message}${who}`,
      remedy: error.remedy ?? 'Correct the appup; the answer is in the details.',
      details: [error.details ?? '', lastLines(lane)].join('\n'),
    },
    error,
  );
}

function lastLines(lane: Lane): string {
  return lane.running.log.slice(-100).join('\n');
}
