import { basename } from 'node:path';
import type { Finding } from '../model/finding.js';
import type { Refs } from '../model/refs.js';
import type { BuiltRelease } from '../model/release.js';
import type { Toolchain } from '../model/toolchain.js';
import { RefusedError } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import { maySaveCache } from './actions-cache.js';
import { assemble } from './assemble.js';
import { takeDependencies } from './dependencies.js';
import { debugPackageOf, unpackDebug, unpackRelease } from './describe.js';
import { checkMachine } from './machine.js';
import { fetchVersion, restoreVersion, saveVersion, versionCacheKey } from './release-cache.js';
import { openVersion, type VersionProject } from './version-project.js';
import type { Assembly, BuildContext, Version } from './version.js';
import { placeOf, worktreeFolder } from './version.js';

export interface Builds {
  /** The new release. */
  readonly release: BuiltRelease;
  /** The same as rebar3 assembled it in its worktree. */
  readonly assembly: Assembly;
  readonly upFrom: readonly BuiltRelease[];
  readonly findings: readonly Finding[];
  /** Folders that nothing needs any more once the upgrade is planned. */
  readonly unused: readonly string[];
  /** Stores what later runs can use instead of building it; to be called when everything else succeeded. */
  readonly saveToCache: () => Promise<void>;
}

/** What a version was built into, kept for the cache. */
interface Built {
  readonly version: Version;
  readonly assembly: Assembly;
  readonly release: BuiltRelease & { readonly tarball: string };
}

/** A version that is being built. */
interface Build {
  readonly project: Promise<VersionProject>;
  readonly built: Promise<Assembly>;
}

/**
 * Gets all releases at the same time: the new one and those up-from versions that no cache entry or tarball provides are
 * built, each with one rebar3 call. Given packages are looked at before, so that a bad one costs no build.
 *
 * @throws the first failure, the new version's before an up-from version's
 */
export async function buildAll({
  context,
  refs,
  toolchain,
  cache,
}: {
  readonly context: BuildContext;
  readonly refs: Refs;
  readonly toolchain: Toolchain;
  readonly cache: 'auto' | 'off';
}): Promise<Builds> {
  const given = await openGiven(context, refs);
  const keyOf = (version: Version): string => versionCacheKey(context, toolchain, version);
  const save = cache === 'auto' && maySaveCache(process.env);
  // One after the other, and before any build starts: the toolkit changes this process's folder meanwhile.
  const fetched = new Map<string, string>();
  for (const version of cache === 'off' ? [] : upFromVersions(refs)) {
    const folder = await fetchVersion(context, keyOf(version), version);
    if (folder !== undefined) fetched.set(version.commit, folder);
  }
  const all: Built[] = [];
  const unpack = async (version: Version, { built }: Build): Promise<Built> => {
    const one = await unpackBuilt(context, version, await built);
    all.push(one);
    return one;
  };
  const build = (version: Version, other?: Build): Build => {
    const project = openVersion(context, version);
    const built = project.then(async (opened) => {
      if (other !== undefined)
        await takeDependencies({
          project: opened,
          from: other,
          ref: version.ref,
          profile: context.profile,
        });
      return assemble(context, version, opened.dir);
    });
    return { project, built };
  };
  const newBuild = build(newVersion(refs));
  const [{ release, assembly }, ...upFrom] = await allOrFirstFailure([
    unpack(newVersion(refs), newBuild),
    ...refs.upFrom.map(async (choice) => {
      if (choice.kind === 'tarball') return given.get(choice.path) as BuiltRelease;
      const version = upFromVersion(choice, refs);
      const known = await restored(context, version, fetched);
      return known ?? (await unpack(version, build(version, newBuild))).release;
    }),
  ]);
  for (const one of upFrom) {
    checkPair(one, release);
    await checkMachine(one, release);
  }
  checkDistinct(upFrom);
  const saveToCache = async (): Promise<void> => {
    for (const { version, release } of save ? all : []) {
      await saveVersion({ context, key: keyOf(version), version, release });
    }
  };
  return {
    release,
    assembly,
    upFrom,
    findings: all.flatMap(({ assembly }) => assembly.findings),
    unused: save ? [] : [assembly.projectDir],
    saveToCache,
  };
}

/** From here on only the package counts, not what it was made from. */
async function unpackBuilt(context: BuildContext, version: Version, assembly: Assembly): Promise<Built> {
  const { projectDir, buildDir, tarball } = assembly;
  const { ref, commit, tag } = version;
  const worktree = await worktreeFolder(context, version);
  const release = await unpackRelease(context, tarball, {
    source: { kind: 'ref', ref, commit, worktree, projectDir, buildDir },
    at: placeOf(version),
    tag,
    isUpFrom: version.role === 'up-from',
  });
  return { version, assembly, release: { ...release, tarball } };
}

/** The releases of the packages that were given, by path. */
async function openGiven(context: BuildContext, { upFrom }: Refs): Promise<Map<string, BuiltRelease>> {
  const given = new Map<string, BuiltRelease>();
  for (const choice of upFrom) {
    if (choice.kind !== 'tarball' || given.has(choice.path)) continue;
    const { path } = choice;
    const buildDir = await unpackDebug(context, debugPackageOf(path));
    const source = { kind: 'tarball', path, ...defined({ buildDir }) } as const;
    given.set(path, await unpackRelease(context, path, { source, at: basename(path), isUpFrom: true }));
  }
  return given;
}

/** An up-from release from the cache. */
async function restored(
  context: BuildContext,
  version: Version,
  fetched: ReadonlyMap<string, string>,
): Promise<BuiltRelease | undefined> {
  const folder = fetched.get(version.commit);
  return folder === undefined ? undefined : restoreVersion(context, folder, version);
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

function upFromVersions(refs: Refs): Version[] {
  return refs.upFrom.flatMap((choice) => (choice.kind === 'ref' ? [upFromVersion(choice, refs)] : []));
}

function checkPair(upFrom: BuiltRelease, release: BuiltRelease): void {
  if (upFrom.name !== release.name) {
    throw new RefusedError(
      `The up-from release is ${upFrom.name} ${upFrom.version}, but the new one is ${release.name} ${release.version}.`,
      {
        remedy:
          'A node is upgraded within one release name: set the input `release`, or upgrade-from another version.',
      },
    );
  }
  if (upFrom.version !== release.version) return;
  throw new RefusedError(
    `Both releases are ${release.name} ${release.version}: the release version was not raised.`,
    {
      remedy: `Raise it in rebar.config: {release, {${release.name}, "<new version>"}, …}.`,
      location: { file: 'rebar.config' },
    },
  );
}

function checkDistinct(releases: readonly BuiltRelease[]): void {
  const seen = new Set<string>();
  for (const { name, version } of releases) {
    if (seen.has(version)) {
      throw new RefusedError(`Two of the up-from releases are ${name} ${version}.`, {
        remedy: 'Name each version once in `upgrade-from`.',
      });
    }
    seen.add(version);
  }
}
