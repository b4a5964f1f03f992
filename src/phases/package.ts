import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError } from '../shared/errors.js';
import type { Finding } from '../shared/findings.js';
import { defined } from '../shared/optional.js';
import { DEBUG_SUFFIX, type BuiltRelease } from '../shared/release.js';
import { debugEntries } from './package/debug.js';
import { foreignFindings, foreignPaths, type PackagedRelease } from './package/foreign.js';
import { writeTarball, type Package } from './package/tarball.js';
import { readTree, type TreeEntry } from './package/tree.js';
import { selectUpgradeFiles } from './package/upgrade-files.js';

export type { PackagedRelease } from './package/foreign.js';
export type { Package, PackageFile } from './package/tarball.js';
export { verifyPackage } from './package/verify.js';

export interface Packages {
  readonly full: Package;
  /** Absent for a first release and when no relup was made. */
  readonly upgrade?: Package;
  /** Compiled modules with their debug information, for the next build; absent when the packages hold it themselves. */
  readonly debug?: Package;
  readonly findings: readonly Finding[];
  /** Up-from release version → files of the upgrade package that it has with other content, which stays (H125). */
  readonly keeps: Readonly<Record<string, readonly string[]>>;
}

export interface PackageOptions {
  /** Folder into which rebar3's tarball was unpacked, with relup and appups already in place. */
  readonly tree: string;
  readonly release: PackagedRelease;
  /** The releases that the relup upgrades from. */
  readonly upFrom: readonly BuiltRelease[];
  /** Whether there is an upgrade to package: false for a first release and for kind `restart` without a relup. */
  readonly makeUpgrade: boolean;
  /** Where the tarballs go; made when missing. */
  readonly folder: string;
  /** Unix seconds that every member gets: the new commit's time. */
  readonly mtime: number;
}

/**
 * Makes `<name>-<version>.tar.gz` for fresh installations (rebar3's own tarball plus relup and appups) and
 * `<name>-<version>.upgrade.tar.gz` with only what the up-from releases lack. The same tree gives the same bytes.
 *
 * @throws {ActionError} when the tree holds what release_handler would not unpack.
 */
export async function makePackages(options: PackageOptions): Promise<Packages> {
  const { release, upFrom, folder, mtime } = options;
  const all = await readTree(options.tree);
  const foreign = foreignPaths(
    all.map(({ path }) => path),
    release,
    upFrom.map(({ version }) => version),
  );
  const entries = withVersionedRel(
    all.filter(({ path }) => !foreign.has(path)),
    release,
  );
  const selected =
    options.makeUpgrade && upFrom.length > 0 ? await selectUpgradeFiles(entries, release, upFrom) : undefined;

  await mkdir(folder, { recursive: true });
  const base = join(folder, `${release.name}-${release.version}`);
  const forNextBuild = await debugEntries(release, options.tree);
  const [full, upgrade, debug] = await Promise.all([
    writeTarball('full', `${base}.tar.gz`, entries, mtime),
    selected && writeTarball('upgrade', `${base}.upgrade.tar.gz`, selected.entries, mtime),
    forNextBuild.length === 0
      ? undefined
      : writeTarball('debug', `${base}${DEBUG_SUFFIX}`, forNextBuild, mtime),
  ]);
  const findings = [...foreignFindings(foreign, release), ...(selected?.findings ?? [])];
  return { full, ...defined({ upgrade, debug }), findings, keeps: selected?.keeps ?? {} };
}

/**
 * Adds `releases/<name>-<version>.rel`, a copy of the release resource file. relx names it after the release alone, but
 * `release_handler:unpack_release("<name>-<version>")` looks in `<name>-<version>.tar.gz` for
 * `releases/<name>-<version>.rel` and fails without it (H46). The full package needs it as much as the upgrade package:
 * it is installed over a running release just as well. relx's own script unpacks "<version>/<name>" and so finds
 * `releases/<version>/<name>.rel`, which relx puts there; a fresh installation is not disturbed by one more file.
 */
function withVersionedRel(entries: readonly TreeEntry[], release: PackagedRelease): readonly TreeEntry[] {
  const { name, version } = release;
  const path = `releases/${name}-${version}.rel`;
  if (entries.some((entry) => entry.path === path)) return entries;
  const original =
    entries.find((entry) => entry.path === `releases/${version}/${name}.rel`) ??
    entries.find((entry) => entry.path === `releases/${name}.rel`);
  if (original === undefined) {
    throw new ActionError(`The release has no release resource file releases/${version}/${name}.rel.`);
  }
  return [...entries, { ...original, path }];
}
