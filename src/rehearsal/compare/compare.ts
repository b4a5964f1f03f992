import { compareNodes, dependsOnTime } from './comparison.js';
import type { Comparison, Difference } from './difference.js';
import type { NodeObservation, ObservedProcess } from './observation.js';
import type { VersionContext } from '../lane.js';
import type { Seen } from '../main-lane.js';
import { withNeeds } from '../needed.js';
import { laterLook } from '../other-lanes.js';
import { findingOf } from './difference-findings.js';
import type { StepName } from '../../model/rehearsal.js';

/** Nodes besides the main one. */
export interface Others {
  /** The new release after a cold boot. */
  cold?: NodeObservation;
  /** The up-from release upgraded by the full package. */
  byFullPackage?: NodeObservation;
}

interface Compared extends Omit<Comparison, 'release'> {
  /** That the step loses settings was told with the reason. */
  readonly losesConfig?: boolean;
  readonly step: StepName;
  readonly direction: 'up' | 'down';
}

/**
 * Compares what every step led to with a boot of the same release; differences become findings and corrections. Where they may
 * depend on how long a node has run, which is longer on a slow machine, the release is booted once more and looked at later.
 */
export async function compareSteps(context: VersionContext, seen: Seen, others: Others): Promise<void> {
  const told = new Set<string>();
  const looks = new Looks(context);
  for (const direction of ['up', 'down'] as const) {
    const steps = [...comparisons(seen, others)].filter((one) => one.direction === direction);
    const uptime = Math.max(...steps.map(({ found }) => found.uptime));
    const later = await looks.ifNeeded({ direction, steps, asksFor: dependsOnTime, uptime });
    const again = steps.map((compared) => ({ ...compared, later }));
    const isLeft = ({ kind }: Difference): boolean => kind === 'child-left';
    const otherLater = await looks.ifNeeded({
      direction: direction === 'up' ? 'down' : 'up',
      steps: again,
      asksFor: isLeft,
      uptime,
    });
    for (const compared of again) await compareStep(context, { ...compared, otherLater }, told);
  }
}

/** Later looks at the two releases, each taken once at most. */
class Looks {
  private readonly taken = new Map<string, Promise<NodeObservation | undefined>>();

  constructor(private readonly context: VersionContext) {}

  /** @param direction of the step that leads to the release which is looked at */
  async ifNeeded({
    direction,
    steps,
    asksFor,
    uptime,
  }: {
    readonly direction: 'up' | 'down';
    readonly steps: readonly Compared[];
    readonly asksFor: (difference: Difference) => boolean;
    readonly uptime: number;
  }): Promise<NodeObservation | undefined> {
    const isNeeded = steps.some((compared) => differencesIn(this.context, compared).some(asksFor));
    if (!isNeeded) return undefined;
    const look =
      this.taken.get(direction) ?? laterLook(this.context, direction === 'up' ? 'release' : 'upFrom', uptime);
    this.taken.set(direction, look);
    return look;
  }
}

async function compareStep(context: VersionContext, compared: Compared, told: Set<string>): Promise<void> {
  const { step, direction } = compared;
  context.recorder.note(step, 'code', 'applications', 'environment', 'supervision');
  const differences = differencesIn(context, compared).filter(
    // The same fault shows after every upgrade.
    ({ kind, subject }) => !told.has(`${direction} ${kind} ${subject}`),
  );
  for (const difference of await withNeeds(context, direction, differences)) {
    told.add(`${direction} ${difference.kind} ${difference.subject}`);
    tell(context, compared, difference);
  }
  noteTrees(context, compared, differences);
}

function differencesIn({ manifest, upFrom }: VersionContext, compared: Compared): Difference[] {
  const release = compared.direction === 'up' ? manifest : upFrom;
  const earlier = compared.direction === 'up' ? upFrom : manifest;
  const types = new Map(earlier.applications.map((one) => [one.name, one.type]));
  // that an application keeps the type it had in the other release was told with the relup
  const isTold = ({ kind, subject }: Difference): boolean =>
    kind === 'application-type' && types.get(subject) === compared.found.types[subject];
  const isLost = ({ kind }: Difference): boolean =>
    compared.losesConfig === true && kind.startsWith('environment');
  return compareNodes({ ...compared, release }).filter(
    (difference) => !isTold(difference) && !isLost(difference),
  );
}

function* comparisons(seen: Seen, { cold, byFullPackage }: Others): Generator<Compared> {
  const { booted, beforeUpgrade, upgraded, downgraded, upgradedAgain, restarted, relup } = seen;
  const { losesConfig = false } = seen;
  if (booted === undefined || beforeUpgrade === undefined) return;
  const up = { direction: 'up', bootedAgain: restarted, other: booted, script: relup?.up } as const;
  if (cold !== undefined && upgraded !== undefined) {
    yield { step: 'upgrade', ...up, found: upgraded, booted: cold, before: beforeUpgrade };
  }
  if (upgraded !== undefined && downgraded !== undefined) {
    const down = { direction: 'down', other: cold ?? upgraded, script: relup?.down, losesConfig } as const;
    yield { step: 'downgrade', ...down, found: downgraded, booted, before: upgraded };
  }
  if (cold !== undefined && downgraded !== undefined && upgradedAgain !== undefined) {
    yield { step: 'upgrade again', ...up, found: upgradedAgain, booted: cold, before: downgraded };
  }
  if (cold !== undefined && byFullPackage !== undefined) {
    yield { step: 'full package', ...up, found: byFullPackage, booted: cold, before: booted };
  }
}

function tell(context: VersionContext, { step, direction }: Compared, difference: Difference): void {
  const { recorder, upFrom, manifest } = context;
  const when =
    direction === 'up'
      ? `after the upgrade to ${manifest.version}`
      : `after the downgrade to ${upFrom.version}`;
  const upFromApplications = Object.fromEntries(
    upFrom.applications.map(({ name, version }) => [name, version]),
  );
  const { finding, corrections } = findingOf(difference, { step, direction, when, upFromApplications });
  recorder.add(finding);
  recorder.corrections.push(...corrections);
}

function noteTrees(
  { recorder }: VersionContext,
  { step, found, booted }: Compared,
  differences: readonly Difference[],
): void {
  const applications = differences.flatMap(({ kind, application }) =>
    kind.startsWith('child') && application !== undefined ? [application] : [],
  );
  for (const application of new Set(applications)) {
    const [is, should] = [found, booted].map((node) => treeText(node.trees[application]));
    recorder.trees.push({ step, application, found: is ?? '', booted: should ?? '' });
  }
}

/** A supervision tree as text, a line per process, in the order of their start. */
function treeText(top: ObservedProcess | undefined, indent = ''): string {
  if (top === undefined) return '';
  const count = top.kind === 'dynamic' ? ` (${top.count ?? 0} children)` : '';
  const lines = [...(top.children ?? [])]
    .reverse()
    .map(({ id, process }) =>
      process === null
        ? `${indent}  ${id} (not running)`
        : `${indent}  ${id}: ${treeText(process, `${indent}  `)}`,
    );
  return [`${top.name ?? top.callback ?? 'process'}${count}`, ...lines].join('\n');
}
