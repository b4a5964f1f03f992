import { basename } from 'node:path';
import { RefusedError } from '../shared/errors.js';
import type { Finding } from '../shared/findings.js';
import type { BuiltRelease } from '../shared/release.js';
import { addWorktree, assemble, placeOf, type Assembly, type BuildContext, type Version } from './build.js';
import { maySaveCache } from './cache.js';
import { checkMachine } from './machine.js';
import type { Refs, UpFromChoice } from './refs.js';
import { checkNames } from './release-checks.js';
import { restoreVersion, saveVersion, versionCacheKey } from './release-cache.js';
import { describeRelease, unpackRelease, type Origin } from './release-description.js';
import type { Toolchain } from './toolchain.js';

export interface Builds {
  /** The new release, unpacked from rebar3's own tarball: from here on only that counts, not what it was made from. */
  readonly release: BuiltRelease;
  /** The same as rebar3 assembled it in its worktree. */
  readonly assembly: Assembly;
  readonly upFrom: readonly BuiltRelease[];
  readonly findings: readonly Finding[];
  /** Stores what later runs can use instead of building it; to be called when everything else succeeded. */
  readonly saveToCache: () => Promise<void>;
}

/** What a version was assembled into, kept for the cache. */
interface Built {
  readonly version: Version;
  readonly assembly: Assembly;
}

/**
 * Gets all releases at the same time: the new one and those up-from versions that no cache entry or tarball provides are
 * built, each with one rebar3 call.
 *
 * @throws the first failure, the new version's before an up-from version's
 */
export async function buildAll(
  context: BuildContext,
  refs: Refs,
  toolchain: Toolchain,
  cache: 'auto' | 'off',
): Promise<Builds> {
  const keyOf = (version: Version): string => versionCacheKey(context, toolchain, version);
  const save = cache === 'auto' && maySaveCache(process.env);
  const restored = new Map<string, BuiltRelease>();
  // One after the other, and before any build starts: the toolkit changes this process's folder meanwhile.
  for (const version of cache === 'off' ? [] : upFromVersions(refs)) {
    const release = await restoreVersion(context, keyOf(version), version);
    if (release !== undefined) restored.set(version.commit, release);
  }
  const built: Built[] = [];
  const build = async (version: Version, task: 'release' | 'tar'): Promise<Assembly> => {
    const projectDir = await addWorktree(context, version);
    await checkNames(context.erlang, projectDir, placeOf(version));
    const assembly = await assemble(context, version, projectDir, task);
    built.push({ version, assembly });
    return assembly;
  };
  const [[release, assembly], ...upFrom] = await allOrFirstFailure([
    buildNew(context, newVersion(refs), build),
    ...refs.upFrom.map((choice) =>
      obtain(context, choice, refs, restored, (version) => build(version, save ? 'tar' : 'release')),
    ),
  ]);
  for (const one of upFrom) {
    checkPair(one, release);
    await checkMachine(one, release);
  }
  checkDistinct(upFrom);
  const saveToCache = async (): Promise<void> => {
    for (const { version, assembly } of save ? built : []) {
      if (assembly.tarball !== undefined)
        await saveVersion(context, keyOf(version), version, assembly.tarball);
    }
  };
  return {
    release,
    assembly,
    upFrom,
    findings: built.flatMap(({ assembly }) => assembly.findings),
    saveToCache,
  };
}

type Build = (version: Version, task: 'release' | 'tar') => Promise<Assembly>;

async function buildNew(
  context: BuildContext,
  version: Version,
  build: Build,
): Promise<[BuiltRelease, Assembly]> {
  const assembly = await build(version, 'tar');
  const release = await unpackRelease(context, assembly.tarball as string, originOf(version, assembly));
  return [release, assembly];
}

/** An up-from release: given, restored, or else built. */
async function obtain(
  context: BuildContext,
  choice: UpFromChoice,
  refs: Refs,
  restored: ReadonlyMap<string, BuiltRelease>,
  build: (version: Version) => Promise<Assembly>,
): Promise<BuiltRelease> {
  if (choice.kind === 'tarball') {
    const { path } = choice;
    return unpackRelease(context, path, { source: { kind: 'tarball', path }, at: basename(path) });
  }
  const known = restored.get(choice.commit);
  if (known !== undefined) return known;
  const version = upFromVersion(choice, refs);
  const assembly = await build(version);
  return describeRelease(context.erlang, assembly.root, originOf(version, assembly));
}

function originOf(version: Version, { projectDir }: Assembly): Origin {
  const { ref, commit, tag } = version;
  return { source: { kind: 'ref', ref, commit, projectDir }, at: placeOf(version), tag };
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
