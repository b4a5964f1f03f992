import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { application, builtRelease } from './releases.js';
import type { BuiltRelease } from '../../src/model/release.js';
import type { SharedErlang } from './shared-erlang.js';

/** Two versions of the application `app`, compiled as rebar3 would lay them out. */
export interface ApplicationPair {
  readonly dir: string;
  readonly upFrom: BuiltRelease;
  readonly release: BuiltRelease;
  /** `_build/prod/lib` of the new version. */
  readonly buildDir: string;
}

export interface Sources {
  readonly old: Readonly<Record<string, string>>;
  readonly new: Readonly<Record<string, string>>;
  /** The new version's appup, 1.0.0 ↔ 1.1.0. */
  readonly appup: string;
  /** Compiler options for the beams in the releases and for those in `_build`. */
  readonly release?: readonly string[];
  readonly build?: readonly string[];
}

/** Compiles both versions, all modules of one in one go. Every module counts as changed that both have. */
export async function applicationPair(
  erlang: SharedErlang,
  dir: string,
  sources: Sources,
): Promise<ApplicationPair> {
  const sides = (['old', 'new'] as const).map((side) => {
    const project = join(dir, side);
    const version = side === 'old' ? '1.0.0' : '1.1.0';
    const root = join(project, '_build/prod/rel/hello');
    const files = writeSources(sources[side], join(project, 'src'));
    const jobs = [
      job(files, join(root, `lib/app-${version}/ebin`), sources.release),
      job(files, join(project, '_build/prod/lib/app/ebin'), sources.build),
    ];
    const modules = Object.fromEntries(Object.keys(sources[side]).map((name) => [name, side]));
    const release = builtRelease(version, [application('app', version, modules)], {
      root,
      source: {
        kind: 'ref',
        ref: version,
        commit: '0'.repeat(40),
        projectDir: project,
        buildDir: join(project, '_build/prod'),
      },
    });
    return { jobs, release };
  });
  await erlang.evaluate(`[begin {ok, _} = compile:file(File, [report_errors, nowarn_unused_function, nowarn_unused_record, {outdir, Out} | Options]) end
    || {Files, Out, Options} <- [${sides.flatMap(({ jobs }) => jobs).join(',')}], File <- Files]`);
  const [upFrom, release] = sides.map((side) => side.release) as [BuiltRelease, BuiltRelease];
  writeFileSync(join(release.root, 'lib/app-1.1.0/ebin/app.appup'), sources.appup);
  writeFileSync(join(dir, 'new/src/app.appup.src'), sources.appup);
  return { dir, upFrom, release, buildDir: join(dir, 'new/_build/prod/lib') };
}

function writeSources(modules: Readonly<Record<string, string>>, src: string): string[] {
  mkdirSync(src, { recursive: true });
  return Object.entries(modules).map(([name, text]) => {
    const file = join(src, `${name}.erl`);
    writeFileSync(file, `-module(${name}).\n${text}`);
    return file;
  });
}

/** What is compiled to where and how, as an Erlang term. */
function job(files: readonly string[], ebin: string, options: readonly string[] = ['debug_info']): string {
  mkdirSync(ebin, { recursive: true });
  return `{${JSON.stringify(files)}, ${JSON.stringify(ebin)}, [${options.join(',')}]}`;
}
