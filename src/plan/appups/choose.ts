import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../model/finding.js';
import { refusedByConfig } from './relup-config.js';
import { generatorFindings } from './appup-findings.js';
import { generateAppups, type GeneratedAppup } from './generator.js';
import { collectNeeds, whyInvalid, type AppupNeed } from './needs.js';
import { appupPlace } from './places.js';
import { missingAppups, unreadableAppup, unusedAppups, type Tried } from './refusals.js';
import { findSources, projectName, readSources, type ReadAppup } from './sources.js';
import type { ChosenAppup } from '../../model/appup.js';
import type { AppupOptions } from './appup-options.js';

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
  const decided = (await readAll(options)).map((tried) => decide(options, tried));
  refuse(decided, options);
  const missing = decided.filter(({ use }) => use === 'missing');
  if (missing.length > 0) throw await missingAppups(options, missing);
  const toGenerate = decided.filter(({ use }) => use === 'generate');
  const { appups, notices } = await generateAppups(
    options,
    new Set(toGenerate.map(({ need }) => need.application)),
  );
  for (const { need, use } of decided) {
    if (typeof use !== 'string') await copyFile(use.written, await target(options, need));
  }
  for (const appup of appups) await writeFile(await target(options, appup), appup.text);
  const chosen = [
    ...decided.flatMap(({ need, use }) => (typeof use === 'string' ? [] : [foundAppup(options, need, use)])),
    ...appups.map((appup) => generatedAppup(options, appup)),
  ];
  // Readable by all, as rebar3 packs everything else: the node may run as another user than the one that unpacks.
  for (const appup of chosen) await chmod(await target(options, appup), 0o644);
  return {
    appups: chosen.sort((a, b) => (a.application < b.application ? -1 : 1)),
    findings: [
      ...toGenerate.flatMap((one) => unusedAppups(options, one)),
      ...generatorFindings(notices, options.places.projectDir, options.projectPath),
    ],
  };
}

interface Decided extends Tried {
  readonly use: ValidAppup | 'generate' | 'missing' | 'refuse';
}

/** Hand-written before shipped before generated; relup.config before the input `appups`. */
function decide({ mode, strategyOf }: AppupOptions, tried: Tried): Decided {
  const { need, sources } = tried;
  const strategy = strategyOf(need.application);
  if (strategy === 'refuse') return { ...tried, use: 'refuse' };
  if (strategy === 'restart' || strategy === 'generate') return { ...tried, use: 'generate' };
  const valid = sources.find((one) => whyInvalid(one, need) === undefined);
  if (valid !== undefined && !('problem' in valid)) return { ...tried, use: valid };
  return { ...tried, use: (strategy ?? mode) === 'require' ? 'missing' : 'generate' };
}

/** @throws {RefusedError} for what cannot be used as a person wrote it */
function refuse(decided: readonly Decided[], options: AppupOptions): void {
  const refused = decided.filter(({ use }) => use === 'refuse');
  if (refused.length > 0) {
    throw refusedByConfig(
      refused.map(({ need }) => need),
      options.projectPath,
    );
  }
  for (const one of decided.filter(({ use }) => use === 'generate')) {
    if (options.strategyOf(one.need.application) !== undefined) continue;
    const unreadable = unreadableAppup(options, one);
    if (unreadable !== undefined) throw unreadable;
  }
}

async function readAll(options: AppupOptions): Promise<Tried[]> {
  const { erlang, places, outFolder, differences } = options;
  const needs = collectNeeds(differences);
  const requests = await Promise.all(
    needs.map(async (need) => ({ ...need, sources: await findSources(places, need) })),
  );
  const read = await readSources({ erlang, places, outFolder, requests });
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
