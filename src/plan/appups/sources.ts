import { glob } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Erlang } from '../../programs/erlang.js';
import type { AppupOrigin, AppupEntry } from '../../model/appup.js';
import { exists } from '../../shared/exists.js';

export interface AppupSource {
  readonly origin: Exclude<AppupOrigin, 'generated'>;
  /** `source`: an .appup.src that is evaluated; `appup`: a finished term. */
  readonly kind: 'source' | 'appup';
  readonly file: string;
}

/** What `appups` (src/erlang/relup_appups.erl) tells of one source. */
export type ReadAppup = AppupSource &
  (
    | { readonly problem: string }
    | {
        /** Application version the appup is for. */
        readonly version: string;
        /** The evaluated appup, ready to be copied to `ebin/<application>.appup`. */
        readonly written: string;
        readonly up: readonly AppupEntry[];
        readonly down: readonly AppupEntry[];
      }
  );

export interface AppupRequest {
  readonly application: string;
  /** Application version in the new release. */
  readonly version: string;
  /** Application versions upgraded from. */
  readonly upFrom: readonly string[];
}

export interface AppupPlaces {
  /** The new version's project folder in its worktree. */
  readonly projectDir: string;
  /** `_build/<profile>` of that worktree. */
  readonly buildDir: string;
  /** The assembled new release. */
  readonly root: string;
}

/**
 * Every file an application's appup may come from, best first: the application's own `.appup.src` or `.appup` beside
 * its sources and the project's `appups/<application>.appup.src` are hand-written; what lies in the release, the dependency or OTP is shipped.
 */
export async function findSources(places: AppupPlaces, request: AppupRequest): Promise<AppupSource[]> {
  const { application, version } = request;
  const { projectDir, buildDir, root } = places;
  const own = {
    sources: await ownFiles(projectDir, application, 'appup.src'),
    finished: await ownFiles(projectDir, application, 'appup'),
  };
  const finished = [
    join(root, 'lib', `${application}-${version}`, 'ebin', `${application}.appup`),
    join(buildDir, 'lib', application, 'ebin', `${application}.appup`),
  ];
  const candidates: AppupSource[] = [
    ...own.sources.map((file): AppupSource => ({ origin: 'hand-written', kind: 'source', file })),
    {
      origin: 'hand-written',
      kind: 'source',
      file: join(projectDir, 'appups', `${application}.appup.src`),
    },
    ...own.finished.map((file): AppupSource => ({ origin: 'hand-written', kind: 'appup', file })),
    ...finished.map((file): AppupSource => ({ origin: 'shipped', kind: 'appup', file })),
    ...(['appup.src', 'appup'] as const).map((extension): AppupSource => ({
      origin: 'shipped',
      kind: extension === 'appup' ? 'appup' : 'source',
      file: join(buildDir, 'lib', application, 'src', `${application}.${extension}`),
    })),
  ];
  const found = await Promise.all(candidates.map(({ file }) => exists(file)));
  return candidates.filter((_, index) => found[index]);
}

/**
 * `src/<app>.appup.src`, or `src/<app>.appup` as erlang.mk has it, of a single application or of one in an umbrella, wherever
 * project_app_dirs puts it.
 */
async function ownFiles(projectDir: string, application: string, extension: string): Promise<string[]> {
  const found: string[] = [];
  const file = `src/${application}.${extension}`;
  for (const pattern of [file, `*/${application}/${file}`]) {
    for await (const file of glob(pattern, { cwd: projectDir, exclude: ['_build/**', '_checkouts/**'] })) {
      found.push(join(projectDir, file));
    }
  }
  return found.sort();
}

/**
 * Reads all sources of all requests in one go; the answers are in the order of the requests and sources. Expressions are evaluated in an
 * emulator of their own.
 */
export async function readSources({
  erlang,
  places,
  outFolder,
  requests,
}: {
  readonly erlang: Erlang;
  readonly places: AppupPlaces;
  readonly outFolder: string;
  readonly requests: readonly (AppupRequest & { readonly sources: readonly AppupSource[] })[];
}): Promise<ReadAppup[][]> {
  const flat = requests.flatMap(({ application, version, upFrom, sources }) => [
    application,
    version,
    String(upFrom.length),
    ...upFrom,
    String(sources.length),
    ...sources.flatMap(({ kind, file }) => [kind, file]),
  ]);
  type Answers = readonly { readonly sources: readonly object[] }[];
  const answers =
    (await erlang.query<Answers | null>('appup-terms', [outFolder, ...flat])) ??
    (await erlang.query<Answers>('appups', [places.root, outFolder, ...flat], { cwd: places.projectDir }));
  return requests.map(({ sources }, request) =>
    sources.map((source, index) => ({ ...source, ...answers[request]?.sources[index] }) as ReadAppup),
  );
}

/** How messages name a file of a worktree: relative to the project folder. */
export function projectName(places: AppupPlaces, file: string): string {
  return relative(places.projectDir, file);
}
