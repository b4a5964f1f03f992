import type { ApplicationChange, ReleaseDifference } from '../../model/release-difference.js';
import type { AppupRequest, ReadAppup } from './sources.js';
import type { AppupEntry } from '../../model/appup.js';

/** One application that needs an appup, with all versions it is upgraded from. */
export interface AppupNeed extends AppupRequest {
  readonly changes: readonly ApplicationChange[];
}

/** Every application whose version differs from that of an up-from release. Pure. */
export function collectNeeds(differences: readonly ReleaseDifference[]): AppupNeed[] {
  const needs = new Map<string, AppupNeed>();
  for (const change of differences.flatMap((difference) => difference.changed)) {
    const need = needs.get(change.name);
    const from = change.from as string;
    const upFrom = need === undefined ? [from] : [...new Set([...need.upFrom, from])];
    const changes = [...(need?.changes ?? []), change];
    needs.set(change.name, { application: change.name, version: change.to as string, upFrom, changes });
  }
  return [...needs.values()];
}

/** Why a source cannot be used for all up-from versions in both directions; undefined when it can (H23, H32, H33). */
export function whyInvalid(source: ReadAppup, request: AppupRequest): string | undefined {
  if ('problem' in source) return source.problem;
  if (source.version !== request.version) {
    return `it is for version ${source.version}, not ${request.version}`;
  }
  const lacking = [
    ...unmatched(source.up).map((version) => `an entry to upgrade from ${version}`),
    ...unmatched(source.down).map((version) => `an entry to downgrade to ${version}`),
  ];
  return lacking.length === 0 ? undefined : `it lacks ${lacking.join(' and ')}`;
}

function unmatched(entries: readonly AppupEntry[]): string[] {
  return entries.filter(({ pattern }) => pattern === null).map(({ upFrom }) => upFrom);
}
