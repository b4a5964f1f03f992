import { info } from '@actions/core';
import { bundleFromJSON, type SerializedBundle } from '@sigstore/bundle';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import {
  toSignedEntity,
  toTrustMaterial,
  Verifier,
  type Signer,
  type VerificationPolicy,
} from '@sigstore/verify';
import { basename } from 'node:path';
import { errorMessage, NodeRefusedError } from '../shared/errors.js';
import { sha256File } from '../shared/sha256.js';
import { hasStatus } from './github-failure.js';
import { askGithub, openRepository, type Repository } from './repository.js';
import { trustedRoots } from './trusted-roots.js';

export interface AttestationOptions {
  readonly token: string;
  /** The workflow that must have signed, e.g. `octo/app/.github/workflows/release.yml`; undefined: any of the repository's. */
  readonly workflow: string | undefined;
  /** See {@link trustedRoots}. */
  readonly trustedRoot: string | undefined;
  /** A private folder. */
  readonly workFolder: string;
}

/** The certificate's extension that names the repository which was built (Fulcio's list of object identifiers). */
const SOURCE_REPOSITORY = [1, 3, 6, 1, 4, 1, 57264, 1, 12];
const PROVENANCE = 'https://slsa.dev/provenance/';

/**
 * Requires that a workflow of this repository made each of the files, and signed for it.
 *
 * @param files absolute paths
 * @throws {NodeRefusedError} for a file that nobody signed, or somebody else did
 * @throws {ActionError} when GitHub or Sigstore's trusted root cannot be reached
 */
export async function verifyAttestations(
  files: readonly string[],
  options: AttestationOptions,
): Promise<void> {
  const repository = await openRepository(options.token);
  const roots = await trustedRoots(options.trustedRoot, options.workFolder);
  for (const file of files) await verifyFile(file, repository, { ...options, roots });
}

async function verifyFile(
  file: string,
  repository: Repository,
  { roots, workflow }: AttestationOptions & { readonly roots: readonly TrustedRoot[] },
): Promise<void> {
  const name = basename(file);
  const digest = await sha256File(file);
  const where = `${repository.owner}/${repository.repo}`;
  const bundles = await bundlesOf(digest, name, repository);
  const policy = policyFor(where);
  const wrong: string[] = [];
  for (const bundle of bundles) {
    const reason = firstFailure(bundle, { roots, policy, workflow, digest });
    if (reason === undefined) {
      info(`${name}: attested by ${workflow ?? `a workflow of ${where}`}.`);
      return;
    }
    wrong.push(reason);
  }
  const why = wrong.length === 0 ? `${where} has no attestation for it` : wrong.join('; ');
  throw new NodeRefusedError(`Nobody who is trusted made ${name}: ${why}.`, {
    remedy: `Deploy only packages that ${workflow ?? `a workflow of ${where}`} made with \`attest: true\`. For private repositories, and where the runner cannot reach Sigstore, set \`attestation-trusted-root\`.`,
  });
}

/** What GitHub keeps for a file; nothing when it keeps none. */
async function bundlesOf(
  digest: string,
  name: string,
  { octokit, owner, repo }: Repository,
): Promise<SerializedBundle[]> {
  const what = `The attestations of ${name} could not be read`;
  return askGithub(what, 'attestations: read', async () => {
    try {
      const { data } = await octokit.rest.repos.listAttestations({
        ...{ owner, repo, subject_digest: `sha256:${digest}`, per_page: 100 },
      });
      return (data.attestations ?? []).flatMap(({ bundle }) =>
        bundle == null ? [] : [bundle as unknown as SerializedBundle],
      );
    } catch (error) {
      if (hasStatus(error, 404)) return [];
      throw error;
    }
  });
}

function policyFor(repository: string): VerificationPolicy {
  const { GITHUB_SERVER_URL: server = '' } = process.env;
  const host = new URL(server).hostname;
  const issuer = `https://token.actions.${host === 'github.com' ? 'githubusercontent.com' : host}`;
  const source = derText(`${server}/${repository}`);
  return {
    extensions: { issuer },
    oids: [{ oid: { id: SOURCE_REPOSITORY }, value: source }],
  };
}

/** @returns why it was another workflow; undefined when it was not */
function workflowFailure(signer: Signer, workflow: string | undefined): string | undefined {
  const { subjectAlternativeName: by = '' } = signer.identity ?? {};
  const { GITHUB_SERVER_URL: server = '' } = process.env;
  return workflow === undefined || by.startsWith(`${server}/${workflow}@`) ? undefined : `${by} signed it`;
}

/** A UTF8String as DER has it. */
function derText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = bytes.length < 128 ? [bytes.length] : [0x81, bytes.length];
  return Buffer.concat([Buffer.from([0x0c, ...length]), bytes]);
}

interface Against {
  readonly roots: readonly TrustedRoot[];
  readonly policy: VerificationPolicy;
  readonly workflow: string | undefined;
  readonly digest: string;
}

/** @returns why it does not count; undefined when it does */
function firstFailure(
  serialized: SerializedBundle,
  { roots, policy, workflow, digest }: Against,
): string | undefined {
  let reason = 'no trusted root fits its signature';
  for (const root of roots) {
    try {
      const bundle = bundleFromJSON(serialized);
      const verifier = new Verifier(toTrustMaterial(root), thresholds(root));
      const signer = verifier.verify(toSignedEntity(bundle), policy);
      if (bundle.content.$case !== 'dsseEnvelope') return 'it is no in-toto statement';
      const { payload } = bundle.content.dsseEnvelope;
      return workflowFailure(signer, workflow) ?? subjectFailure(payload.toString(), digest);
    } catch (error) {
      reason = errorMessage(error);
    }
  }
  return reason;
}

/** Sigstore's public instance has logs; GitHub's own has a timestamp authority in their place. */
function thresholds({ tlogs, ctlogs }: TrustedRoot) {
  return {
    tlogThreshold: tlogs.length > 0 ? 1 : 0,
    ctlogThreshold: ctlogs.length > 0 ? 1 : 0,
    timestampThreshold: 1,
  };
}

interface Statement {
  readonly subject?: readonly { readonly digest?: { readonly sha256?: string } }[];
  readonly predicateType?: string;
}

function subjectFailure(payload: string, digest: string): string | undefined {
  const { subject = [], predicateType = '' } = JSON.parse(payload) as Statement;
  if (!predicateType.startsWith(PROVENANCE)) return `it says nothing of a build (${predicateType})`;
  return subject.some((one) => one.digest?.sha256 === digest) ? undefined : 'it is about other files';
}
