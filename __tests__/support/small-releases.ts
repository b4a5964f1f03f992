import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReleaseDescription } from '../../src/build/release-checks.js';
import type { BuiltRelease } from '../../src/model/release.js';
import type { SharedErlang } from './shared-erlang.js';

/** One application of a small release: sources by module name, without `-module`. */
interface SmallApplication {
  readonly vsn: string;
  readonly modules: Readonly<Record<string, string>>;
  /** More properties of the application resource file. */
  readonly properties?: string;
  /** Other applications it needs, beside kernel and stdlib. */
  readonly needs?: readonly string[];
  /** Compiler options; default `debug_info`. */
  readonly options?: string;
}

export type SmallRelease = Readonly<Record<string, SmallApplication>>;

/**
 * Real releases, as far as systools looks at them: compiled modules, application resource files and a release resource file,
 * all compiled in one go. They lie in `<folder>/<version>`.
 */
export async function smallReleases(
  erlang: SharedErlang,
  folder: string,
  releases: Readonly<Record<string, SmallRelease>>,
): Promise<Record<string, BuiltRelease>> {
  const jobs: string[] = [];
  for (const [version, applications] of Object.entries(releases)) {
    for (const [name, application] of Object.entries(applications)) {
      jobs.push(...writeApplication(join(folder, version), name, application));
    }
  }
  const basis = await erlang.evaluate(`
    [begin {ok, _} = compile:file(File, [{outdir, Out}, report_errors | Options]) end || {File, Out, Options} <- [${jobs.join(',')}]],
    [{App, begin application:load(App), {ok, V} = application:get_key(App, vsn), V end} || App <- [kernel, stdlib, sasl]]`);
  const built: Record<string, BuiltRelease> = {};
  for (const [version, applications] of Object.entries(releases)) {
    const root = join(folder, version);
    const list = Object.entries(applications).map(([name, { vsn }]) => `{${name}, "${vsn}"}`);
    write(join(root, `releases/${version}/small.rel`), relText(version, [...basisList(basis), ...list]));
    write(join(root, 'releases/start_erl.data'), `13.0 ${version}`);
    const { name, applications: described } = await erlang.query<ReleaseDescription>('describe', [root]);
    built[version] = {
      root,
      name,
      version,
      erts: '13.0',
      includesErts: false,
      applications: described,
      source: {
        kind: 'ref',
        ref: version,
        commit: '0'.repeat(40),
        projectDir: join(folder, `build-${version}`),
        buildDir: join(folder, `build-${version}`, '_build/prod'),
      },
    };
  }
  return built;
}

function basisList(basis: string): string[] {
  return [...basis.matchAll(/\{[a-z]+,"[^"]+"\}/g)].map(([term]) => term);
}

function relText(version: string, applications: readonly string[]): string {
  return `{release, {"small", "${version}"}, {erts, "13.0"}, [${applications.join(', ')}]}.\n`;
}

function writeApplication(root: string, name: string, application: SmallApplication): string[] {
  const { vsn, modules, properties, needs = [], options = 'debug_info' } = application;
  const ebin = join(root, 'lib', `${name}-${vsn}`, 'ebin');
  const list = Object.keys(modules)
    .map((module) => `'${module}'`)
    .join(', ');
  const extra = properties === undefined ? '' : `, ${properties}`;
  write(
    join(ebin, `${name}.app`),
    `{application, ${name}, [{description, ""}, {vsn, "${vsn}"}, {modules, [${list}]}, {registered, []},
 {applications, [${['kernel', 'stdlib', ...needs].join(', ')}]}${extra}]}.\n`,
  );
  return Object.entries(modules).map(([module, source]) => {
    const file = join(root, 'source', name, `${module}.erl`);
    write(file, `-module('${module}').\n${source}\n`);
    return `{"${file}", "${ebin}", [${options}]}`;
  });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
