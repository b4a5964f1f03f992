import { lstat, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../shared/findings.js';
import type { BuiltRelease } from '../../shared/release.js';
import type { PackagedRelease } from './foreign.js';
import type { TreeEntry } from './tree.js';
import { sha256File } from '../../shared/sha256.js';

export interface UpgradeFiles {
  readonly entries: readonly TreeEntry[];
  /** Files that an upgrade should replace and cannot. */
  readonly findings: readonly Finding[];
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
  for (const entry of entries) {
    const rule = upgradeRule(entry.path, release, upFrom);
    if (rule === 'add') selected.push(entry);
    if (rule !== 'compare') continue;
    const states = await Promise.all(upFrom.map(({ root }) => compareEntry(entry, root)));
    if (states.includes('missing')) selected.push(entry);
    const versions = upFrom.filter((_, index) => states[index] === 'changed').map(({ version }) => version);
    if (versions.length > 0 && !mayDiffer(entry.path, release)) {
      findings.push(keptFinding(entry.path, versions, release));
    }
  }
  return { entries: selected, findings };
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
  // code of an unchanged application version is compared by module MD5 elsewhere, and sources are not run
  return /^(ebin|src|include|c_src)(\/|$)/.test(path.slice(application.dir.length + 1)) ? 'leave' : 'compare';
}

function applicationOf(path: string, release: PackagedRelease) {
  return release.applications.find(({ dir }) => path === dir || path.startsWith(`${dir}/`));
}

/** What relx writes differently for each version, OTP or relx; and shared objects, which differ with every build. */
function mayDiffer(path: string, { name }: PackagedRelease): boolean {
  if (path === `bin/${name}` || path.startsWith('bin/hooks/builtin/')) return true;
  if (/^bin\/(nodetool|install_upgrade\.escript|[^/]+\.boot)$/.test(path)) return true;
  return path.startsWith('lib/') && path.endsWith('.so');
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

/** Follows links on the up-from side: rebar3's tarball, which was installed, holds what they point to. */
async function compareEntry(entry: TreeEntry, root: string): Promise<State> {
  const path = join(root, entry.path);
  const stats = await stat(path).catch(ignoreMissing);
  if (entry.type === 'symlink') return compareLink(entry, path);
  if (stats === undefined) return 'missing';
  if (entry.type === 'directory') return stats.isDirectory() ? 'same' : 'changed';
  if (!stats.isFile() || stats.size !== entry.size) return 'changed';
  const [before, after] = await Promise.all([sha256File(path), sha256File(entry.source)]);
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
