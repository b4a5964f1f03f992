import { basename } from 'node:path';
import type { Finding } from '../model/finding.js';
import type { Refs } from '../model/refs.js';
import type { BuiltRelease } from '../model/release.js';
import { defined } from '../shared/optional.js';
import { saveDependencies } from './cache/dependencies.js';
import { saveVersion } from './cache/releases.js';
import { debugPackageOf, unpackDebug, unpackRelease } from './describe.js';
import { checkMachine } from './machine.js';
import { checkDistinct, checkPair } from './pair-checks.js';
import type { RaisedVersions } from '../model/raised.js';
import { buildRaised } from './raised-build.js';
import { describedBy, isKept, provide, type BuildOptions } from './provide.js';
import type { Provided } from './provided.js';
import type { Assembly, BuildContext, Version } from './version.js';

/** Folders that nothing needs any more; none when they will be saved in the cache. */
interface Unused {
  /** From now on. */
  readonly now: readonly string[];
  /** Once no upgrade is planned any more. */
  readonly planned: readonly string[];
  /** Once no package is made any more, too. */
  readonly packed: readonly string[];
}

export interface Builds {
  /** The new release. */
  readonly release: BuiltRelease;
  /** The same as rebar3 assembled it in its worktree. */
  readonly assembly: Assembly;
  readonly upFrom: readonly BuiltRelease[];
  readonly findings: readonly Finding[];
  readonly unused: Unused;
  /** On a run of the default branch: stores what later runs can use instead of building it; for when all else succeeded. */
  readonly saveToCache: () => Promise<void>;
  /** Builds the new version once more, with versions that only this run sees. */
  readonly raise: (raised: RaisedVersions) => Promise<Pick<Builds, 'release' | 'assembly'>>;
}

/**
 * Gets all releases at the same time: the new one and those up-from versions that no cache entry or tarball provides are
 * built, each with one rebar3 call. Given packages are looked at before, so that a bad one costs no build.
 *
 * @throws the first failure, the new version's before an up-from version's
 */
export async function buildAll(options: BuildOptions, refs: Refs): Promise<Builds> {
  const given = await openGiven(options.context, refs);
  const newBuild = provide(options, newVersion(refs));
  const [first, ...others] = await allOrFirstFailure([
    newBuild.provided,
    ...refs.upFrom.map(async (choice) =>
      choice.kind === 'tarball'
        ? (given.get(choice.path) as BuiltRelease)
        : provide(options, upFromVersion(choice, refs), newBuild).provided,
    ),
  ]);
  const { release, assembly } = first;
  const provided = [first, ...others.filter((one) => 'assembly' in one)];
  const upFrom = others.map((one) => ('assembly' in one ? one.release : one));
  for (const one of upFrom) {
    checkPair(one, release, options.context.check === true);
    await checkMachine(one, release);
  }
  checkDistinct(upFrom);
  const kept = isKept(options);
  return {
    release,
    assembly,
    upFrom,
    findings: provided.flatMap(({ assembly }) => assembly.findings),
    unused: kept ? { now: [], planned: [], packed: [] } : unusedOf(provided),
    raise: (raised) => buildRaised(options.context, first, raised),
    saveToCache: () => (kept ? saveAll(options, provided) : Promise.resolve()),
  };
}

/** Of the new version the assembled release is read, too. */
function unusedOf([first, ...upFrom]: readonly Provided[]): Unused {
  return {
    now: upFrom.flatMap(({ made, assembly }) => (made.release ? [assembly.root] : [])),
    planned: upFrom.map(({ assembly }) => assembly.projectDir),
    packed: first === undefined ? [] : [first.assembly.projectDir],
  };
}

/** What this run made, for later runs; the same dependencies once. */
async function saveAll(options: BuildOptions, provided: readonly Provided[]): Promise<void> {
  const saved = new Set<string>();
  for (const { version, project, release, made } of provided) {
    if (made.release)
      await saveVersion(
        { ...options, described: await describedBy(options.context, project) },
        version,
        release,
      );
    const digest = project.dependencies?.digest ?? '';
    if (!made.dependencies || saved.has(digest)) continue;
    saved.add(digest);
    await saveDependencies({ ...options, project, version });
  }
}

/** The releases of the packages that were given, by path. */
async function openGiven(context: BuildContext, { upFrom }: Refs): Promise<Map<string, BuiltRelease>> {
  const given = new Map<string, BuiltRelease>();
  for (const choice of upFrom) {
    if (choice.kind !== 'tarball' || given.has(choice.path)) continue;
    const { path } = choice;
    const buildDir = await unpackDebug(context, debugPackageOf(path));
    const source = { kind: 'tarball', path, ...defined({ buildDir, published: choice.published }) } as const;
    given.set(path, await unpackRelease(context, path, { source, at: basename(path), isUpFrom: true }));
  }
  return given;
}

/** Waits for all, so that no program of ours runs on when the first failure is reported. */
async function allOrFirstFailure<T extends readonly unknown[]>(work: {
  [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }) as unknown as T;
}

function newVersion({ newRef, newCommit, newTag }: Refs): Version {
  return { ref: newRef, commit: newCommit, role: 'new', ...(newTag === undefined ? {} : { tag: newTag }) };
}

/** An up-from ref is held to its name only when it is one of the release tags that were looked at (H40). */
function upFromVersion({ ref, commit }: { ref: string; commit: string }, { candidates }: Refs): Version {
  const isTag = candidates.some(({ tag, version }) => tag === ref && version !== undefined);
  return { ref, commit, role: 'up-from', ...(isTag ? { tag: ref } : {}) };
}
