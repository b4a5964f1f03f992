// Packages and manifest, attached to the GitHub release of their tag.
import { info } from '@actions/core';
import { basename, join } from 'node:path';
import { ActionError } from '../shared/errors.js';
import { sha256File } from '../shared/sha256.js';
import { deleteAsset, downloadAsset, findAsset, listAssets, uploadAsset, type Asset } from './assets.js';
import { putChecksums, type Place } from './put-checksums.js';
import { publishDraft, releaseToFill, remoteCommit } from './releases.js';
import { askGithub, openRepository } from './repository.js';

export interface PublishOptions {
  readonly token: string;
  /** The tag that the workflow runs for, and the commit that the packages were made of. */
  readonly tag: string;
  readonly commit: string;
  readonly preRelease: boolean;
  /** Of a release that has to be created. */
  readonly notes: string;
  /** Absolute paths; the manifest comes last, because a package without one is not upgraded from. */
  readonly files: readonly string[];
  /** Whether files of the same name with other contents are replaced. */
  readonly overwrite: boolean;
  /** A private folder. */
  readonly workFolder: string;
}

/** The GitHub release that has the packages now. */
export interface PublishedRelease {
  readonly tag: string;
  readonly url: string;
  readonly draft: boolean;
}

/** A file that is to be attached. */
interface OwnFile {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
}

/** Stands in the notes of a draft of ours until all files are there; a draft without it is the user's, and stays one. */
const INCOMPLETE = '<!-- relup-action: not all files are attached yet -->';

/**
 * Attaches the files and their SHA256SUMS. A release that is missing becomes public only when it has all of them. A re-run
 * leaves what is there already; what broke off is uploaded again.
 *
 * @throws {ActionError} when the tag leads elsewhere now, a file is there with other contents, or GitHub refuses
 */
export async function publishFiles(options: PublishOptions): Promise<PublishedRelease> {
  const { tag, commit, preRelease, overwrite, workFolder } = options;
  const repository = await openRepository(options.token);
  checkTag(tag, commit, await remoteCommit(repository, tag));
  const notes = `${options.notes}\n\n${INCOMPLETE}`;
  const release = await releaseToFill(repository, { tag, commit, preRelease, notes });
  const place = { repository, release, workFolder };
  const files = await Promise.all(options.files.map(ownFile));
  if (!overwrite) await refuseOthers(place, files);
  const manifest = files.at(-1);
  for (const file of files.slice(0, -1)) await put(place, file);
  await putChecksums(place, new Map(files.map(({ name, sha256 }) => [name, sha256])));
  if (manifest !== undefined) await put(place, manifest);
  const done = release.draft && release.notes.includes(INCOMPLETE);
  return done ? publishDraft(repository, release, release.notes.replace(INCOMPLETE, '').trim()) : release;
}

async function ownFile(path: string): Promise<OwnFile> {
  return { name: basename(path), path, sha256: await sha256File(path) };
}

function checkTag(tag: string, commit: string, remote: string | undefined): void {
  if (remote === commit) return;
  const now = remote === undefined ? 'deleted' : `moved to ${remote.slice(0, 7)}`;
  throw new ActionError(
    `Nothing is published: the tag ${tag} was ${now}, and the packages were made of ${commit.slice(0, 7)}.`,
    {
      remedy:
        'Push the tag again to publish what it leads to; a released version should get a new tag instead.',
    },
  );
}

/** Before anything is uploaded. */
async function refuseOthers(place: Place, files: readonly OwnFile[]): Promise<void> {
  const assets = await listAssets(place.repository, place.release);
  for (const file of files) {
    const there = findAsset(assets, file);
    if (there === undefined || !there.complete || (await isSame(place, there, file))) continue;
    throw new ActionError(
      `The GitHub release ${place.release.tag} already has a file ${file.name} with other contents.`,
      {
        remedy:
          'A published version should stay as it is: make a new version, or set `overwrite: true` to replace its files.',
        details: `there: SHA-256 ${there.digest ?? 'unknown'}\nhere: SHA-256 ${file.sha256}`,
      },
    );
  }
}

async function isSame({ repository, workFolder }: Place, asset: Asset, file: OwnFile): Promise<boolean> {
  const digest = asset.digest ?? (await downloadAsset(repository, asset, join(workFolder, 'published')));
  return digest === file.sha256;
}

/** Looks at what is there before each attempt: one that failed may have left something. */
async function put(place: Place, file: OwnFile): Promise<void> {
  const { repository, release } = place;
  const what = `The file ${file.name} could not be attached to the GitHub release ${release.tag}`;
  await askGithub(what, 'contents: write', async () => {
    const there = findAsset(await listAssets(repository, release), file);
    if (there?.complete === true && (await isSame(place, there, file))) {
      info(`${file.name}: attached, SHA-256 ${file.sha256}`);
      return;
    }
    if (there !== undefined) await deleteAsset(repository, there);
    await uploadAsset(repository, release, file);
    info(`${file.name}: uploaded, SHA-256 ${file.sha256}`);
  });
}
