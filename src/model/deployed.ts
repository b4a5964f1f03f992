import { isReleaseName, isVersion } from '../shared/names.js';

/** Where a deploy leaves what runs now; relative to the installed root. */
export const DEPLOYED_FILE = 'deployed.json';

/** What runs for good; a manifest says the same of its release, with the same names. */
export interface Deployed {
  readonly name: string;
  readonly version: string;
  /** That it was made of; absent when that was not known. */
  readonly commit?: string;
}

/** One line of JSON. Pure. */
export function deployedText({ name, version, commit }: Deployed): string {
  return `${JSON.stringify({ name, version, ...(commit === undefined ? {} : { commit }) })}\n`;
}

/** What a file of a deploy, or a manifest, says; undefined for anything else. Pure. */
export function parseDeployed(text: string): Deployed | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { name, version, commit } = (found ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || typeof version !== 'string') return undefined;
  if (!isReleaseName(name) || !isVersion(version)) return undefined;
  if (commit === undefined) return { name, version };
  const isCommit = typeof commit === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit);
  return isCommit ? { name, version, commit } : undefined;
}
