import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackagedRelease, Packages } from '../model/package.js';
import { type BuiltRelease, DEBUG_SUFFIX } from '../model/release.js';
import { writeDebugTarball } from '../shared/debug-files.js';
import { ActionError } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import { writeTarball } from '../shared/tarball.js';
import { readTree, type TreeEntry } from '../shared/tree.js';
import { foreignFindings, foreignPaths } from './foreign.js';
import { selectUpgradeFiles } from './upgrade-files.js';

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
  const { applications, source } = release;
  const buildDir = source?.buildDir;
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
  const [full, upgrade, debug] = await Promise.all([
    writeTarball(`${base}.tar.gz`, entries, mtime),
    selected && writeTarball(`${base}.upgrade.tar.gz`, selected.entries, mtime),
    writeDebugTarball(`${base}${DEBUG_SUFFIX}`, { root: options.tree, buildDir, applications }, mtime),
  ]);
  const findings = [...foreignFindings(foreign, release), ...(selected?.findings ?? [])];
  const keeps = selected?.keeps ?? {};
  return {
    full: { kind: 'full', ...full },
    ...(upgrade === undefined ? {} : { upgrade: { kind: 'upgrade', ...upgrade } }),
    ...defined({ debug }),
    findings,
    keeps,
  };
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
