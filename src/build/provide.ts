import type { Toolchain } from '../model/toolchain.js';
import type { CommittedFile } from '../programs/git/work-tree.js';
import { buildAfter } from './build-after.js';
import { assembleAlone, finishAlone } from './build-alone.js';
import { BuildFolder } from './build-folder.js';
import { restoreDependencies } from './cache/dependencies.js';
import { maySaveCache } from './cache/key.js';
import { restoreVersion } from './cache/releases.js';
import { takeDependencies } from './dependencies.js';
import type { Provided, Providing } from './provided.js';
import { findShared } from './shared-modules.js';
import { openVersion, prepareVersion, type VersionProject } from './version-project.js';
import { worktreeFolder, type Assembly, type BuildContext, type Version } from './version.js';

/** What the cache is used for: nothing, what up-from versions need, or the new release, too. */
export type CacheUse = 'off' | 'auto' | 'release';

export interface BuildOptions {
  readonly context: BuildContext;
  readonly toolchain: Toolchain;
  readonly cache: CacheUse;
}

/**
 * Whether the releases of this run are saved in the cache. Those are built each in its own place: with `cache: release` a later run
 * may ship them.
 */
export function isKept({ cache, context }: BuildOptions): boolean {
  return cache !== 'off' && context.check !== true && maySaveCache(process.env);
}

/** How a version's release is come by. */
type Way =
  | { readonly kind: 'restored'; readonly provided: Provided }
  /** It has most modules in common with `other`, so it is built after it, in its place. */
  | {
      readonly kind: 'after';
      readonly other: Providing;
      readonly shared: readonly CommittedFile[];
      readonly taken: Promise<boolean>;
    }
  | {
      readonly kind: 'built';
      readonly compiledIn: readonly string[] | undefined;
      readonly assembly: Promise<Assembly>;
    };

/**
 * Gets the release of one version: from the cache if it may come from there and is there, otherwise built with one rebar3 call,
 * with dependencies from the cache or from another version's build, or, when most modules are the same there, with those, too.
 *
 * @param other a version that is being built at the same time
 */
export function provide(options: BuildOptions, version: Version, other?: Providing): Providing {
  const { context, cache } = options;
  const opened = openVersion(context, version);
  const isSought = cache === 'release' || (cache === 'auto' && version.role === 'up-from');
  const restored = opened.then((found) => (isSought ? restore(options, version, found) : undefined));
  const project = restored.then(
    async (known) => known?.project ?? prepareVersion(context, version, await opened),
  );
  const way = project.then(async (prepared): Promise<Way> => {
    const known = await restored;
    if (known !== undefined) return { kind: 'restored', provided: known };
    return findWay(options, version, { project: prepared, other });
  });
  const dependencies = way.then((found) => (found.kind === 'built' ? found.compiledIn : []));
  const built = way.then((found) => (found.kind === 'built' ? found.assembly : undefined));
  const provided = way.then(async (found): Promise<Provided> => {
    if (found.kind === 'restored') return found.provided;
    const made = { project: await project };
    if (found.kind === 'after') return buildAfter(context, version, { ...found, ...made });
    return finishAlone(context, version, { ...found, ...made });
  });
  // Whoever needs these sees how they fail, and `provided` tells it.
  const taken = way.then(async (found) => {
    if (found.kind === 'after') await found.taken;
  });
  for (const side of [dependencies, built, taken]) side.catch(() => undefined);
  other?.folder.hold(taken);
  return {
    version,
    project,
    dependencies,
    built,
    provided,
    folder: new BuildFolder(worktreeFolder(context, version), built),
  };
}

async function findWay(
  options: BuildOptions,
  version: Version,
  { project, other }: { readonly project: VersionProject; readonly other: Providing | undefined },
): Promise<Way> {
  const { context, toolchain, cache } = options;
  const { profile } = context;
  const { ref } = version;
  if (other !== undefined && cache !== 'off' && !isKept(options)) {
    const shared = await findShared(context, { version, project }, other);
    if (shared.length > 0) {
      // While the other goes on to compile.
      return {
        kind: 'after',
        other,
        shared,
        taken: takeDependencies({ project, from: other, ref, profile }),
      };
    }
  }
  const isTaken = other !== undefined && (await takeDependencies({ project, from: other, ref, profile }));
  const compiledIn = isTaken
    ? [await worktreeFolder(context, other.version), ...((await other.dependencies) ?? [])]
    : cache === 'off'
      ? undefined
      : await restoreDependencies({ context, toolchain, project, version });
  return { kind: 'built', compiledIn, assembly: assembleAlone(context, version, project) };
}

async function restore(
  { context, toolchain }: BuildOptions,
  version: Version,
  project: VersionProject,
): Promise<Provided | undefined> {
  const { dir, fixed, alone } = project;
  const described = await describedBy(context, project);
  const release = await restoreVersion({ context, toolchain, described }, version);
  if (release === undefined) return undefined;
  const { root, tarball, source } = release;
  const buildDir = source.buildDir ?? root;
  return {
    version,
    project: { dir, fixed, alone },
    assembly: { projectDir: dir, root, buildDir, tarball, findings: [] },
    release,
    made: { release: false, dependencies: false },
  };
}

/** What beside the commit decides about a version's versions: tags, unless they are all written down. */
export async function describedBy({ git }: BuildContext, { dir, fixed }: VersionProject): Promise<string> {
  return fixed ? '' : git.at(dir).describe();
}
