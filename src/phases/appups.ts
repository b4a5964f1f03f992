import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Erlang } from '../programs/erlang.js';
import { RefusedError } from '../shared/errors.js';
import type { ApplicationChange, ReleaseDifference } from '../shared/release-difference.js';
import { appupTemplate } from './appup-template.js';
import {
  findSources,
  projectName,
  readSources,
  type AppupEntry,
  type AppupOrigin,
  type AppupPlaces,
  type AppupRequest,
  type ReadAppup,
} from './appup-sources.js';

/** The appup used for one application. */
export interface ChosenAppup {
  readonly application: string;
  /** Application version in the new release. */
  readonly version: string;
  readonly origin: AppupOrigin;
  /** Relative to the project folder. */
  readonly file: string;
  readonly up: readonly AppupEntry[];
  readonly down: readonly AppupEntry[];
}

export interface AppupOptions {
  readonly erlang: Erlang;
  readonly places: AppupPlaces;
  /** A private folder for evaluated appups. */
  readonly outFolder: string;
  readonly differences: readonly ReleaseDifference[];
  /** The project folder relative to the repository, for annotations. */
  readonly projectPath: string;
}

/** One application that needs an appup, with all versions it is upgraded from. */
interface Need extends AppupRequest {
  readonly changes: readonly ApplicationChange[];
}

/**
 * Finds a valid appup for every application whose version differs and puts it into the release's `ebin` folder: valid is one
 * that names the new version and has an entry for every up-from version in both directions (H23, H32, H33).
 *
 * @param tree the new release (`lib/…` below), which gets the appups
 * @throws {RefusedError} naming all applications without one at once (H29)
 */
export async function chooseAppups(options: AppupOptions, tree: string): Promise<ChosenAppup[]> {
  const needs = collectNeeds(options.differences);
  const requests = await Promise.all(
    needs.map(async (need) => ({ ...need, sources: await findSources(options.places, need) })),
  );
  const read = await readSources(options.erlang, options.places, options.outFolder, requests);
  const missing: string[] = [];
  const chosen: ChosenAppup[] = [];
  for (const [index, need] of needs.entries()) {
    const appup = (read[index] ?? []).find((source) => whyInvalid(source, need) === undefined);
    if (appup === undefined || 'problem' in appup) {
      missing.push(describeMissing(options.places, need, read[index] ?? []));
      continue;
    }
    await place(appup.written, tree, need);
    const { origin, up, down } = appup;
    const file = projectName(options.places, appup.file);
    chosen.push({ application: need.application, version: need.version, origin, file, up, down });
  }
  if (missing.length > 0) throw refusal(options, needs, missing, read);
  return chosen;
}

function collectNeeds(differences: readonly ReleaseDifference[]): Need[] {
  const needs = new Map<string, Need>();
  for (const change of differences.flatMap((difference) => difference.changed)) {
    const need = needs.get(change.name);
    const from = change.from as string;
    const upFrom = need === undefined ? [from] : [...new Set([...need.upFrom, from])];
    const changes = [...(need?.changes ?? []), change];
    needs.set(change.name, { application: change.name, version: change.to as string, upFrom, changes });
  }
  return [...needs.values()];
}

/** Readable by all, as rebar3 packs everything else: the node may run as another user than the one that unpacks. */
async function place(written: string, tree: string, { application, version }: Need): Promise<void> {
  const target = join(tree, 'lib', `${application}-${version}`, 'ebin', `${application}.appup`);
  await copyFile(written, target);
  await chmod(target, 0o644);
}

/** Why a source cannot be used for all up-from versions in both directions; undefined when it can. */
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

function describeMissing(places: AppupPlaces, need: Need, sources: readonly ReadAppup[]): string {
  const step = `${need.application} ${need.upFrom.join(', ')} → ${need.version}`;
  const tried = sources.map(
    (source) => `${projectName(places, source.file)}: ${whyInvalid(source, need) ?? ''}`,
  );
  return tried.length === 0 ? `${step} (no appup found)` : `${step} (${tried.join('; ')})`;
}

function refusal(
  options: AppupOptions,
  needs: readonly Need[],
  missing: readonly string[],
  read: readonly ReadAppup[][],
): RefusedError {
  const lacking = needs.filter(
    (need, index) => !(read[index] ?? []).some((source) => whyInvalid(source, need) === undefined),
  );
  const templates = lacking.map((need) => appupTemplate(need, options.places, options.projectPath));
  const first = templates[0];
  return new RefusedError(`No valid appup for ${missing.join('; ')}.`, {
    remedy: `Write ${templates.map(({ file, text }) => `${file}:\n${text}`).join('\n')}`,
    ...(first === undefined ? {} : { location: { file: first.annotate } }),
  });
}
