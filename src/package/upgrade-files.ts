import { lstat, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../model/finding.js';
import { nativeDigest } from '../shared/native-code.js';
import { foldersOf, type BuiltRelease } from '../model/release.js';
import type { PackagedRelease } from '../model/package.js';
import type { TreeEntry } from '../shared/tree.js';
import { sha256File } from '../shared/sha256.js';

export interface UpgradeFiles {
  readonly entries: readonly TreeEntry[];
  /** Files that an upgrade should replace and cannot. */
  readonly findings: readonly Finding[];
  /** Up-from release version → files among the entries that it has with other content. */
  readonly keeps: Readonly<Record<string, readonly string[]>>;
}

/**
 * What at least one up-from release lacks. Everything that carries a version in its path is judged by its path; the rest
 * is looked up in the up-from releases' folders, and where it is there with other content, the upgrade cannot replace
 * it, because release_handler keeps files that exist (H64).
 */
export async function selectUpgradeFiles(
  entries: readonly TreeEntry[],
  release: PackagedRelease,
  upFrom: readonly BuiltRelease[],
): Promise<UpgradeFiles> {
  const selected: TreeEntry[] = [];
  const findings: Finding[] = [];
  const keeps: Record<string, string[]> = {};
  for (const entry of entries) {
    const rule = upgradeRule(entry.path, release, upFrom);
    if (rule === 'leave') continue;
    const states = await Promise.all(upFrom.map((from) => compareEntry(entry, from, release)));
    const changed = upFrom.filter((_, index) => states[index] === 'changed').map(({ version }) => version);
    if (rule === 'add' || states.includes('missing')) {
      selected.push(entry);
      for (const version of changed) (keeps[version] ??= []).push(entry.path);
    }
    if (rule === 'compare' && changed.length > 0 && !mayDiffer(entry.path, release)) {
      findings.push(keptFinding(entry.path, changed, release));
    }
  }
  return { entries: selected, findings, keeps };
}

/** Whether the path alone decides that the file goes into the upgrade package (`add`, `leave`) or not (`compare`). Pure. */
export function upgradeRule(
  path: string,
  release: PackagedRelease,
  upFrom: readonly Pick<BuiltRelease, 'applications'>[],
): 'add' | 'leave' | 'compare' {
  const { name, version } = release;
  // release_handler's own records: unpacking them by other means would rewrite what is installed (H47)
  if (path === 'releases/RELEASES' || path === 'releases/start_erl.data') return 'leave';
  if (path.startsWith('erts-')) return 'leave';
  if (path.startsWith(`releases/${version}/`) || path === `bin/${name}-${version}`) return 'add';
  if (path === `releases/${name}.rel` || path === `releases/${name}-${version}.rel`) return 'add';
  const application = applicationOf(path, release);
  if (application === undefined) return 'compare';
  const everywhere = upFrom.every(({ applications }) =>
    applications.some((other) => other.name === application.name && other.version === application.version),
  );
  if (!everywhere) return 'add';
  // code of an unchanged application version is compared elsewhere, and sources are not run
  const within = path.slice(application.dir.length + 1);
  return /^(ebin\/.*\.beam$|(src|include|c_src)(\/|$))/.test(within) ? 'leave' : 'compare';
}

function applicationOf(path: string, release: PackagedRelease) {
  return release.applications.find(({ dir }) => path === dir || path.startsWith(`${dir}/`));
}

/** What relx writes differently for each version, OTP or relx. */
function mayDiffer(path: string, { name }: PackagedRelease): boolean {
  if (path === `bin/${name}` || path.startsWith('bin/hooks/builtin/')) return true;
  return /^bin\/(nodetool|install_upgrade\.escript|[^/]+\.boot)$/.test(path);
}

function keptFinding(path: string, versions: readonly string[], release: PackagedRelease): Finding {
  const where = `${path} differs from the one in ${versions.join(', ')}`;
  const application = applicationOf(path, release);
  if (application === undefined) {
    return {
      id: 'unversioned-file-changed',
      severity: 'warning',
      message: `${where}, and an upgrade does not replace it, because release_handler keeps files that exist.`,
      remedy: `Put it below releases/{{release_version}}/ in the overlay, or into an application's priv folder.`,
    };
  }
  return {
    id: 'application-file-changed',
    severity: 'warning',
    application: application.name,
    message: `${where}, and an upgrade does not replace it, because ${application.name} is still version ${application.version}.`,
    remedy: `Give ${application.name} a new version (vsn in its .app.src).`,
  };
}

type State = 'missing' | 'same' | 'changed';

/** Native code is the same when the same is loaded of it; everything else goes by its bytes. */
async function compareEntry(entry: TreeEntry, from: BuiltRelease, release: PackagedRelease): Promise<State> {
  const path = join(from.root, entry.path);
  const stats = await stat(path).catch(ignoreMissing);
  if (entry.type === 'symlink') return compareLink(entry, path);
  if (stats === undefined) return 'missing';
  if (entry.type === 'directory') return stats.isDirectory() ? 'same' : 'changed';
  if (!stats.isFile()) return 'changed';
  if (stats.size === entry.size && (await sha256File(path)) === (await sha256File(entry.source)))
    return 'same';
  if (!/^lib\/[^/]+\/priv\//.test(entry.path)) return 'changed';
  const [before, after] = await Promise.all([
    nativeDigest(path, foldersOf(from.source)),
    nativeDigest(entry.source, release.source && foldersOf(release.source)),
  ]);
  return before === after ? 'same' : 'changed';
}

async function compareLink(entry: TreeEntry, path: string): Promise<State> {
  const stats = await lstat(path).catch(ignoreMissing);
  if (stats === undefined) return 'missing';
  return stats.isSymbolicLink() && (await readlink(path)) === entry.target ? 'same' : 'changed';
}

function ignoreMissing(error: unknown): undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  return undefined;
}
