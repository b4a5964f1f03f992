import { ActionError } from '../../shared/errors.js';
import { checkStage } from '../check-stage.js';
import { Lane, type VersionContext } from '../lane.js';
import { installNew } from '../other-lanes.js';
import { installRelease } from '../roots.js';
import { BootError } from '../scratch/scratch-node.js';
import { StepError } from '../step-error.js';
import type { Stage, StepName } from '../../model/rehearsal.js';

/** One of two connected nodes. */
export interface Member {
  readonly lane: Lane;
  /** The release version that it runs now. */
  runs: string;
}

/** Two nodes of a release, connected; the first one runs the up-from release. */
export type Pair = readonly [Member, Member];

/** Variables that the second node gets without this prefix: two nodes on one machine cannot listen on the same port. */
const SECOND = /^RELUP_SECOND_(.+)$/;

/**
 * Boots two nodes one after the other, and connects them, unless the release does that.
 *
 * @param second what the second one runs
 * @param opened is told each lane before its node boots, so that it can be closed whatever happens
 * @throws {StepError} when one does not boot, or they cannot be connected
 */
export async function bootPair(
  context: VersionContext,
  { name, second }: { readonly name: string; readonly second: 'release' | 'up-from' },
  opened: Lane[],
): Promise<Pair> {
  const { identity, environment, upFrom, manifest } = context;
  const who = (number: number): typeof identity => ({ ...identity, id: `${identity.id}_${number}` });
  const first = await Lane.open(context, name, who(1));
  opened.push(first);
  await installRelease(upFrom, first.root);
  await bootMember(first, upFrom.version);
  await first.running.control.call('watch-crashes');
  const other = first.beside(`${name}-other`, { identity: who(2), environment: ofSecond(environment) });
  opened.push(other);
  await (second === 'release' ? installNew(context, other.root) : installRelease(upFrom, other.root));
  const runs = second === 'release' ? manifest.version : upFrom.version;
  await bootMember(other, runs);
  await other.running.control.call('watch-crashes');
  await connect(first, other);
  return [
    { lane: first, runs: upFrom.version },
    { lane: other, runs },
  ];
}

function ofSecond(environment: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(environment).flatMap(([name, value]) => {
    const [, plain] = SECOND.exec(name) ?? [];
    return plain === undefined ? [] : [[plain, value] as const];
  });
  return { ...environment, ...Object.fromEntries(own) };
}

async function bootMember(lane: Lane, runs: string): Promise<void> {
  try {
    await lane.boot();
  } catch (error) {
    if (!(error instanceof BootError)) throw error;
    throw new StepError(
      {
        id: 'rehearsal-cluster-boot',
        check: 'cluster',
        message: `For the cluster a node of ${runs} could not be booted: ${error.message}`,
        remedy:
          'If both nodes listen on the same port, let a variable of the environment choose it, and give the second node another one: `env: { PORT: 8080, RELUP_SECOND_PORT: 8081 }`. Otherwise its output in the details says what it does not get along with.',
        details: error.details,
      },
      error,
    );
  }
}

async function connect(first: Lane, other: Lane): Promise<void> {
  const connects = (from: Lane, to: Lane): Promise<boolean> =>
    from.running.control.call('connect', [to.running.process.nodeName], 30);
  if ((await connects(first, other)) && (await connects(other, first))) return;
  throw new StepError({
    id: 'rehearsal-cluster-boot',
    check: 'cluster',
    message: `The two nodes of the cluster could not be connected: ${first.running.process.nodeName} does not reach ${other.running.process.nodeName}.`,
    remedy: "Look at the nodes' logs in the details: most often flags of the distribution in vm.args.",
    details: [...first.running.log.slice(-50), ...other.running.log.slice(-50)].join('\n'),
  });
}

/** Gives both nodes to the user's `check`, one after the other. @throws {StepError} */
export async function checkPair([one, other]: Pair, step: StepName, stage: Stage): Promise<void> {
  for (const [self, beside] of [
    [one, other],
    [other, one],
  ] as const) {
    await checkStage(self.lane, {
      ...{ step, stage, runs: self.runs },
      other: { node: beside.lane.running, runs: beside.runs },
    });
  }
}

/** Processes that crashed since the last time, without what differs from run to run. */
export async function crashesOf({ lane }: Member): Promise<string[]> {
  const { control } = lane.running;
  try {
    const crashes = await control.call<string[]>('crashes', [], 15);
    await control.call('mark-crashes', [], 15);
    return crashes.map((text) => text.replace(/^<[\d.]+>(?:, )?/, ''));
  } catch (error) {
    // Of a node that is gone nobody can be asked; that is told elsewhere.
    if (!(error instanceof ActionError)) throw error;
    return [];
  }
}
