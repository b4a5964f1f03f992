import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../shared/findings.js';
import { generatorFindings } from './appup-findings.js';
import { generateAppups, type GeneratedAppup, type GeneratorOptions } from './appup-generator.js';
import { collectNeeds, whyInvalid, type AppupNeed } from './appup-needs.js';
import { appupPlace } from './appup-places.js';
import { missingAppups, unreadableAppup, unusedAppups, type Tried } from './appup-refusals.js';
import {
  findSources,
  projectName,
  readSources,
  type AppupEntry,
  type AppupOrigin,
  type AppupPlaces,
  type ReadAppup,
} from './appup-sources.js';

/** The appup used for one application. */
export interface ChosenAppup {
  readonly application: string;
  /** Application version in the new release. */
  readonly version: string;
  readonly origin: AppupOrigin;
  /** Relative to the project folder; for a generated one the place where it could be saved. */
  readonly file: string;
  readonly up: readonly AppupEntry[];
  readonly down: readonly AppupEntry[];
  /** The whole appup, when it was generated. */
  readonly text?: string;
}

/** Whether applications without a valid appup get a generated one. */
export type AppupMode = 'generate' | 'require';

export interface AppupOptions extends GeneratorOptions {
  readonly places: AppupPlaces;
  readonly mode: AppupMode;
  /** The project folder relative to the repository, for annotations. */
  readonly projectPath: string;
}

export interface AppupChoice {
  readonly appups: readonly ChosenAppup[];
  readonly findings: readonly Finding[];
}

/**
 * Finds or generates a valid appup for every application whose version differs and puts it into the release's `ebin` folder:
 * valid is one that names the new version and has an entry for every up-from version in both directions (H23, H32, H33).
 *
 * @throws {RefusedError} naming all applications without one at once (H29), when none are to be generated, or when a
 * hand-written one cannot be read
 */
export async function chooseAppups(options: AppupOptions): Promise<AppupChoice> {
  const all = await readAll(options);
  const valid = all.flatMap(({ need, sources }) => {
    const source = sources.find((one) => whyInvalid(one, need) === undefined);
    return source === undefined || 'problem' in source ? [] : [{ need, source }];
  });
  const missing = all.filter(({ need }) => !valid.some((one) => one.need === need));
  if (options.mode === 'require' && missing.length > 0) throw await missingAppups(options, missing);
  for (const one of missing) {
    const unreadable = unreadableAppup(options, one);
    if (unreadable !== undefined) throw unreadable;
  }
  const { appups, notices } = await generateAppups(
    options,
    new Set(missing.map(({ need }) => need.application)),
  );
  for (const { need, source } of valid) await copyFile(source.written, await target(options, need));
  for (const appup of appups) await writeFile(await target(options, appup), appup.text);
  const chosen = [
    ...valid.map(({ need, source }) => foundAppup(options, need, source)),
    ...appups.map((appup) => generatedAppup(options, appup)),
  ];
  // Readable by all, as rebar3 packs everything else: the node may run as another user than the one that unpacks.
  for (const appup of chosen) await chmod(await target(options, appup), 0o644);
  return {
    appups: chosen.sort((a, b) => (a.application < b.application ? -1 : 1)),
    findings: [
      ...missing.flatMap((one) => unusedAppups(options, one)),
      ...generatorFindings(notices, options.places.projectDir, options.projectPath),
    ],
  };
}

async function readAll(options: AppupOptions): Promise<Tried[]> {
  const { erlang, places, outFolder, differences } = options;
  const needs = collectNeeds(differences);
  const requests = await Promise.all(
    needs.map(async (need) => ({ ...need, sources: await findSources(places, need) })),
  );
  const read = await readSources(erlang, places, outFolder, requests);
  return needs.map((need, index) => ({ need, sources: read[index] ?? [] }));
}

async function target(
  { release }: AppupOptions,
  { application, version }: { readonly application: string; readonly version: string },
): Promise<string> {
  const ebin = join(release.root, 'lib', `${application}-${version}`, 'ebin');
  await mkdir(ebin, { recursive: true });
  return join(ebin, `${application}.appup`);
}

type ValidAppup = Exclude<ReadAppup, { readonly problem: string }>;

function foundAppup({ places }: AppupOptions, need: AppupNeed, source: ValidAppup): ChosenAppup {
  const { origin, up, down } = source;
  const file = projectName(places, source.file);
  return { application: need.application, version: need.version, origin, file, up, down };
}

function generatedAppup({ places, projectPath }: AppupOptions, appup: GeneratedAppup): ChosenAppup {
  const { file } = appupPlace(appup.application, places.projectDir, projectPath);
  return { ...appup, origin: 'generated', file };
}
