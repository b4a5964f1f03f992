// An artifact of the same name that is in the workflow run already: deleted, recognised as our own, or refused.
import type { DefaultArtifactClient } from '@actions/artifact';
import { info } from '@actions/core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ActionError, errorMessage } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import { unended } from '../shared/unended.js';

export interface ExistingArtifact {
  readonly name: string;
  readonly id: number;
  /** `sha256:` and the SHA-256 of the zip, lower-case hex. */
  readonly digest?: string;
}

/** What this run would have uploaded under the name. */
export interface OwnFiles {
  readonly rootDir: string;
  readonly manifest?: string;
  readonly overwrite: boolean;
  readonly workFolder: string;
}

const REPLACE = 'Set `overwrite: true` to replace it, or give another `artifact-name`.';

/** Deletes the artifact of this name; none is fine. */
export async function deleteExisting(client: DefaultArtifactClient, name: string): Promise<void> {
  try {
    await client.deleteArtifact(name);
    info(`Deleted the earlier artifact "${name}".`);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * The artifact that took the name, if it holds the very manifest that we have: then an earlier attempt of this run uploaded the
 * same release.
 *
 * @throws {ActionError} when it holds something else, or has not been uploaded in full.
 */
export async function sameArtifact({
  client,
  name,
  own,
  conflict,
}: {
  readonly client: DefaultArtifactClient;
  readonly name: string;
  readonly own: OwnFiles;
  readonly conflict: unknown;
}): Promise<ExistingArtifact> {
  const existing = own.overwrite ? undefined : await findExisting(client, name);
  if (existing === undefined) throw takenByAnotherUpload(name, conflict);
  if (
    own.manifest === undefined ||
    !(await holdsManifest({ client, artifact: existing, own, manifest: own.manifest }))
  ) {
    throw new ActionError(
      `This workflow run already has an artifact "${name}" (id ${existing.id}) with other contents.`,
      { remedy: REPLACE, cause: conflict },
    );
  }
  info(`The artifact "${name}" (id ${existing.id}) of an earlier attempt holds the same release.`);
  return existing;
}

async function findExisting(
  client: DefaultArtifactClient,
  name: string,
): Promise<ExistingArtifact | undefined> {
  try {
    return (await client.getArtifact(name)).artifact;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw serviceFailure(`The artifact "${name}" could not be looked up`, error);
  }
}

// A name is taken as soon as an upload begins, but listed, and so deleted, only when it has ended.
function takenByAnotherUpload(name: string, conflict: unknown): ActionError {
  return new ActionError(
    `The artifact name "${name}" is taken in this workflow run by an upload that has not ended or broke off.`,
    {
      remedy:
        'Give each job its own `artifact-name`; after an upload that broke off, start a new workflow run.',
      cause: conflict,
    },
  );
}

async function holdsManifest({
  client,
  artifact,
  own,
  manifest,
}: {
  readonly client: DefaultArtifactClient;
  readonly artifact: ExistingArtifact;
  readonly own: OwnFiles;
  readonly manifest: string;
}): Promise<boolean> {
  const { rootDir, workFolder } = own;
  const folder = await mkdtemp(join(workFolder, 'existing-'));
  try {
    const { digestMismatch } = await client.downloadArtifact(artifact.id, {
      path: folder,
      ...defined({ expectedHash: artifact.digest }),
    });
    if (digestMismatch) throw new Error('its SHA-256 is not the one that the service recorded');
    const theirs = await readFile(join(folder, relative(rootDir, manifest))).catch(() => undefined);
    return theirs?.equals(await readFile(manifest)) ?? false;
  } catch (error) {
    const what = `The artifact "${artifact.name}" (id ${artifact.id}) of this workflow run could not be compared`;
    throw serviceFailure(what, error, REPLACE);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether an upload failed because the name is taken. The toolkit has no class for it: status and text are all there is. */
export function isNameConflict(error: unknown): boolean {
  return /^Failed to CreateArtifact: .*\(409\)/.test(errorMessage(error));
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'ArtifactNotFoundError';
}

/** One sentence from what was tried and the first line of the toolkit's reason; the rest is in `cause`. */
export function serviceFailure(what: string, cause: unknown, remedy?: string): ActionError {
  const [reason = ''] = errorMessage(cause).split('\n');
  return new ActionError(`${what}: ${unended(reason)}.`, {
    remedy: remedy ?? 'Run the job again; when it fails again, see https://www.githubstatus.com.',
    cause,
  });
}
