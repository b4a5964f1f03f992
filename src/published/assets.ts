// The files of a GitHub release.
import { createHash } from 'node:crypto';
import { createWriteStream, openAsBlob } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { errorMessage } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import type { GithubRelease } from './releases.js';
import { askGithub, type Repository } from './repository.js';

/** A file of a release. */
export interface Asset {
  readonly id: number;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256, lower-case hex; absent for files that were uploaded before GitHub kept it. */
  readonly digest?: string;
  /** False for one whose upload broke off. */
  readonly complete: boolean;
}

/** The file of that name, or else with those contents: GitHub changes some characters in names. Pure. */
export function findAsset(
  assets: readonly Asset[],
  { name, sha256 }: { readonly name: string; readonly sha256: string },
): Asset | undefined {
  return assets.find((one) => one.name === name) ?? assets.find(({ digest }) => digest === sha256);
}

/** All files of a release. @throws {ActionError} */
export async function listAssets(repository: Repository, release: GithubRelease): Promise<Asset[]> {
  const { octokit, owner, repo } = repository;
  const what = `The files of the GitHub release ${release.tag} could not be listed`;
  return askGithub(what, 'contents: read', async () => {
    const { listReleaseAssets } = octokit.rest.repos;
    const found = await octokit.paginate(listReleaseAssets, {
      ...{ owner, repo, release_id: release.id, per_page: 100 },
    });
    return found.map(({ id, name, size, digest, state }) => ({
      ...{ id, name, size, complete: state === 'uploaded' },
      ...defined({ digest: digest?.replace(/^sha256:/, '') }),
    }));
  });
}

/** @throws what octokit throws */
export async function deleteAsset({ octokit, owner, repo }: Repository, asset: Asset): Promise<void> {
  await octokit.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: asset.id });
}

/** Uploads a file. @throws what octokit throws */
export async function uploadAsset(
  { octokit }: Repository,
  release: GithubRelease,
  { name, path }: { readonly name: string; readonly path: string },
): Promise<void> {
  // A blob is read piece by piece, and has a length: GitHub takes none without.
  const data = await openAsBlob(path);
  const headers = { 'content-type': 'application/octet-stream' };
  await octokit.request(`POST ${release.uploadUrl}`, { name, data, headers });
}

/**
 * Downloads a file. The storage that GitHub redirects to does not get the token.
 *
 * @returns its SHA-256, lower-case hex
 * @throws {ActionError}
 */
export async function downloadAsset(repository: Repository, asset: Asset, path: string): Promise<string> {
  const { octokit, owner, repo } = repository;
  const what = `The file ${asset.name} of a GitHub release could not be downloaded`;
  return askGithub(what, 'contents: read', async () => {
    const answer = await octokit.request('GET /repos/{owner}/{repo}/releases/assets/{asset_id}', {
      ...{ owner, repo, asset_id: asset.id },
      headers: { accept: 'application/octet-stream' },
      request: { parseSuccessResponseBody: false },
    });
    return save(answer.data as unknown as ReadableStream, asset, path);
  });
}

async function save(body: ReadableStream, { size }: Asset, path: string): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes <= size) done(null, chunk);
      else done(broken(`it is larger than the ${size} bytes that GitHub names`));
    },
  });
  await pipeline(Readable.fromWeb(body), count, createWriteStream(path)).catch((error: unknown) => {
    throw isOurs(error) ? error : broken(errorMessage(error));
  });
  if (bytes < size) throw broken(`only ${bytes} of ${size} bytes came`);
  return hash.digest('hex');
}

/** A full disk is no failure of the connection. */
function isOurs(error: unknown): boolean {
  return (
    (error as NodeJS.ErrnoException).syscall === 'write' || (error as { status?: number }).status === 500
  );
}

/** Like a request that was not answered, so that it is tried again. */
function broken(reason: string): Error {
  return Object.assign(new Error(reason), { status: 500 });
}
