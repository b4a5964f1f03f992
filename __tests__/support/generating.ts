// Small releases, and the appups that are generated between them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  generateAppups,
  type Generated,
  type GeneratedAppup,
  type GeneratorOptions,
} from '../../src/plan/appups/generator.js';
import { makeRelup } from '../../src/plan/relup.js';
import type { Relup } from '../../src/model/relup.js';
import { compareReleases } from '../../src/model/release-difference.js';
import type { BuiltRelease } from '../../src/model/release.js';
import { temporaryFolder } from './repository.js';
import { smallReleases, type SmallRelease } from './small-releases.js';
import { sharedErlang, type SharedErlang } from './shared-erlang.js';

let dir: string;
/** Answers for the file that imports this. */
export let erlang: SharedErlang;
let count = 0;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A path of its own for each call; nothing is there yet. */
export function newPath(name: string): string {
  return join(dir, `${count++}-${name}`);
}

/** Appups of the last release, and what systools made of them. */
export interface Result extends Generated {
  readonly releases: Record<string, BuiltRelease>;
  readonly relup: Relup;
}

/** Generates the appups of the last release from all others, and makes the relup from them. */
export async function generate(
  releases: Readonly<Record<string, SmallRelease>>,
  purge: 'brutal' | 'soft' = 'brutal',
  more: Pick<GeneratorOptions, 'configFile' | 'corrections'> = { configFile: '', corrections: [] },
): Promise<Result> {
  const folder = newPath('case');
  const built = await smallReleases(erlang, folder, releases);
  const versions = Object.values(built);
  const release = versions.at(-1) as BuiltRelease;
  const upFrom = versions.slice(0, -1);
  const differences = upFrom.map((from) => compareReleases(from, release));
  const names = new Set(differences.flatMap(({ changed }) => changed.map(({ name }) => name)));
  const outFolder = join(folder, 'out');
  mkdirSync(outFolder);
  const options = {
    erlang,
    outFolder,
    release,
    buildDir: '',
    profileDir: 'default',
    differences,
    purge,
    ...more,
  };
  const generated = await generateAppups(options, names);
  for (const { application, version, text } of generated.appups) {
    writeFileSync(join(release.root, `lib/${application}-${version}/ebin/${application}.appup`), text);
  }
  const relup = await makeRelup(erlang, release.root, {
    release,
    upFrom,
    appups: [],
    projectDir: '',
    projectPath: '',
  });
  return { ...generated, releases: built, relup };
}

/** The scripts of the only appup, up and down. */
export function only({ appups }: Generated): { up: string[]; down: string[] } {
  expect(appups).toHaveLength(1);
  const [appup] = appups as [GeneratedAppup];
  return { up: [...(appup.up[0]?.instructions ?? [])], down: [...(appup.down[0]?.instructions ?? [])] };
}

/** One application `a` in two versions. */
export function versions(
  before: Record<string, string>,
  after: Record<string, string>,
): Record<string, SmallRelease> {
  return { '1': { a: { vsn: '1', modules: before } }, '2': { a: { vsn: '2', modules: after } } };
}

export const ALL = '-compile([export_all, nowarn_export_all]).';
export const value = (text: string, more = ''): string => `${ALL}\nvalue() -> ${text}.\n${more}`;
export const server = (text: string, more = ''): string =>
  `-behaviour(gen_server).\n${ALL}\ninit(_) -> {ok, ${text}}.
handle_call(_, _, S) -> {reply, S, S}.\nhandle_cast(_, S) -> {noreply, S}.\n${more}`;
export const CODE_CHANGE = 'code_change(_, S, _) -> {ok, S}.';
export const supervisor = (children: string, more = ''): string =>
  `-behaviour(supervisor).\n${ALL}\ninit([]) -> {ok, {#{}, [${children}]}}.\n${more}`;

/** Positions of instructions in the relup, which must be there. */
export function positions(script: readonly string[] | undefined, ...wanted: string[]): number[] {
  return wanted.map((one) => {
    const at = (script ?? []).findIndex((instruction) => instruction.startsWith(one));
    expect(at, `${one} in ${script?.join(' ')}`).toBeGreaterThanOrEqual(0);
    return at;
  });
}

/** Fails unless the positions come one after the other. */
export function ascending(numbers: readonly number[]): void {
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
}
