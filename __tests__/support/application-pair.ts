import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { application, builtRelease } from './releases.js';
import type { BuiltRelease } from '../../src/shared/release.js';

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
  /** Options of erlc for the beams in the releases and for those in `_build`. */
  readonly release?: readonly string[];
  readonly build?: readonly string[];
}

/** Compiles both versions, all modules of one in one go. Every module counts as changed that both have. */
export function applicationPair(dir: string, sources: Sources): ApplicationPair {
  const sides = (['old', 'new'] as const).map((side) => {
    const project = join(dir, side);
    const version = side === 'old' ? '1.0.0' : '1.1.0';
    const root = join(project, '_build/prod/rel/hello');
    const ebin = join(root, `lib/app-${version}/ebin`);
    compile(sources[side], join(project, 'src'), ebin, sources.release ?? ['+debug_info']);
    compile(
      sources[side],
      join(project, 'src'),
      join(project, '_build/prod/lib/app/ebin'),
      sources.build ?? ['+debug_info'],
    );
    const modules = Object.fromEntries(Object.keys(sources[side]).map((name) => [name, side]));
    return builtRelease(version, [application('app', version, modules)], {
      root,
      source: {
        kind: 'ref',
        ref: version,
        commit: '0'.repeat(40),
        projectDir: project,
        buildDir: join(project, '_build/prod'),
      },
    });
  });
  const [upFrom, release] = sides as [BuiltRelease, BuiltRelease];
  writeFileSync(join(release.root, 'lib/app-1.1.0/ebin/app.appup'), sources.appup);
  writeFileSync(join(dir, 'new/src/app.appup.src'), sources.appup);
  return { dir, upFrom, release, buildDir: join(dir, 'new/_build/prod/lib') };
}

function compile(
  modules: Readonly<Record<string, string>>,
  src: string,
  ebin: string,
  options: readonly string[],
): void {
  mkdirSync(src, { recursive: true });
  mkdirSync(ebin, { recursive: true });
  const files = Object.entries(modules).map(([name, text]) => {
    const file = join(src, `${name}.erl`);
    writeFileSync(file, `-module(${name}).\n${text}`);
    return file;
  });
  execFileSync('erlc', [
    '+nowarn_unused_function',
    '+nowarn_unused_record',
    ...options,
    '-o',
    ebin,
    ...files,
  ]);
}
