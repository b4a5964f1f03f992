// The package of an earlier release, as it was published.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../model/manifest.js';
import { OtherManifestError, parseManifest } from '../model/read-manifest.js';
import { tagNamesVersion } from '../shared/names.js';
import { downloadAsset, listAssets, type Asset } from './assets.js';
import { publishedRelease, type GithubRelease } from './releases.js';
import type { Repository } from './repository.js';

/** Whose packages are looked for; a repository may have several projects, and a project several releases. */
export interface Wanted {
  readonly tag: string;
  /** Whether the tag names a release version, which must then be the manifest's. */
  readonly isReleaseTag: boolean;
  /** The project's folder in the repository; empty for its top. */
  readonly projectPath: string;
  /** The input `release`. */
  readonly release: string | undefined;
}

/** What a GitHub release has of relup-action. */
export interface Found {
  readonly release: GithubRelease;
  readonly assets: readonly Asset[];
  readonly manifest: Manifest;
  readonly manifestAsset: Asset;
  /** SHA-256 of the manifest as it came. */
  readonly manifestSum: string;
}

/** Why a release has nothing that could be taken; completes "it has no package: …". */
export interface NotFound {
  readonly why: string;
}

/** What every manifest's name ends in. */
export const MANIFEST_SUFFIX = '.manifest.json';

/**
 * Looks for the packages of a tag.
 *
 * @param folder a private folder
 * @throws {ActionError} when GitHub cannot be asked, or a manifest is damaged
 */
export async function findPublished(
  repository: Repository,
  wanted: Wanted,
  folder: string,
): Promise<Found | NotFound> {
  const { tag } = wanted;
  const release = await publishedRelease(repository, tag);
  if (release === undefined) return { why: `the tag ${tag} has no GitHub release, or only a draft` };
  const assets = (await listAssets(repository, release)).filter(({ complete }) => complete);
  const found: Found[] = [];
  let why = `the GitHub release ${tag} has no manifest of this release`;
  for (const asset of assets) {
    if (!asset.name.endsWith(MANIFEST_SUFFIX)) continue;
    const path = join(folder, `${asset.id}${MANIFEST_SUFFIX}`);
    const manifestSum = await downloadAsset(repository, asset, path);
    const manifest = manifestIn(await readFile(path), asset.name);
    if (manifest === undefined) why = `${asset.name} was written by another version of relup-action`;
    else if (isWanted(manifest, wanted)) {
      found.push({ release, assets, manifest, manifestAsset: asset, manifestSum });
    }
  }
  const [only, ...others] = found;
  if (only === undefined) return { why };
  if (others.length === 0) return only;
  const names = found.map(({ manifest }) => manifest.name).join(', ');
  return { why: `the GitHub release ${tag} has packages of several releases (${names})` };
}

/** Undefined for one of another version of this action: then its release is built, as before it was published. */
function manifestIn(bytes: Uint8Array, path: string): Manifest | undefined {
  try {
    return parseManifest(bytes, path);
  } catch (error) {
    if (error instanceof OtherManifestError) return undefined;
    throw error;
  }
}

function isWanted({ name, version, projectPath = '' }: Manifest, wanted: Wanted): boolean {
  return (
    projectPath === wanted.projectPath &&
    (wanted.release === undefined || wanted.release === name) &&
    (!wanted.isReleaseTag || tagNamesVersion(wanted.tag, version))
  );
}
