import { info } from '@actions/core';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuiltRelease, DEBUG_SUFFIX } from '../model/release.js';
import type { Toolchain } from '../model/toolchain.js';
import { writeDebugTarball } from '../shared/debug-files.js';
import { defined } from '../shared/optional.js';
import { sha256, sha256File } from '../shared/sha256.js';
import { neutralise } from '../shared/workflow-commands.js';
import type { Workspace } from '../shared/workspace.js';
import { cacheKey, restoreRelease, saveRelease } from './actions-cache.js';
import { unpackDebug, unpackRelease } from './describe.js';
import type { BuildContext, Version } from './version.js';
import { placeOf } from './version.js';

/** The cache entry of a version built from this commit with this toolchain (design decision 13, H62). */
export function versionCacheKey(context: BuildContext, toolchain: Toolchain, version: Version): string {
  return cacheKey({
    os: toolchain.libc,
    arch: toolchain.architecture,
    otp: toolchain.otpVersion,
    erts: toolchain.erts,
    rebar3: toolchain.rebar3,
    profile: context.profile,
    release: context.release ?? '',
    commit: version.commit,
    prepareHash: sha256(context.prepare),
    projectDir: context.projectPath,
  });
}

/** Beside the tarball in a cache entry: what it must be to be used. */
interface CacheEntry {
  readonly file: string;
  readonly sha256: string;
  readonly commit: string;
  /** The package with debug information, when there is one. */
  readonly debug?: { readonly file: string; readonly sha256: string };
}

const ENTRY_FILE = 'entry.json';

/** Fetches a version's cache entry into its folder; undefined on a miss. Never fails the job. */
export async function fetchVersion(
  context: BuildContext,
  key: string,
  version: Version,
): Promise<string | undefined> {
  const folder = await cacheFolder(context.workspace, version);
  return (await restoreRelease(key, folder)) === undefined ? undefined : folder;
}

/**
 * The release of a fetched cache entry, or undefined when the entry is not what it says. Never fails the job.
 *
 * @param folder what {@link fetchVersion} gave
 */
export async function restoreVersion(
  context: BuildContext,
  folder: string,
  version: Version,
): Promise<BuiltRelease | undefined> {
  try {
    const entry = JSON.parse(await readFile(join(folder, ENTRY_FILE), 'utf8')) as CacheEntry;
    const path = join(folder, basename(entry.file));
    if (entry.commit !== version.commit || entry.sha256 !== (await sha256File(path))) {
      throw new Error('its tarball is not the one that was saved');
    }
    const buildDir = await restoreDebug(context, folder, entry);
    const { ref, commit } = version;
    const source = { kind: 'cache', ref, commit, ...defined({ buildDir }) } as const;
    const release = await unpackRelease(context, path, { source, at: placeOf(version), tag: version.tag });
    info(`${version.ref}: ${release.name} ${release.version} restored from the cache.`);
    return release;
  } catch (error) {
    info(
      neutralise(`The cache entry of ${version.ref} is not used (${String(error)}); it is built instead.`),
    );
    return undefined;
  }
}

async function restoreDebug(
  context: BuildContext,
  folder: string,
  { debug }: CacheEntry,
): Promise<string | undefined> {
  if (debug === undefined) return undefined;
  const path = join(folder, basename(debug.file));
  if (debug.sha256 !== (await sha256File(path)))
    throw new Error('its debug information is not what was saved');
  return unpackDebug(context, path);
}

/** Saves a version's release package under its key, with what the packing took out of it. Never fails the job. */
export async function saveVersion({
  context,
  key,
  version,
  release,
}: {
  readonly context: BuildContext;
  readonly key: string;
  readonly version: Version;
  readonly release: BuiltRelease & { readonly tarball: string };
}): Promise<void> {
  const folder = await cacheFolder(context.workspace, version);
  const { tarball } = release;
  const file = basename(tarball);
  await copyFile(tarball, join(folder, file));
  const path = join(folder, `${release.name}-${release.version}${DEBUG_SUFFIX}`);
  const { root, applications, source } = release;
  const buildDir = source.kind === 'ref' ? source.buildDir : undefined;
  const debug = await writeDebugTarball(path, { root, buildDir, applications }, 0);
  const entry: CacheEntry = {
    file,
    sha256: await sha256File(tarball),
    commit: version.commit,
    ...(debug === undefined ? {} : { debug: { file: basename(path), sha256: debug.sha256 } }),
  };
  await writeFile(join(folder, ENTRY_FILE), JSON.stringify(entry));
  await saveRelease(key, folder, [file, ...(debug === undefined ? [] : [basename(path)]), ENTRY_FILE]);
}

async function cacheFolder(workspace: Workspace, version: Version): Promise<string> {
  return workspace.folder('cache', version.commit.slice(0, 12));
}
