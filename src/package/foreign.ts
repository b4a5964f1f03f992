import type { Finding } from '../model/finding.js';
import type { PackagedRelease } from '../model/package.js';

/**
 * Files of other release versions that rode along (H45), as path → what is left out: the path itself, or the folder
 * (with a final slash) that belongs to the other version as a whole. Pure.
 *
 * @param upFromVersions - release versions that are known to exist, so that any spelling of them is recognised.
 */
export function foreignPaths(
  paths: readonly string[],
  release: PackagedRelease,
  upFromVersions: readonly string[],
): Map<string, string> {
  const context = {
    release,
    versions: new Set([...upFromVersions, ...releaseFolders(paths)]),
    applicationFolders: applicationFolders(paths),
  };
  const foreign = new Map<string, string>();
  for (const path of paths) {
    const unit = foreignUnit(path, context);
    if (unit !== undefined) foreign.set(path, unit);
  }
  return foreign;
}

/** One notice for each file or folder that was left out. */
export function foreignFindings(foreign: ReadonlyMap<string, string>, release: PackagedRelease): Finding[] {
  return [...new Set(foreign.values())].map((unit) => ({
    id: 'foreign-file-left-out',
    severity: 'notice',
    message: `${unit} in rebar3's tarball belongs to another version than ${release.version} and was left out of the packages.`,
    remedy:
      'Build each version in a clean folder, or name the file so that it does not look like another version.',
  }));
}

interface Context {
  readonly release: PackagedRelease;
  readonly versions: ReadonlySet<string>;
  readonly applicationFolders: ReadonlySet<string>;
}

function foreignUnit(path: string, context: Context): string | undefined {
  const { release } = context;
  const [top = '', name = '', ...rest] = path.split('/');
  if (top.startsWith('erts-')) return top === `erts-${release.erts}` ? undefined : `${top}/`;
  if (top === 'bin' && rest.length === 0) return isOtherScript(name, context) ? path : undefined;
  if (top === 'releases') return foreignInReleases({ path, name, rest, context });
  if (top === 'lib' && rest.length > 0) return isOtherApplication(name, context) ? `lib/${name}/` : undefined;
  return undefined;
}

function foreignInReleases({
  path,
  name,
  rest,
  context,
}: {
  readonly path: string;
  readonly name: string;
  readonly rest: readonly string[];
  readonly context: Context;
}): string | undefined {
  const { release, versions } = context;
  if (name === release.version) {
    // relx's upgrade script leaves its link to the unpacked package here
    return rest.length === 1 && rest[0] === `${release.name}.tar.gz` ? path : undefined;
  }
  if (rest.length > 0) return versions.has(name) ? `releases/${name}/` : undefined;
  if (name.endsWith('.tar.gz')) return path;
  const relVersion = versionAfter(name, `${release.name}-`, '.rel');
  return relVersion !== undefined && relVersion !== release.version ? path : undefined;
}

function isOtherScript(name: string, { release, versions }: Context): boolean {
  const version = versionAfter(name, `${release.name}-`, '');
  if (version === undefined || version === release.version) return false;
  return versions.has(version) || VERSION.test(version);
}

/** What a version looks like when it is not known; narrow, because a script of the user's own must not be left out. */
const VERSION = /^v?\d+(\.\d+)*([-+.~].*)?$/;

function versionAfter(name: string, prefix: string, suffix: string): string | undefined {
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) return undefined;
  const version = name.slice(prefix.length, name.length - suffix.length);
  return version === '' ? undefined : version;
}

/** Any application that is not in the release, and other versions of those that are. */
function isOtherApplication(folder: string, { release, applicationFolders }: Context): boolean {
  if (release.applications.some(({ dir }) => dir === `lib/${folder}`)) return false;
  if (applicationFolders.has(folder)) return true;
  return release.applications.some(({ name }) => VERSION.test(versionAfter(folder, `${name}-`, '') ?? ''));
}

/** Folders below `releases/` that hold a release resource file or a boot file. */
function releaseFolders(paths: readonly string[]): string[] {
  return paths.flatMap((path) => /^releases\/([^/]+)\/[^/]+\.(?:rel|boot)$/.exec(path)?.[1] ?? []);
}

/** Folders below `lib/` that hold an application resource file. */
function applicationFolders(paths: readonly string[]): Set<string> {
  return new Set(paths.flatMap((path) => /^lib\/([^/]+)\/ebin\/[^/]+\.app$/.exec(path)?.[1] ?? []));
}
