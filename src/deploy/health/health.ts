import { info } from '@actions/core';
import {
  REAL,
  untilHealthy,
  userProbe,
  type HealthOptions,
  type HealthStage,
  type Probe,
} from './until-healthy.js';
import { ControlError } from '../../node/control.js';
import { nodeEnd } from '../../node/node-end.js';
import { readNodeState } from '../../node/node-state.js';
import type { NodeSnapshot } from '../../model/node.js';
import { readProcessTrees, restartedChildren, stuckText } from './process-trees.js';
import type { NodeContext } from '../../node/node-context.js';
import { ActionError } from '../../shared/errors.js';
import { some } from '../../shared/some.js';

export interface HealthInput extends HealthOptions {
  /** Where the user's command runs. */
  readonly cwd: string;
  /** What a crash between installation and making permanent means; default `fail`: not healthy. */
  readonly onCrash?: 'fail' | 'warn';
}

/** What the user's command is told at a stage. */
export function stageOf(
  { deployRoot: root, manifest, node }: NodeContext,
  stage: HealthStage['stage'],
  upFrom: string,
): HealthStage {
  const { name, version } = manifest;
  const { nodeName, pid } = node;
  const runs = stage === 'health' ? version : upFrom;
  return { stage, root, name, upFrom, version, runs, nodeName, pid };
}

/** What is wrong with the code and applications of the node; empty when nothing is. */
export type Verify = (snapshot: NodeSnapshot) => readonly string[];

/**
 * Looks at the node until it was healthy for long enough: its code and applications, no supervised process restarted, and
 * what the user has it checked with.
 *
 * @param stopIfCancelled called before each attempt
 * @returns why it was not healthy in time; undefined when it was
 * @throws what kept us from looking, which says nothing about the node
 */
export async function proveHealth({
  context,
  input,
  stage,
  verify,
  stopIfCancelled = () => undefined,
}: {
  readonly context: NodeContext;
  readonly input: HealthInput;
  readonly stage: HealthStage;
  readonly verify: Verify;
  readonly stopIfCancelled?: () => void;
}): Promise<Error | undefined> {
  const probes = [builtIn(context, verify), userProbe(input, stage, { ...context, cwd: input.cwd })];
  const probe: Probe = async (limit) => {
    for (const one of probes) await one(limit);
  };
  const { control } = context;
  const clock = { ...REAL, now: () => REAL.now() - control.lostMilliseconds() };
  const failure = await untilHealthy({ probe, options: input, stopIfCancelled, clock });
  if (failure === undefined) info(`${stage.runs} is healthy.`);
  return failure;
}

/** Code and applications, and that no supervised process was restarted since the attempt before. */
function builtIn(context: NodeContext, verify: Verify): Probe {
  let last: Awaited<ReturnType<typeof readProcessTrees>> | undefined;
  return async () => {
    const wrong = verify(await stateOf(context));
    if (wrong.length > 0) throw new ActionError(`the node has ${wrong.join('; ')}`);
    const now = await readProcessTrees(context.control);
    const restarted = last === undefined ? [] : restartedChildren(last, now);
    last = now;
    const [stuck] = now.stuck;
    if (stuck !== undefined) throw new ActionError(stuckText(stuck));
    if (restarted.length > 0) {
      throw new ActionError(`supervised processes were restarted: ${some(restarted)}`);
    }
  };
}

/** @throws {NodeEndedError} instead of what a node that is gone gives for an answer */
async function stateOf(context: NodeContext): Promise<NodeSnapshot> {
  try {
    return await readNodeState(context.control, 15);
  } catch (error) {
    throw (error instanceof ControlError ? await nodeEnd(context) : undefined) ?? error;
  }
}
