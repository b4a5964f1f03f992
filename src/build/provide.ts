import type { BuiltRelease } from '../model/release.js';
import type { Toolchain } from '../model/toolchain.js';
import { assemble } from './assemble.js';
import { restoreDependencies } from './cache/dependencies.js';
import { restoreVersion } from './cache/releases.js';
import { takeDependencies, type StartedBuild } from './dependencies.js';
import { unpackBuilt } from './unpack-built.js';
import { openVersion, prepareVersion, type VersionProject } from './version-project.js';
import type { Assembly, BuildContext, Version } from './version.js';
import { worktreeFolder } from './version.js';

/** What the cache is used for: nothing, what up-from versions need, or the new release, too. */
export type CacheUse = 'off' | 'auto' | 'release';

export interface BuildOptions {
  readonly context: BuildContext;
  readonly toolchain: Toolchain;
  readonly cache: CacheUse;
}

/** A version's release, and where its files are. */
export interface Provided {
  readonly version: Version;
  readonly project: VersionProject;
  readonly assembly: Assembly;
  readonly release: BuiltRelease & { readonly tarball: string };
  /** What this run made itself, and later runs can use. */
  readonly made: { readonly release: boolean; readonly dependencies: boolean };
}

/** Work on a version that has begun. */
export interface Providing extends StartedBuild {
  readonly version: Version;
  /** The folders that its dependencies were compiled in; undefined when they are compiled with it. */
  readonly dependencies: Promise<readonly string[] | undefined>;
  readonly provided: Promise<Provided>;
}

/**
 * Gets the release of one version: from the cache if it may come from there and is there, otherwise built with one rebar3 call,
 * with dependencies from the cache or from another version's build.
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
  const dependencies = project.then(async (prepared) =>
    (await restored) === undefined ? findDependencies(options, version, { project: prepared, other }) : [],
  );
  const provided = dependencies.then(
    async (compiledIn) => (await restored) ?? build(options, version, { project: await project, compiledIn }),
  );
  return { version, project, dependencies, built: provided, provided };
}

async function findDependencies(
  { context, toolchain, cache }: BuildOptions,
  version: Version,
  { project, other }: { readonly project: VersionProject; readonly other: Providing | undefined },
): Promise<readonly string[] | undefined> {
  const { profile } = context;
  const isTaken =
    other !== undefined && (await takeDependencies({ project, from: other, ref: version.ref, profile }));
  if (isTaken) return [await worktreeFolder(context, other.version), ...((await other.dependencies) ?? [])];
  return cache === 'off' ? undefined : restoreDependencies({ context, toolchain, project, version });
}

async function build(
  { context }: BuildOptions,
  version: Version,
  {
    project,
    compiledIn,
  }: { readonly project: VersionProject; readonly compiledIn: readonly string[] | undefined },
): Promise<Provided> {
  const assembly = await assemble(context, version, project.dir);
  const builtIn = [await worktreeFolder(context, version), ...(compiledIn ?? [])];
  const release = await unpackBuilt(context, version, { assembly, builtIn });
  const made = { release: true, dependencies: compiledIn === undefined };
  return { version, project, assembly, release, made };
}

async function restore(
  { context, toolchain }: BuildOptions,
  version: Version,
  project: VersionProject,
): Promise<Provided | undefined> {
  const { dir, fixed } = project;
  const described = await describedBy(context, project);
  const release = await restoreVersion({ context, toolchain, described }, version);
  if (release === undefined) return undefined;
  const { root, tarball, source } = release;
  const buildDir = source.buildDir ?? root;
  return {
    version,
    project: { dir, fixed },
    assembly: { projectDir: dir, root, buildDir, tarball, findings: [] },
    release,
    made: { release: false, dependencies: false },
  };
}

/** What beside the commit decides about a version's versions: tags, unless they are all written down. */
export async function describedBy({ git }: BuildContext, { dir, fixed }: VersionProject): Promise<string> {
  return fixed ? '' : git.at(dir).describe();
}
