import { info } from '@actions/core';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Erlang } from '../programs/erlang.js';
import { ErlangError } from '../programs/erlang.js';
import { BadInputError } from '../shared/errors.js';
import type { BuiltRelease, ReleaseSource } from '../shared/release.js';
import { sha256, sha256File } from '../shared/sha256.js';
import type { Workspace } from '../shared/workspace.js';
import { toBuiltRelease, type BuildContext, type Version } from './build.js';
import { cacheKey, restoreRelease, saveRelease } from './cache.js';
import { checkRelease, type ReleaseDescription } from './release-checks.js';
import type { Toolchain } from './toolchain.js';

/**
 * Takes an up-from release from a tarball instead of building it (H17): members are checked before anything is
 * extracted (H105), and what comes out is checked like a release that was built here.
 *
 * @throws {BadInputError} when the tarball is damaged, unsafe, or holds no release
 */
export async function unpackRelease(
  context: Pick<BuildContext, 'erlang' | 'workspace'>,
  path: string,
  source: ReleaseSource,
  tag?: string,
): Promise<BuiltRelease> {
  const name = basename(path);
  const root = await context.workspace.folder('unpacked', sha256(path).slice(0, 12));
  const description = await describeTarball(context.erlang, path, root);
  checkRelease(description, name, tag);
  return { ...toBuiltRelease(description, root), source, tarball: path };
}

async function describeTarball(erlang: Erlang, path: string, root: string): Promise<ReleaseDescription> {
  try {
    await erlang.query('unpack', [path, root]);
    return await erlang.query<ReleaseDescription>('describe', [root]);
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    throw new BadInputError(`${basename(path)} cannot be used as a release package: ${error.message}`, {
      remedy: 'Give the .tar.gz that `rebar3 tar` or relup-action made, unchanged.',
      details: error.details,
      cause: error,
    });
  }
}

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
}

const ENTRY_FILE = 'entry.json';

/** The release from the cache, or undefined on a miss or when the entry is not what it says. Never fails the job. */
export async function restoreUpFrom(
  context: BuildContext,
  key: string,
  version: Version,
): Promise<BuiltRelease | undefined> {
  const folder = await cacheFolder(context.workspace, version);
  const files = await restoreRelease(key, folder);
  if (files === undefined) return undefined;
  try {
    const entry = JSON.parse(await readFile(join(folder, ENTRY_FILE), 'utf8')) as CacheEntry;
    const path = join(folder, basename(entry.file));
    if (entry.commit !== version.commit || entry.sha256 !== (await sha256File(path))) {
      throw new Error('its tarball is not the one that was saved');
    }
    const source = { kind: 'cache', ref: version.ref, commit: version.commit } as const;
    const release = await unpackRelease(context, path, source, version.tag);
    info(`${version.ref}: ${release.name} ${release.version} restored from the cache.`);
    return release;
  } catch (error) {
    info(`The cache entry of ${version.ref} is not used (${String(error)}); it is built instead.`);
    return undefined;
  }
}

/** Saves a release's tarball under its key. Never fails the job. */
export async function saveUpFrom(
  context: BuildContext,
  key: string,
  version: Version,
  release: BuiltRelease,
): Promise<void> {
  if (release.tarball === undefined) return;
  const folder = await cacheFolder(context.workspace, version);
  const file = basename(release.tarball);
  await copyFile(release.tarball, join(folder, file));
  const entry: CacheEntry = { file, sha256: await sha256File(release.tarball), commit: version.commit };
  await writeFile(join(folder, ENTRY_FILE), JSON.stringify(entry));
  await saveRelease(key, folder, [file, ENTRY_FILE]);
}

async function cacheFolder(workspace: Workspace, version: Version): Promise<string> {
  return workspace.folder('cache', version.commit.slice(0, 12));
}
