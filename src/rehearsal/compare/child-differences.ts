import type { Comparison, Difference } from './difference.js';
import type { NodeObservation } from './observation.js';
import { childrenOf, parentPath, specChanges, type PlacedChild } from './supervision.js';

type Children = ReadonlyMap<string, PlacedChild>;

/**
 * Children that a supervisor has otherwise than after a boot (H24, H127). Pure. Temporary children, and transient ones, may end
 * by themselves: when one that the node had is absent, that is no difference. What is started at run time under a name of its
 * own differs on every node, and is left out as far as it can be told.
 */
export function childDifferences(comparison: Comparison): Difference[] {
  const { found, booted, bootedAgain, later } = comparison;
  const is = childrenOf(found);
  const should = childrenOf(booted);
  const again = bootedAgain === undefined ? undefined : childrenOf(bootedAgain);
  const laterOn = later === undefined ? undefined : childrenOf(later);
  const reported = new Set<string>();
  return [
    ...[...should].flatMap(([path, child]) => {
      const boots = [again, laterOn].flatMap((boot) => (boot === undefined ? [] : [boot.get(path)]));
      return expected({ comparison, child, here: is.get(path), boots });
    }),
    ...[...is].flatMap(([path, child]) =>
      [should, again, laterOn].some((boot) => boot?.has(path) === true) ? [] : unexpected(comparison, child),
    ),
  ].filter(({ child }) => {
    const { path } = child as PlacedChild;
    reported.add(path);
    return !reported.has(parentPath(path));
  });
}

/** A child that the boot has; `boots` tell what other boots of the release have in its place. */
function expected({
  comparison,
  child,
  here,
  boots,
}: {
  readonly comparison: Comparison;
  readonly child: PlacedChild;
  readonly here: PlacedChild | undefined;
  readonly boots: readonly (PlacedChild | undefined)[];
}): Difference[] {
  if (here === undefined || (!runs(here) && runs(child))) {
    const isStable = boots.every((other) => runs(other) === runs(child));
    if (!isStable || !wasStartable(child) || hasEnded(comparison, child)) return [];
    return [
      { kind: 'child-missing', specified: here !== undefined, ...about(comparison, child, comparison.later) },
    ];
  }
  const renamed = otherName(here, child);
  if (
    renamed !== undefined &&
    boots.every((other) => other === undefined || nameOf(other) === nameOf(child))
  ) {
    const names = [nameOf(here), nameOf(child)].filter((name) => name !== null);
    return [{ kind: 'child-renamed', detail: renamed, names, ...about(comparison, child, comparison.later) }];
  }
  const changes = specChanges(here, child);
  const isAlike = boots.every((other) => other === undefined || specChanges(other, child).length === 0);
  if (changes.length === 0 || !isAlike) return [];
  return [
    { kind: 'child-changed', detail: changes.join('; '), ...about(comparison, child, comparison.later) },
  ];
}

/** start_link, which registers a process, is not called again in an upgrade. */
function otherName(here: PlacedChild, child: PlacedChild): string | undefined {
  const [is, should] = [nameOf(here), nameOf(child)];
  if (should === null || is === should) return undefined;
  return `${is === null ? 'without a name' : `registered as ${is}`}, but as ${should}`;
}

function nameOf({ child }: PlacedChild): string | null {
  return child.process?.name ?? null;
}

/** A child that no boot of the release has. */
function unexpected(comparison: Comparison, child: PlacedChild): Difference[] {
  const { found, other, before } = comparison;
  const isLeft = childrenOf(other).has(child.path);
  const wasAdded =
    child.child.isAtom && !childrenOf(before).has(child.path) && !isUnchanged(found, other, child);
  return isLeft || wasAdded
    ? [{ kind: 'child-left', ...about(comparison, child, comparison.otherLater) }]
    : [];
}

/** @param asked a node whose supervisors told what their init/1 lists */
function about(
  { found, other, before, script }: Comparison,
  child: PlacedChild,
  asked: NodeObservation | undefined,
): Pick<Difference, 'application' | 'subject' | 'child' | 'listed' | 'unchanged' | 'existed' | 'restarted'> {
  return {
    application: child.application,
    subject: child.place,
    child,
    listed: asked === undefined ? undefined : isListed(childrenOf(asked), asked, child),
    unchanged: isUnchanged(found, other, child),
    existed: runs(childrenOf(before).get(child.path)),
    restarted: script?.stopsApplications.includes(child.application) === true,
  };
}

/** Whether the supervisor's init/1 lists the child, as far as the node that was asked tells. */
function isListed(
  children: Children,
  node: NodeObservation,
  { path, application, child }: PlacedChild,
): boolean | undefined {
  const parent = parentPath(path);
  const process = parent === application ? node.trees[application] : children.get(parent)?.child.process;
  return process?.listed?.includes(child.id);
}

function runs(child: PlacedChild | undefined): boolean {
  return child?.child.process != null;
}

/** What has no process after a boot either (start functions that answer `ignore`) is only compared by its specification. */
function wasStartable(child: PlacedChild): boolean {
  return runs(child) || child.child.spec !== null;
}

/** A child that need not live on, and was there before or is started by the relup: it has ended since. */
function hasEnded({ before, other, script }: Comparison, { path, supervisor, child }: PlacedChild): boolean {
  if (!mayEnd(child.spec?.options['restart'])) return false;
  return (
    childrenOf(before).has(path) ||
    childrenOf(other).has(path) ||
    script?.children.some(
      (one) => one.call === 'restart_child' && one.supervisor === supervisor.name && one.id === child.id,
    ) === true
  );
}

/** Whether a supervisor leaves it at that when such a child ends in order. */
export function mayEnd(restart: string | undefined): boolean {
  return restart === 'temporary' || restart === 'transient';
}

/** No instruction is run for applications that stay as they are; what is new there was started at run time. */
function isUnchanged(found: NodeObservation, other: NodeObservation, { application }: PlacedChild): boolean {
  return found.applications[application] === other.applications[application];
}
