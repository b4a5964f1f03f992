import { basename } from 'node:path';
import { defined } from '../shared/optional.js';
import { sha256 } from '../shared/sha256.js';
import type { AppupEntry, ChosenAppup } from './appup.js';
import type { Finding } from './finding.js';
import type { Packages } from './package.js';
import type { Tarball, TarballFile } from '../shared/tarball.js';
import type { Proof } from './proof.js';
import type { BuiltRelease, ReleaseApplication, ReleaseSource } from './release.js';
import type { Relup, RelupScript } from './relup.js';
import type { Toolchain } from './toolchain.js';

/** A package as the manifest lists it; `file` is its name beside the manifest. */
export interface ManifestPackage {
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  readonly files: readonly TarballFile[];
}

interface ManifestUpFrom {
  readonly version: string;
  readonly erts: string;
  readonly source: 'ref' | 'tarball' | 'cache';
  readonly commit?: string;
  readonly applications: readonly ReleaseApplication[];
  /** Files of the upgrade package that this release has with other content, which stays; absent when there are none. */
  readonly keeps?: readonly string[];
  readonly selfMade?: readonly string[];
}

/** The contract between build, deploy and the next build (design decision 4). No times, so that it repeats byte for byte. */
export interface Manifest {
  readonly manifestVersion: 1;
  readonly name: string;
  readonly version: string;
  readonly ref: string;
  readonly commit: string;
  /** The project's folder in the repository; absent for its top. */
  readonly projectPath?: string;
  readonly erts: string;
  readonly includesErts: boolean;
  readonly toolchain: Toolchain;
  readonly upgradeKind: 'hot' | 'restart' | 'none';
  readonly verdict: string;
  readonly applications: readonly ReleaseApplication[];
  /** Modules that the release compiles anew while it runs; absent when there are none. */
  readonly selfMade?: readonly string[];
  readonly upFrom: readonly ManifestUpFrom[];
  readonly appups: readonly Omit<ChosenAppup, 'text'>[];
  readonly relup: { readonly up: readonly RelupScript[]; readonly down: readonly RelupScript[] } | null;
  /** Only for hot upgrades. */
  readonly proof?: Proof;
  readonly packages: {
    readonly full: ManifestPackage;
    readonly upgrade?: ManifestPackage;
    /** For the next build only. */
    readonly debug?: ManifestPackage;
  };
  readonly findings: readonly Finding[];
}

export interface ManifestInput {
  readonly release: BuiltRelease;
  readonly ref: string;
  readonly commit: string;
  /** Relative to the repository; empty for its top. */
  readonly projectPath: string;
  readonly toolchain: Toolchain;
  readonly upgradeKind: Manifest['upgradeKind'];
  readonly verdict: string;
  readonly upFrom: readonly BuiltRelease[];
  readonly appups: readonly ChosenAppup[];
  readonly relup?: Relup | undefined;
  readonly full: Tarball;
  readonly upgrade?: Tarball | undefined;
  readonly debug?: Tarball | undefined;
  readonly findings: readonly Finding[];
  readonly keeps: Packages['keeps'];
  /** Modules that the releases compile anew while they run, as the rehearsal has seen. */
  readonly selfMade: readonly string[];
  readonly proof?: Proof | undefined;
}

/** Facts → manifest. Pure. */
export function manifestOf(input: ManifestInput): Manifest {
  const { release, relup, upgrade, debug } = input;
  const selfMade = input.selfMade.length === 0 ? {} : { selfMade: input.selfMade };
  return {
    manifestVersion: 1,
    name: release.name,
    version: release.version,
    ref: input.ref,
    commit: input.commit,
    ...(input.projectPath === '' ? {} : { projectPath: input.projectPath }),
    erts: release.erts,
    includesErts: release.includesErts,
    toolchain: input.toolchain,
    upgradeKind: input.upgradeKind,
    verdict: input.verdict,
    applications: release.applications,
    ...selfMade,
    upFrom: input.upFrom.map((one) => ({
      ...manifestUpFrom(one, input.keeps[one.version]),
      ...selfMade,
    })),
    appups: input.appups.map(({ application, version, origin, file, up, down }) => ({
      application,
      version,
      origin,
      file,
      up: up.map(withoutWords),
      down: down.map(withoutWords),
    })),
    relup: relup === undefined ? null : { up: relup.up, down: relup.down },
    ...(input.proof === undefined ? {} : { proof: input.proof }),
    packages: {
      full: manifestPackage(input.full),
      ...(upgrade === undefined ? {} : { upgrade: manifestPackage(upgrade) }),
      ...(debug === undefined ? {} : { debug: manifestPackage(debug) }),
    },
    findings: input.findings,
  };
}

/** Words are for people, and may change. */
function withoutWords({ upFrom, pattern, instructions }: AppupEntry): AppupEntry {
  return { upFrom, pattern, instructions };
}

function manifestUpFrom(release: BuiltRelease, keeps: readonly string[] | undefined): ManifestUpFrom {
  const { version, erts, source, applications } = release;
  const commit = commitOf(source);
  return { version, erts, source: source.kind, ...defined({ commit }), applications, ...defined({ keeps }) };
}

function commitOf(source: ReleaseSource): string | undefined {
  return source.kind === 'tarball' ? source.published?.commit : source.commit;
}

function manifestPackage({ path, size, sha256, files }: Tarball): ManifestPackage {
  return { file: basename(path), size, sha256, files };
}

/** The manifest as JSON. Its last member is the SHA-256 of all that stands before it, so that damage is seen (H104). */
export function manifestText(manifest: Manifest): string {
  const members = JSON.stringify(manifest, null, 1).replace(/\n\}$/, '');
  return `${members},\n "checksum": "${sha256(members)}"\n}\n`;
}

const CHECKSUM = /,\n "checksum": "([0-9a-f]{64})"\n\}\n$/;

/** The manifest's own members, as JSON; undefined when they are not what the checksum is of. Pure. */
export function checkedMembers(text: string): string | undefined {
  const match = CHECKSUM.exec(text);
  const members = text.slice(0, match?.index);
  return match !== null && sha256(members) === match[1] ? `${members}}` : undefined;
}
