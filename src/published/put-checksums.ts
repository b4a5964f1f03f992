import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deleteAsset, downloadAsset, listAssets, uploadAsset, type Asset } from './assets.js';
import { CHECKSUMS, checksumsText, readChecksums, type Checksums } from './checksums.js';
import type { GithubRelease } from './releases.js';
import { askGithub, type Repository } from './repository.js';

/** Where files are attached. */
export interface Place {
  readonly repository: Repository;
  readonly release: GithubRelease;
  /** A private folder. */
  readonly workFolder: string;
}

/**
 * Attaches SHA256SUMS. Lines of other files stay: several releases of one repository may have the tag in common, and their jobs
 * may run at the same time.
 */
export async function putChecksums(place: Place, own: Checksums): Promise<void> {
  const { repository, release, workFolder } = place;
  const path = join(workFolder, CHECKSUMS);
  const what = `The file ${CHECKSUMS} could not be attached to the GitHub release ${release.tag}`;
  await askGithub(what, 'contents: write', async () => {
    const there = (await listAssets(repository, release)).find(({ name }) => name === CHECKSUMS);
    const before = await textOf(repository, there, path);
    const text = checksumsText(new Map([...readChecksums(before), ...own]));
    if (text === before) return;
    if (there !== undefined) await deleteAsset(repository, there);
    await writeFile(path, text);
    await uploadAsset(repository, release, { name: CHECKSUMS, path });
  });
}

async function textOf(repository: Repository, asset: Asset | undefined, path: string): Promise<string> {
  if (asset?.complete !== true) return '';
  await downloadAsset(repository, asset, path);
  return readFile(path, 'utf8');
}
