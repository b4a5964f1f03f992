// One zip with the packages, the manifest and the report, uploaded to the workflow run.
import { access, constants } from 'node:fs/promises';
import { ActionError } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import { deleteExisting, isNameConflict, sameArtifact, serviceFailure } from './existing-artifact.js';

export interface ArtifactOptions {
  /** As the user wrote it; made safe here. */
  readonly name: string;
  /** Absolute; the paths inside the zip are relative to it. */
  readonly rootDir: string;
  /** Absolute paths under `rootDir`. */
  readonly files: readonly string[];
  /** Days; absent for the repository's default. */
  readonly retentionDays?: number;
  /** Whether an artifact of the same name in this run is deleted first. */
  readonly overwrite: boolean;
  /** A private folder; an artifact that is there already is downloaded into it. */
  readonly workFolder: string;
  /** Absolute path of the manifest among `files`; by it a re-run recognises its own artifact. */
  readonly manifest?: string;
}

export interface UploadedArtifact {
  /** The name that was really used. */
  readonly name: string;
  readonly id: number;
  /** The artifact's page; absent outside of a workflow run. */
  readonly url?: string;
  /** SHA-256 of the zip, lower-case hex. */
  readonly digest?: string;
  /** True when an earlier attempt had uploaded the same release already and nothing was uploaded now. */
  readonly reused: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An artifact name that the service takes, never empty; tags bring slashes and colons (H60). */
export function safeArtifactName(name: string): string {
  // The service names these characters, and refuses control characters too.
  // eslint-disable-next-line no-control-regex
  const safe = name.trim().replaceAll(/["*/:<>?\\|\u0000-\u001f\u007f]/g, '-');
  return safe === '' ? 'relup' : safe;
}

/** The artifact's page, when the run's variables are there. */
export function artifactUrl(id: number, env: Environment): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (!server || !repository || !run) return undefined;
  return `${server}/${repository}/actions/runs/${run}/artifacts/${id}`;
}

/**
 * Says why this place has no artifact service.
 * @throws {ActionError} on GitHub Enterprise Server, and outside of a workflow run.
 */
export function requireArtifactService(env: Environment): void {
  const server = new URL(env.GITHUB_SERVER_URL || 'https://github.com').hostname.toLowerCase();
  // The same rule as the toolkit's, which would print a second message of its own.
  if (!/(^github\.com|\.ghe\.com|\.localhost)$/.test(server)) {
    throw new ActionError(
      `The artifact service of GitHub Enterprise Server (${server}) lacks what is needed to upload an artifact.`,
      {
        remedy:
          'Set `upload: false` and publish the packages named by the outputs `tarball` and `upgrade-tarball`.',
      },
    );
  }
  const missing = ['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL'].filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new ActionError(
      `An artifact can only be uploaded in a workflow run: ${missing.join(' and ')} must be set by the runner.`,
      { remedy: 'Set `upload: false` to run without an upload.' },
    );
  }
}

/**
 * Uploads the files as one zip. A re-run whose artifact is there already succeeds when the manifest in it is the same, byte
 * for byte; a published version is never silently replaced (H63).
 *
 * @throws {ActionError} when there is no service, the name is taken by other contents, or the service fails.
 */
export async function uploadArtifact(options: ArtifactOptions): Promise<UploadedArtifact> {
  requireArtifactService(process.env);
  await requireReadable(options.files);
  const name = safeArtifactName(options.name);
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const client = new DefaultArtifactClient();
  try {
    if (options.overwrite) await deleteExisting(client, name);
    const uploaded = await client.uploadArtifact(name, [...options.files], options.rootDir, {
      compressionLevel: 0,
      ...defined({ retentionDays: options.retentionDays }),
    });
    if (uploaded.id === undefined) throw new Error('the service gave no artifact id');
    return described({ name, id: uploaded.id, digest: uploaded.digest, reused: false });
  } catch (error) {
    if (!isNameConflict(error)) throw serviceFailure(`The artifact "${name}" could not be uploaded`, error);
    const existing = await sameArtifact({ client, name, own: options, conflict: error });
    return described({ name, id: existing.id, digest: existing.digest, reused: true });
  }
}

/** The toolkit reports an unreadable file from inside a stream, where nobody can catch it. */
async function requireReadable(files: readonly string[]): Promise<void> {
  for (const file of files) {
    await access(file, constants.R_OK).catch((cause: unknown) => {
      throw new ActionError(`The file ${file} cannot be read, so it cannot be uploaded.`, { cause });
    });
  }
}

function described({
  name,
  id,
  digest,
  reused,
}: {
  readonly name: string;
  readonly id: number;
  readonly digest: string | undefined;
  readonly reused: boolean;
}): UploadedArtifact {
  const optional = { url: artifactUrl(id, process.env), digest: digest?.replace(/^sha256:/, '') };
  return { name, id, ...defined(optional), reused };
}
