import type { Fate, RehearsedVersion, SupervisedProcess } from '../../model/rehearsal.js';
import { compareReleases } from '../../model/release-difference.js';
import type { BuiltRelease } from '../../model/release.js';
import type { NodeObservation, ObservedChild, ObservedProcess } from './observation.js';
import { RUNTIME } from './supervision.js';

/** A place in the tree, with what was there before and after. */
interface Pair {
  readonly name: string;
  /** The module that the child specification starts. */
  readonly module: string | undefined;
  readonly before: ObservedProcess | undefined;
  readonly after: ObservedProcess | undefined;
}

/**
 * What an upgrade did to each supervised process, for people: who goes on, with what code, and who was started or ended. Only
 * applications in which something happened, and none of OTP's base. Pure.
 */
export function treeChanges(
  {
    beforeUpgrade,
    upgraded,
  }: { readonly beforeUpgrade?: NodeObservation; readonly upgraded?: NodeObservation },
  { upFrom, release }: { readonly upFrom: BuiltRelease; readonly release: BuiltRelease },
): RehearsedVersion['supervision'] {
  if (beforeUpgrade === undefined || upgraded === undefined) return [];
  const changed = new Set(compareReleases(upFrom, release).changed.flatMap(({ modules }) => modules.changed));
  const [old, now] = [beforeUpgrade.trees, upgraded.trees];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (name) => !RUNTIME.includes(name),
  );
  return names
    .sort()
    .map((application) => {
      const [before, after] = [old[application], now[application]];
      const top = after ?? before;
      const name = top?.name ?? top?.callback ?? application;
      return { application, top: changeOf({ name, module: undefined, before, after }, changed) };
    })
    .filter(({ top }) => isTouched(top));
}

function changeOf(pair: Pair, changed: ReadonlySet<string>): SupervisedProcess {
  const { name, before, after } = pair;
  return {
    name,
    kind: (after ?? before)?.kind ?? 'worker',
    fate: fateOf(pair, changed),
    children: childPairs(before, after).map((child) => changeOf(child, changed)),
  };
}

function fateOf({ module, before, after }: Pair, changed: ReadonlySet<string>): Fate {
  if (after === undefined) return 'ended';
  if (before === undefined) return 'started';
  if (before.pid !== after.pid) return 'restarted';
  const modules = [module, after.callback ?? undefined, before.callback ?? undefined];
  return modules.some((one) => one !== undefined && changed.has(one)) ? 'new code' : 'kept';
}

/** Supervisors list their children in the reverse order of their start. */
function childPairs(before: ObservedProcess | undefined, after: ObservedProcess | undefined): Pair[] {
  const [old, now] = [before, after].map((process) => byKey(process?.children ?? []));
  const keys = [...new Set([...(now?.keys() ?? []), ...(old?.keys() ?? [])])];
  return keys.flatMap((key): Pair[] => {
    const [was, is] = [old?.get(key), now?.get(key)];
    const [first, then] = [was?.process ?? undefined, is?.process ?? undefined];
    if (first === undefined && then === undefined) return [];
    const child = is ?? was;
    return [{ name: child?.id ?? '', module: child?.spec?.module, before: first, after: then }];
  });
}

function byKey(children: readonly ObservedChild[]): Map<number, ObservedChild> {
  return new Map([...children].reverse().map((child) => [child.key, child]));
}

function isTouched({ fate, children }: SupervisedProcess): boolean {
  return fate !== 'kept' || children.some(isTouched);
}
