import { compareNodes, type Comparison, type Difference } from '../../node/comparison.js';
import type { NodeObservation, ObservedProcess } from '../../node/observation.js';
import type { VersionContext } from './lane.js';
import type { Seen } from './main-lane.js';
import { findingOf } from './differences.js';
import type { StepName } from './model.js';

/** Nodes besides the main one. */
export interface Others {
  /** The new release after a cold boot. */
  cold?: NodeObservation;
  /** The up-from release upgraded by the full package. */
  byFullPackage?: NodeObservation;
}

interface Compared extends Omit<Comparison, 'release'> {
  readonly step: StepName;
  readonly direction: 'up' | 'down';
}

/** Compares what every step led to with a boot of the same release; differences become findings and corrections. */
export function compareSteps(context: VersionContext, seen: Seen, others: Others): void {
  const told = new Set<string>();
  for (const compared of comparisons(seen, others)) {
    const { step, direction } = compared;
    context.recorder.note(step, 'code', 'applications', 'environment', 'supervision');
    const release = direction === 'up' ? context.manifest : context.upFrom;
    const differences = compareNodes({ ...compared, release }).filter(
      // The same fault shows after every upgrade.
      ({ kind, subject }) => !told.has(`${direction} ${kind} ${subject}`),
    );
    for (const difference of differences) {
      told.add(`${direction} ${difference.kind} ${difference.subject}`);
      tell(context, compared, difference);
    }
    noteTrees(context, compared, differences);
  }
}

function* comparisons(seen: Seen, { cold, byFullPackage }: Others): Generator<Compared> {
  const { booted, beforeUpgrade, upgraded, downgraded, upgradedAgain, restarted } = seen;
  if (booted === undefined || beforeUpgrade === undefined) return;
  const up = { direction: 'up', bootedAgain: restarted, other: booted } as const;
  if (cold !== undefined && upgraded !== undefined) {
    yield { step: 'upgrade', ...up, found: upgraded, booted: cold, before: beforeUpgrade };
  }
  if (upgraded !== undefined && downgraded !== undefined) {
    const other = cold ?? upgraded;
    yield { step: 'downgrade', direction: 'down', found: downgraded, booted, other, before: upgraded };
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
export function treeText(top: ObservedProcess | undefined, indent = ''): string {
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
