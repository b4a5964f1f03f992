import { info } from '@actions/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../model/finding.js';
import type { ManifestPackage } from '../model/manifest.js';
import { DEBUG_SUFFIX } from '../model/release.js';
import { ActionError } from '../shared/errors.js';
import { isPathComponent } from '../shared/names.js';
import { downloadAsset, findAsset } from './assets.js';
import { CHECKSUMS, readChecksums } from './checksums.js';
import type { Found } from './find.js';
import type { Repository } from './repository.js';

/** A published package on this machine, with its debug package beside it where there is one. */
export interface TakenPackage {
  readonly path: string;
  /** That it was made of. */
  readonly commit: string;
  readonly findings: readonly Finding[];
}

/**
 * Downloads the full package, and what belongs to it, and checks all against manifest and SHA256SUMS.
 *
 * @param commit that the tag leads to now
 * @param folder a private folder
 * @throws {ActionError} when a file is missing or is not what was published
 */
export async function takePublished(
  repository: Repository,
  { found, commit, folder }: { readonly found: Found; readonly commit: string; readonly folder: string },
): Promise<TakenPackage> {
  const { manifest, release } = found;
  await checkManifest(repository, found, folder);
  const path = await takeFile(repository, found, { file: manifest.packages.full, folder });
  const debug = manifest.packages.debug;
  if (debug?.file.endsWith(DEBUG_SUFFIX) === true) {
    await takeFile(repository, found, { file: debug, folder });
  }
  info(`${release.tag}: the package of its GitHub release, ${release.url}`);
  return { path, commit: manifest.commit, findings: movedFindings(found, commit) };
}

/** By the digest that GitHub kept, and by SHA256SUMS. */
async function checkManifest(repository: Repository, found: Found, folder: string): Promise<void> {
  const { assets, manifestAsset, manifestSum, release } = found;
  const sums = assets.find(({ name }) => name === CHECKSUMS);
  const path = join(folder, CHECKSUMS);
  if (sums !== undefined) await downloadAsset(repository, sums, path);
  const listed = sums === undefined ? new Map() : readChecksums(await readFile(path, 'utf8'));
  for (const expected of [manifestAsset.digest, listed.get(manifestAsset.name)]) {
    if (expected !== undefined && expected !== manifestSum) throw changed(manifestAsset.name, release.tag);
  }
}

async function takeFile(
  repository: Repository,
  { assets, release }: Found,
  { file, folder }: { readonly file: ManifestPackage; readonly folder: string },
): Promise<string> {
  if (!isPathComponent(file.file) || !file.file.endsWith('.tar.gz')) throw changed(file.file, release.tag);
  const asset = findAsset(assets, { name: file.file, sha256: file.sha256 });
  if (asset === undefined) {
    throw new ActionError(
      `The GitHub release ${release.tag} lacks the file ${file.file}, which its manifest names.`,
      { remedy: `Attach it again, or write \`upgrade-from: ${release.tag}\` to build the tag instead.` },
    );
  }
  const path = join(folder, file.file);
  const sum = await downloadAsset(repository, asset, path);
  if (asset.size !== file.size || sum !== file.sha256) throw changed(file.file, release.tag);
  return path;
}

function changed(file: string, tag: string): ActionError {
  return new ActionError(
    `The file ${file} of the GitHub release ${tag} is not what was published: it was replaced or damaged.`,
    {
      remedy: `Find out by whom. \`upgrade-from: ${tag}\` builds the tag instead, which helps only if that is what the nodes run.`,
    },
  );
}

/** What was shipped counts, wherever its tag leads now. */
function movedFindings({ manifest, release }: Found, commit: string): Finding[] {
  if (manifest.commit === commit) return [];
  return [
    {
      id: 'published-tag-moved',
      severity: 'warning',
      message: `The tag ${release.tag} leads to ${commit.slice(0, 7)}, but the package of its GitHub release was made of ${manifest.commit.slice(0, 7)}; the package is upgraded from, because it is what was shipped.`,
      remedy: 'Do not move tags of published versions; give what changed a new version.',
    },
  ];
}
