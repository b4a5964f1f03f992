import { getInput, setSecret } from '@actions/core';
import { resolve } from 'node:path';
import { BadInputError } from '../../shared/errors.js';
import { isVersion } from '../../shared/names.js';
import { readDeployInputs, type DeployInputs } from '../deploy-inputs.js';
import type { OverSsh } from '../deploy-over-ssh/deploy-over-ssh.js';
import { readSshInput } from './ssh-input.js';

/** The inputs of deploy/action.yml, read and checked. Looking at the disk is left to the phases. */
export interface DeployActionInputs {
  /** Undefined: an installed version shall run again, whatever was deployed last. */
  readonly package: PackageInput | undefined;
  /** An installed release version, or `previous`; undefined: that of the package. */
  readonly version: string | undefined;
  /** Who must have made the package; undefined: whoever. */
  readonly attestation: AttestationInput | undefined;
  readonly node: DeployInputs;
  /** The machine of the node, when it is not this one. */
  readonly ssh: OverSsh | undefined;
  /** Name of an artifact for the report; undefined: none is uploaded. */
  readonly reportArtifact: string | undefined;
}

/** Where the package comes from. */
export type PackageInput =
  | { readonly path: string }
  | {
      /** Undefined: the only artifact that ends in `-relup`. */
      readonly artifactName: string | undefined;
      /** Lower-case hex. */
      readonly artifactDigest: string | undefined;
      /** Undefined: the same run. */
      readonly otherRun: { readonly runId: number; readonly token: string } | undefined;
    };

export interface AttestationInput {
  readonly token: string;
  /** Path of the workflow; undefined: any of this repository. */
  readonly workflow: string | undefined;
  /** Absolute path of a file of trusted roots; undefined: Sigstore's public instance. */
  readonly trustedRoot: string | undefined;
}

/**
 * Reads all inputs of the deploy action.
 *
 * @throws {BadInputError} naming the input, its value and what is allowed
 */
export function readInputs(): DeployActionInputs {
  const version = installedVersion();
  const needed = version === undefined || NAMING_PACKAGE.some((name) => getInput(name) !== '');
  return {
    package: needed ? packageInput() : undefined,
    version,
    attestation: attestation(),
    node: readDeployInputs(),
    ssh: readSshInput(getInput('ssh'), getInput('ssh-known-hosts')),
    reportArtifact: getInput('report-artifact') || undefined,
  };
}

const NAMING_PACKAGE = ['package', 'artifact-name', 'artifact-digest', 'run-id'];

function installedVersion(): string | undefined {
  const value = getInput('version');
  if (value === '') return undefined;
  if (isVersion(value)) return value;
  throw new BadInputError(
    `The input \`version\` is ${JSON.stringify(value)}, which is not a release version.`,
    {
      remedy: 'Write a release version that is installed in deploy-root, or previous.',
    },
  );
}

function packageInput(): PackageInput {
  const path = getInput('package');
  const artifact = { name: getInput('artifact-name'), digest: artifactDigest(), run: otherRun() };
  if (path === '') {
    return {
      artifactName: artifact.name || undefined,
      artifactDigest: artifact.digest,
      otherRun: artifact.run,
    };
  }
  if (artifact.name === '' && artifact.digest === undefined && artifact.run === undefined) return { path };
  throw new BadInputError('The input `package` is set, and so is one that names an artifact.', {
    remedy: 'Write either `package`, or `artifact-name`, `artifact-digest` and `run-id`.',
  });
}

function attestation(): AttestationInput | undefined {
  const value = getInput('verify-attestation') || 'false';
  if (value === 'false') return undefined;
  if (value !== 'true' && !/^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml$/.test(value)) {
    throw new BadInputError(`The input \`verify-attestation\` is "${value}".`, {
      remedy:
        'Write true, or the path of the workflow that must have made the package, e.g. octo/app/.github/workflows/release.yml.',
    });
  }
  const token = getInput('github-token');
  if (token === '') {
    throw new BadInputError('The input `verify-attestation` is set, but `github-token` is empty.', {
      remedy:
        'Set `github-token: ${{ github.token }}`, and give the job `permissions: { attestations: read }`.',
    });
  }
  const root = getInput('attestation-trusted-root');
  return {
    token,
    workflow: value === 'true' ? undefined : value,
    trustedRoot: root === '' ? undefined : resolve(root),
  };
}

/** As actions/upload-artifact and the output `artifact-digest` write it. */
function artifactDigest(): string | undefined {
  const value = getInput('artifact-digest');
  if (value === '') return undefined;
  const digest = value.replace(/^sha256:/, '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new BadInputError(`The input \`artifact-digest\` is "${value}".`, {
    remedy:
      'Write the SHA-256 of the artifact, 64 hexadecimal digits, e.g. from the output `artifact-digest`.',
  });
}

function otherRun(): { readonly runId: number; readonly token: string } | undefined {
  const value = getInput('run-id');
  const token = getInput('github-token');
  if (token !== '') setSecret(token);
  if (value === '') return undefined;
  if (!/^[1-9][0-9]*$/.test(value) || !Number.isSafeInteger(Number(value))) {
    throw new BadInputError(`The input \`run-id\` is "${value}".`, {
      remedy: 'Write the number of a workflow run, e.g. ${{ github.event.workflow_run.id }}.',
    });
  }
  if (token !== '') return { runId: Number(value), token };
  throw new BadInputError('The input `run-id` is set, but `github-token` is empty.', {
    remedy: 'Set `github-token: ${{ github.token }}`, and give the job `permissions: { actions: read }`.',
  });
}
