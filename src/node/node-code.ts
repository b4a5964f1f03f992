import type { LoadedModule, NodeSnapshot } from '../model/node.js';
import type { ReleaseCode } from '../model/deploy-input.js';
import { some } from '../shared/some.js';

/** A loaded module that is not a given release's. */
export interface CodeDifference {
  readonly module: string;
  /** `differs`: other code than the release's; `unknown`: lies in the installed root, but the release has no such module. */
  readonly kind: 'differs' | 'unknown';
  /** The file it was loaded from. */
  readonly file: string;
}

/**
 * Compares what is loaded with a release, by the digest of its code. Modules that the emulator itself brings are left
 * out, and so are those from outside the installed root that no application of the release has, e.g. a tracing tool's.
 */
export function codeDifferences(snapshot: NodeSnapshot, release: ReleaseCode): CodeDifference[] {
  const expected = new Map(release.applications.flatMap(({ modules }) => Object.entries(modules)));
  const selfMade = new Set(release.selfMade);
  return snapshot.modules.flatMap((loaded): CodeDifference[] => {
    if (loaded.file === 'preloaded' || selfMade.has(loaded.name)) return [];
    const code = expected.get(loaded.name);
    if (code === loaded.code) return [];
    if (code === undefined && !isInstalled(snapshot, loaded.file)) return [];
    return [{ module: loaded.name, kind: code === undefined ? 'unknown' : 'differs', file: loaded.file }];
  });
}

/** Modules from outside the installed root that no application of the release has. */
export function foreignModules(snapshot: NodeSnapshot, release: ReleaseCode): LoadedModule[] {
  const known = new Set(release.applications.flatMap(({ modules }) => Object.keys(modules)));
  return snapshot.modules.filter(
    ({ name, file }) => file !== 'preloaded' && !known.has(name) && !isInstalled(snapshot, file),
  );
}

/** Code path entries that belong to another version of one of the release's applications. */
export function stalePaths(snapshot: NodeSnapshot, release: ReleaseCode): string[] {
  const current = new Set(release.applications.map(({ dir }) => `${snapshot.root}/${dir}/ebin`));
  const names = new Set(release.applications.map(({ name }) => name));
  return snapshot.path.filter((entry) => {
    if (!isInstalled(snapshot, entry) || current.has(entry)) return false;
    const folder = entry.slice(`${snapshot.root}/lib/`.length).split('/')[0] ?? '';
    const version = folder.indexOf('-');
    return version > 0 && names.has(folder.slice(0, version));
  });
}

function isInstalled(snapshot: NodeSnapshot, path: string): boolean {
  return path.startsWith(`${snapshot.root}/lib/`);
}

/** The release among the candidates whose code runs; several can be equal, then the one with the preferred version. */
export function releaseByCode<T extends ReleaseCode>(
  snapshot: NodeSnapshot,
  candidates: readonly T[],
  preferredVersion: string,
): T | undefined {
  const matching = candidates.filter((candidate) => codeDifferences(snapshot, candidate).length === 0);
  return matching.find(({ version }) => version === preferredVersion) ?? matching[0];
}

/** Names some of the modules for a sentence: `a, b, c and 4 more`. */
export function moduleList(differences: readonly { readonly module: string }[]): string {
  return some(differences.map(({ module }) => module).sort());
}

/** Modules that a node which has only booted a release runs with other code than the release has: it made them itself. */
export function selfMadeModules(booted: NodeSnapshot, release: ReleaseCode): string[] {
  return codeDifferences(booted, release).map(({ module }) => module);
}
