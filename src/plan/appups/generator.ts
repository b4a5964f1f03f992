import { join } from 'node:path';
import type { Erlang } from '../../programs/erlang.js';
import type { Correction } from '../../model/correction.js';
import type { ApplicationChange, ReleaseDifference } from '../../model/release-difference.js';
import type { BuiltRelease } from '../../model/release.js';
import type { AppupEntry } from '../../model/appup.js';
import { writeErlangRequest, type ErlangRequest } from '../../programs/erlang-request.js';

/** How running processes are kept from old code: `brutal` ends those that still run it, `soft` refuses the upgrade then. */
export type Purge = 'brutal' | 'soft';

export interface GeneratorOptions {
  readonly erlang: Erlang;
  /** A private folder for the request. */
  readonly outFolder: string;
  readonly release: BuiltRelease;
  /** `_build/<profile>` of the new version, whose beams may still have debug information. */
  readonly buildDir: string;
  readonly differences: readonly ReleaseDifference[];
  readonly purge: Purge;
  /** The project's relup.config; empty when there is none. */
  readonly configFile: string;
  /** What a rehearsal of appups that were generated before found missing. */
  readonly corrections: readonly Correction[];
}

/** An appup as it was generated, ready to be saved as `.appup.src`. */
export interface GeneratedAppup {
  readonly application: string;
  /** Application version in the new release. */
  readonly version: string;
  readonly text: string;
  readonly up: readonly AppupEntry[];
  readonly down: readonly AppupEntry[];
}

/** Something to know about a generated appup. */
export interface GeneratorNotice {
  readonly id:
    | 'application-restarted'
    | 'call-cycle'
    | 'child-replaced'
    | 'function-gone'
    | 'process-replaced'
    | 'supervisor-children-unknown';
  readonly application: string;
  readonly modules: readonly string[];
  /** Functions that are gone, as text. */
  readonly functions?: string;
}

export interface Generated {
  readonly appups: readonly GeneratedAppup[];
  readonly notices: readonly GeneratorNotice[];
}

/** Generates the appups of some applications (src/erlang/relup_generate.erl), up and down, from every up-from version. */
export async function generateAppups(
  options: GeneratorOptions,
  applications: ReadonlySet<string>,
): Promise<Generated> {
  if (applications.size === 0) return { appups: [], notices: [] };
  const { release, buildDir, differences, purge } = options;
  const request = [
    purge,
    options.configFile,
    [release.root, buildDir],
    differences.map((difference) => [
      difference.upFrom.root,
      upFromBuildDir(difference.upFrom),
      [...difference.changed, ...difference.added, ...difference.removed].map((change) => [
        change.name,
        change.from ?? '',
        change.to ?? '',
        ...moduleLists(change),
        String(applications.has(change.name)),
      ]),
    ]),
    options.corrections.map((one) => [
      one.application,
      one.upFrom,
      one.direction,
      one.position,
      one.instruction,
    ]),
  ];
  const file = join(options.outFolder, 'generate.request');
  await writeErlangRequest(file, request);
  return options.erlang.query<Generated>('generate', [file]);
}

function moduleLists({ modules }: ApplicationChange): ErlangRequest[] {
  return [modules.added, modules.changed, modules.removed];
}

function upFromBuildDir({ source }: BuiltRelease): string {
  return source.buildDir ?? '';
}
