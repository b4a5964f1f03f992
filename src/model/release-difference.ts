import type { BuiltRelease, ReleaseApplication } from './release.js';

/** How one application differs between the up-from and the new release. */
export interface ApplicationChange {
  readonly name: string;
  /** Application version in the up-from release; absent when the application was added. */
  readonly from?: string;
  /** Application version in the new release; absent when it was removed. */
  readonly to?: string;
  /** Modules by what happened to their code (digest), sorted. */
  readonly modules: ModuleChanges;
}

export interface ModuleChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface ReleaseDifference {
  readonly upFrom: BuiltRelease;
  /** Applications in both releases under different versions. */
  readonly changed: readonly ApplicationChange[];
  readonly added: readonly ApplicationChange[];
  readonly removed: readonly ApplicationChange[];
  /** Applications of one version with different code: the upgrade would not load it (H14). */
  readonly unbumped: readonly ApplicationChange[];
}

/** Compares two releases application by application, by version and by the code of every module. Pure. */
export function compareReleases(upFrom: BuiltRelease, to: BuiltRelease): ReleaseDifference {
  const before = byName(upFrom);
  const after = byName(to);
  const pairs = [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((name) => change(name, before.get(name), after.get(name)));
  return {
    upFrom,
    changed: pairs.filter(({ from, to }) => from !== undefined && to !== undefined && from !== to),
    added: pairs.filter(({ from }) => from === undefined),
    removed: pairs.filter(({ to }) => to === undefined),
    unbumped: pairs.filter(({ from, to, modules }) => from === to && hasChanges(modules)),
  };
}

function byName(release: BuiltRelease): Map<string, ReleaseApplication> {
  return new Map(release.applications.map((application) => [application.name, application]));
}

function change(
  name: string,
  before: ReleaseApplication | undefined,
  after: ReleaseApplication | undefined,
): ApplicationChange {
  return {
    name,
    ...(before === undefined ? {} : { from: before.version }),
    ...(after === undefined ? {} : { to: after.version }),
    modules: compareModules(before?.modules ?? {}, after?.modules ?? {}),
  };
}

function compareModules(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): ModuleChanges {
  return {
    added: Object.keys(after)
      .filter((name) => !Object.hasOwn(before, name))
      .sort(),
    changed: Object.keys(after)
      .filter((name) => Object.hasOwn(before, name) && before[name] !== after[name])
      .sort(),
    removed: Object.keys(before)
      .filter((name) => !Object.hasOwn(after, name))
      .sort(),
  };
}

function hasChanges({ added, changed, removed }: ModuleChanges): boolean {
  return added.length + changed.length + removed.length > 0;
}
