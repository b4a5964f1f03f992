import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ScriptEffects } from '../../model/relup.js';
import type { NodeControl } from '../../node/control.js';
import type { StepName } from '../../model/rehearsal.js';
import { survivalFindings } from '../compare/survival.js';
import { StepError } from '../step-error.js';
import {
  crashFinding,
  inconsistentFinding,
  lossFinding,
  type ClusterFinding,
  type NameNode,
} from './cluster-findings.js';
import { readCluster, type ClusterView } from './cluster-view.js';
import { keyOf, lossesIn, type Look, type Loss } from './losses.js';
import { crashesOf, type Member, type Pair } from './pair.js';

/** A relup that does nothing. */
export const NOTHING: ScriptEffects = {
  purgesSoftly: [],
  suspends: [],
  waits: {},
  stops: [],
  starts: [],
  stopsApplications: [],
  children: [],
  applies: [],
  syncs: [],
};

/** How long nodes get to be as before: names and groups come back a little later. */
const SETTLE_MS = 5000;

/** How many lines of a node's log are kept for a fold. */
const LOG_LINES = 60;

export interface Watched {
  readonly found: readonly ClusterFinding[];
  readonly looks: readonly Look[];
  readonly losses: readonly Loss[];
  /** Why the work could not be done. */
  readonly failure: Error | undefined;
}

/**
 * Does something with two connected nodes, and tells what it took from them.
 *
 * @param scripts what a relup does to each of them meanwhile
 */
export async function watchPair({
  pair,
  step,
  scripts,
  work,
}: {
  readonly pair: Pair;
  readonly step: StepName;
  readonly scripts: readonly [ScriptEffects, ScriptEffects];
  readonly work: () => Promise<void>;
}): Promise<Watched> {
  const name = namesOf(pair);
  const before = await Promise.all(pair.map(stateOf));
  const failure = await work().then(
    () => undefined,
    (error: Error) => error,
  );
  // Where the check fails, what was lost may say why; nodes that could not be upgraded say nothing more.
  if (failure !== undefined && !isCheck(failure))
    return { found: await crashFindings(pair, step), looks: [], losses: [], failure };
  const looks = await settledLooks(pair, before);
  const losses = lossesIn(looks);
  const after = await Promise.all(pair.map(({ lane }) => lane.observe()));
  const died = pair.flatMap((member, index): ClusterFinding[] =>
    survivalFindings({
      step,
      before: (before[index] as State).observed,
      after: after[index] as State['observed'],
      script: scripts[index] as ScriptEffects,
    })
      .filter(({ id }) => id === 'rehearsal-process-died')
      .map((finding) => ({
        key: `died ${finding.process ?? ''}`,
        finding: { ...finding, message: finding.message.replace(/\.$/, ` on ${whereIs(pair, member)}.`) },
      })),
  );
  return {
    looks,
    losses,
    failure,
    found: [
      ...(await crashFindings(pair, step)),
      ...died,
      ...losses.map((loss) => lossFinding(step, loss, { key: keyOf(loss), name })),
      ...pair.flatMap((member) => inconsistent(pair, member, step)),
    ],
  };
}

function isCheck(error: Error): boolean {
  return error instanceof StepError && error.finding.id === 'rehearsal-check';
}

type State = Awaited<ReturnType<typeof stateOf>>;

async function stateOf({ lane }: Member) {
  const view = await restingView(lane.running.control);
  return { node: lane.running.process.nodeName, view, observed: await lane.observe() };
}

/** Nodes that were connected a moment ago still tell each other what they have. */
async function restingView(control: NodeControl): Promise<ClusterView> {
  const deadline = performance.now() + SETTLE_MS;
  let view = await readCluster(control);
  for (;;) {
    await setTimeout(500);
    const next = await readCluster(control);
    if (isDeepStrictEqual(view, next) || performance.now() > deadline) return next;
    view = next;
  }
}

async function settledLooks(pair: Pair, before: readonly State[]): Promise<Look[]> {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    const views = await Promise.all(pair.map(({ lane }) => readCluster(lane.running.control)));
    const looks = before.map(({ node, view }, index) => ({
      node,
      before: view,
      after: views[index] as State['view'],
    }));
    if (lossesIn(looks).length === 0 || performance.now() > deadline) return looks;
    await setTimeout(500);
  }
}

/** Crashes since the last time. */
export async function crashFindings(pair: Pair, step: StepName): Promise<ClusterFinding[]> {
  const [one, other] = pair;
  const when = `${one.runs} and ${other.runs} ran on connected nodes`;
  const each = await Promise.all(
    pair.map(async (member) =>
      (await crashesOf(member)).map((crash) =>
        crashFinding({
          ...{ step, crash, while: when },
          where: whereIs(pair, member),
          details: member.lane.running.log.slice(-LOG_LINES).join('\n'),
        }),
      ),
    ),
  );
  return [...new Map(each.flat().map((one) => [one.finding.message, one])).values()];
}

function inconsistent(pair: Pair, member: Member, step: StepName): ClusterFinding[] {
  const line = member.lane.running.log.find((one) => one.includes('inconsistent_database'));
  return line === undefined ? [] : [inconsistentFinding(step, whereIs(pair, member), line)];
}

function namesOf(pair: Pair): NameNode {
  return (text) =>
    pair.reduce(
      (before, member) => before.replaceAll(member.lane.running.process.nodeName, whereIs(pair, member)),
      text,
    );
}

/** Node names are random, and say nothing to people. */
function whereIs([first]: Pair, member: Member): string {
  return member === first ? `the up-from node (now ${member.runs})` : `the other node (${member.runs})`;
}
