// Attestations: GitHub's word, signed, for which workflow made a file of which commit.
import { info } from '@actions/core';
import { basename } from 'node:path';
import { ActionError, errorMessage } from '../shared/errors.js';
import { sha256File } from '../shared/sha256.js';
import { askGithub, openRepository, requireGithub } from './repository.js';
import { unended } from '../shared/unended.js';

/** An attestation that GitHub keeps for the repository. */
export interface Attestation {
  readonly id: string;
  /** Its page. */
  readonly url: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PERMISSIONS =
  'Give the job `permissions: { contents: read, id-token: write, attestations: write }`, or leave out attest: true.';

/**
 * What signing needs can be known before anything is built.
 *
 * @throws {ActionError} outside of a workflow run, and where the job may not have an identity token
 */
export function requireAttesting(token: string, env: Environment): void {
  requireGithub(token, env);
  if (env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) return;
  throw new ActionError(
    'Nothing can be attested: this job gets no identity token from GitHub to sign with.',
    {
      remedy: PERMISSIONS,
    },
  );
}

/**
 * Signs the build provenance of files, all in one attestation, and has GitHub keep it. A public repository's is also entered in
 * Sigstore's public log; a private one's is signed by GitHub's own instance of Sigstore.
 *
 * @param files absolute paths
 * @throws {ActionError} when one of the services refuses, or cannot be reached
 */
export async function attestFiles(token: string, files: readonly string[]): Promise<Attestation> {
  const subjects = await Promise.all(
    files.map(async (path) => ({ name: basename(path), digest: { sha256: await sha256File(path) } })),
  );
  const repository = await openRepository(token);
  const bundle = await signed(token, subjects);
  const { octokit, owner, repo } = repository;
  const what = 'The attestation of the packages could not be handed over';
  const { data } = await askGithub(what, 'attestations: write', () =>
    octokit.rest.repos.createAttestation({ owner, repo, bundle }),
  );
  const id = String((data as { readonly id: number | string }).id);
  const url = `${process.env.GITHUB_SERVER_URL ?? ''}/${owner}/${repo}/attestations/${id}`;
  info(`Attested: ${subjects.map(({ name }) => name).join(', ')} (${url})`);
  return { id, url };
}

async function signed(token: string, subjects: { name: string; digest: { sha256: string } }[]) {
  const { attestProvenance } = await import('@actions/attest');
  try {
    const { bundle } = await attestProvenance({ subjects, token, skipWrite: true });
    // as the service takes it: members without a value are left out
    return JSON.parse(JSON.stringify(bundle)) as Record<string, Record<string, unknown>>;
  } catch (cause) {
    throw new ActionError(`The packages could not be signed: ${reasonOf(cause)}.`, {
      remedy: `${PERMISSIONS} If it has them, run the job again.`,
      cause,
    });
  }
}

/** Sigstore's library says what it was about, and in `cause` what went wrong. */
function reasonOf(error: unknown): string {
  const [what = ''] = errorMessage(error).split('\n');
  const inner = error instanceof Error ? error.cause : undefined;
  const all = inner === undefined ? what : `${what} (${reasonOf(inner)})`;
  return unended(all);
}
