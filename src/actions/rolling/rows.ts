import type { DeployResult, NodeState } from '../../model/deploy.js';
import { runningRelease } from '../../model/node.js';
import type { FleetNode } from './fleet.js';
import { artifactOf, type Stage } from './plan.js';

/** What is read of a report. */
export interface NodeReport {
  readonly nodeState?: NodeState;
  /** The release of the package. */
  readonly brought?: { readonly version: string };
  readonly deployed?: Pick<DeployResult, 'deployedVersion' | 'before'>;
  readonly failure?: { readonly message: string };
}

/** What is there of a rollout so far. */
export interface Progress {
  /** By the name of their artifact. */
  readonly reports: ReadonlyMap<string, NodeReport>;
  /** Names of all its artifacts. */
  readonly names: ReadonlySet<string>;
  readonly prefix: string;
}

/** A node, and what became of it. */
export interface Row {
  readonly node: string;
  /** Release versions; null: none runs there, or it is not known. */
  readonly before: string | null;
  readonly after: string | null;
  /** As `node-state`; `not begun` when nothing was done there. */
  readonly state: NodeState | 'not begun';
  /** Whether this rollout changed what the node runs. */
  readonly changed: boolean;
  readonly failure?: string;
}

/** In these the node runs what it ran before. */
const AS_BEFORE: readonly string[] = [
  'untouched',
  'unpacked',
  'environment-changed',
  'downgraded',
  'rebooted-into-old',
];

/** Pure. */
export function rowOf(node: FleetNode, progress: Progress): Row {
  const at = (stage: Stage): NodeReport | undefined =>
    progress.reports.get(artifactOf(progress.prefix, stage, node.index));
  const [asked, deploy, back] = [at('dry-run'), at('deploy'), at('back')];
  const ran = asked?.deployed?.before;
  const before = ran === undefined ? null : (runningRelease(ran.releases)?.version ?? null);
  const begun = deploy !== undefined || isLost(node, progress);
  const named = { node: node.node, before };
  if (!begun) {
    return { ...named, after: before, state: 'not begun', changed: false, ...failureOf(asked ?? LOST) };
  }
  const state = stateOf(deploy, back);
  const after = versionAfter(state, before, back?.nodeState === state ? back : deploy);
  const failure = failureOf(back?.failure === undefined ? (deploy ?? LOST) : back);
  return { ...named, after, state, changed: state !== 'untouched' && after !== before, ...failure };
}

const LOST: NodeReport = { failure: { message: 'Its job ended without a report.' } };

/** Begun, and the job ended before it could report. Pure. */
export function isLost({ index }: FleetNode, { names, prefix }: Progress): boolean {
  return names.has(artifactOf(prefix, 'begun', index)) && !names.has(artifactOf(prefix, 'deploy', index));
}

/** A node on which nothing was to be taken back is as its deploy left it. */
function stateOf(deploy: NodeReport | undefined, back: NodeReport | undefined): NodeState {
  const deployed = deploy?.nodeState ?? 'unknown';
  return back?.nodeState === undefined || back.nodeState === 'untouched' ? deployed : back.nodeState;
}

function versionAfter(
  state: NodeState,
  before: string | null,
  report: NodeReport | undefined,
): string | null {
  if (report?.deployed !== undefined) return report.deployed.deployedVersion;
  if (AS_BEFORE.includes(state)) return before;
  return state === 'installed-not-permanent' ? (report?.brought?.version ?? null) : null;
}

function failureOf(report: NodeReport): Pick<Row, 'failure'> {
  return report.failure === undefined ? {} : { failure: report.failure.message };
}

/** Nodes that this rollout may have brought to another release, which are to go back; what was installed first has no way back. Pure. */
export function toTakeBack(fleet: readonly FleetNode[], progress: Progress): FleetNode[] {
  return fleet.filter((node) => {
    const { state, before, after } = rowOf(node, progress);
    return state !== 'not begun' && !AS_BEFORE.includes(state) && before !== null && after !== before;
  });
}
