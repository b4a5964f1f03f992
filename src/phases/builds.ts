import type { Refs } from './refs.js';
import { RefusedError } from '../shared/errors.js';
import type { BuiltRelease } from '../shared/release.js';
import { addWorktree, buildVersion, type Assembled, type BuildContext, type Version } from './build.js';
import { maySaveCache } from './cache.js';
import type { Toolchain } from './toolchain.js';
import { restoreUpFrom, saveUpFrom, unpackRelease, versionCacheKey } from './up-from.js';

export interface Builds {
  readonly release: Assembled;
  readonly upFrom: readonly BuiltRelease[];
  /** Stores what later runs can use instead of building it; to be called when everything else succeeded. */
  readonly saveToCache: () => Promise<void>;
}

interface Wanted {
  readonly version: Version;
  readonly key: string | undefined;
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
  const save = cache === 'auto' && maySaveCache(process.env);
  const upFrom = refs.upFrom.flatMap((choice) =>
    choice.kind === 'ref' ? [upFromVersion(choice, refs)] : [],
  );
  const wanted = [newVersion(refs), ...upFrom].map((version) => ({
    version,
    key: cache === 'off' ? undefined : versionCacheKey(context, toolchain, version),
  }));
  const [first, ...others] = wanted as [Wanted, ...Wanted[]];
  const restored: (BuiltRelease | undefined)[] = [];
  // One after the other, and before any build starts: the toolkit changes this process's folder meanwhile.
  for (const { key, version } of others) {
    restored.push(key === undefined ? undefined : await restoreUpFrom(context, key, version));
  }
  const missing = others.filter((_, index) => !restored[index]);
  const assembled = await buildSideBySide(context, [first, ...missing], save);
  const release = assembled[0] as Assembled;
  const byCommit = new Map(
    [...restored, ...assembled.slice(1)].flatMap((one) => (one ? [[commitOf(one), one]] : [])),
  );
  const releases = await Promise.all(
    refs.upFrom.map(async (choice) =>
      choice.kind === 'ref'
        ? (byCommit.get(choice.commit) as BuiltRelease)
        : unpackRelease(context, choice.path, { kind: 'tarball', path: choice.path }),
    ),
  );
  for (const one of releases) checkPair(one, release);
  checkDistinct(releases);
  const saveToCache = async (): Promise<void> => {
    if (!save) return;
    for (const [index, { key, version }] of [first, ...missing].entries()) {
      if (key !== undefined) await saveUpFrom(context, key, version, assembled[index] as Assembled);
    }
  };
  return { release, upFrom: releases, saveToCache };
}

function newVersion({ newRef, newCommit, newTag }: Refs): Version {
  return { ref: newRef, commit: newCommit, role: 'new', ...(newTag === undefined ? {} : { tag: newTag }) };
}

/** An up-from ref is held to its name only when it is one of the release tags that were looked at (H40). */
function upFromVersion(choice: { ref: string; commit: string }, { candidates }: Refs): Version {
  const isTag = candidates.some(({ tag, version }) => tag === choice.ref && version !== undefined);
  return { ...choice, role: 'up-from', ...(isTag ? { tag: choice.ref } : {}) };
}

/** An up-from release needs a tarball only where it goes into the cache. */
async function buildSideBySide(
  context: BuildContext,
  wanted: readonly Wanted[],
  packageAll: boolean,
): Promise<Assembled[]> {
  const folders: string[] = [];
  // One after the other: git locks the repository while it adds a worktree.
  for (const { version } of wanted) folders.push(await addWorktree(context, version));
  const results = await Promise.allSettled(
    wanted.map(({ version }, index) =>
      buildVersion(
        context,
        version,
        folders[index] as string,
        packageAll || version.role === 'new' ? 'tar' : 'release',
      ),
    ),
  );
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function commitOf({ source }: BuiltRelease): string {
  return source.kind === 'tarball' ? '' : source.commit;
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
