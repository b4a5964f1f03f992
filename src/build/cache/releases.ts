import { info } from '@actions/core';
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuiltRelease, DEBUG_SUFFIX, foldersOf } from '../../model/release.js';
import type { Toolchain } from '../../model/toolchain.js';
import { writeDebugTarball } from '../../shared/debug-files.js';
import { defined } from '../../shared/optional.js';
import { sha256 } from '../../shared/sha256.js';
import { neutralise } from '../../shared/workflow-commands.js';
import { unpackDebug, unpackRelease } from '../describe.js';
import type { BuildContext, Version } from '../version.js';
import { placeOf } from '../version.js';
import { restoreEntry, saveEntry } from './client.js';
import { openEntry, sealEntry } from './entry.js';
import { cacheKey, environmentDigest, toolchainParts, type CacheKeyParts } from './key.js';

/** What decides about the release that is built of a commit (design decision 13, H62). */
export interface ReleaseOrigin {
  readonly context: BuildContext;
  readonly toolchain: Toolchain;
  /** What `git describe` says of the commit; empty where all versions are written down. */
  readonly described: string;
}

function releaseParts({ context, toolchain, described }: ReleaseOrigin, { commit }: Version): CacheKeyParts {
  return {
    ...toolchainParts(toolchain),
    environment: environmentDigest(process.env),
    profile: context.profile,
    release: context.release ?? '',
    commit,
    described,
    prepare: sha256(context.prepare),
    project: context.projectPath,
  };
}

function keyOf(parts: CacheKeyParts): string {
  const { os = '', arch = '', otp = '', release = '', commit = '' } = parts;
  return cacheKey('release', parts, [os, arch, `otp${otp}`, release, commit.slice(0, 12)]);
}

/**
 * The release that an earlier run built of this commit with this toolchain, or undefined when there is none that can be used.
 * Never fails the job.
 */
export async function restoreVersion(
  origin: ReleaseOrigin,
  version: Version,
): Promise<(BuiltRelease & { readonly tarball: string }) | undefined> {
  const { context } = origin;
  const parts = releaseParts(origin, version);
  const folder = await folderOf(context, version);
  if (!(await restoreEntry(keyOf(parts), folder))) return undefined;
  try {
    const { files, builtIn } = await openEntry(folder, parts);
    const tarball = files.find((file) => !file.endsWith(DEBUG_SUFFIX));
    if (tarball === undefined) throw new Error('it holds no package');
    const debug = files.find((file) => file.endsWith(DEBUG_SUFFIX));
    const buildDir = debug === undefined ? undefined : await unpackDebug(context, debug);
    const { ref, commit, role, tag } = version;
    const source = { kind: 'cache', ref, commit, builtIn, ...defined({ buildDir }) } as const;
    const isUpFrom = role === 'up-from';
    const release = await unpackRelease(context, tarball, { source, at: placeOf(version), tag, isUpFrom });
    info(`${ref}: ${release.name} ${release.version} restored from the cache.`);
    return { ...release, tarball };
  } catch (error) {
    info(
      neutralise(`The cache entry of ${version.ref} is not used (${String(error)}); it is built instead.`),
    );
    return undefined;
  }
}

/** Saves a version's release package, with what the packing took out of it. Never fails the job. */
export async function saveVersion(
  origin: ReleaseOrigin,
  version: Version,
  release: BuiltRelease & { readonly tarball: string },
): Promise<void> {
  const { context } = origin;
  const folder = await folderOf(context, version);
  const { tarball, root, applications, source } = release;
  const file = basename(tarball);
  await copyFile(tarball, join(folder, file));
  const debugFile = `${release.name}-${release.version}${DEBUG_SUFFIX}`;
  const buildDir = source.kind === 'ref' ? source.buildDir : undefined;
  const compiled = { root, buildDir, applications, withAppups: true };
  const debug = await writeDebugTarball(join(folder, debugFile), compiled, 0);
  const parts = releaseParts(origin, version);
  const files = [file, ...(debug === undefined ? [] : [debugFile])];
  const names = await sealEntry(folder, { files, builtIn: foldersOf(source) }, parts);
  await saveEntry(keyOf(parts), folder, names);
}

async function folderOf({ workspace }: BuildContext, { commit }: Version): Promise<string> {
  return workspace.folder('cache', commit.slice(0, 12));
}
