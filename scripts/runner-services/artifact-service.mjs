// github.actions.results.api.v1.ArtifactService
import { randomUUID } from 'node:crypto';
import { TwirpError } from './http.mjs';

/**
 * @typedef {{
 *   id: number, name: string, runId: string, jobId: string, blob: string, finalized: boolean,
 *   size: number, digest: string, createdAt: Date, expiresAt: Date | undefined, contentType: string,
 * }} Artifact
 */

const FORBIDDEN = /["<>:|*?\r\n\\/]/;

export class ArtifactService {
  /**
   * @param {import('./blob-service.mjs').BlobService} blobs
   */
  constructor(blobs) {
    this.blobs = blobs;
    /** @type {Artifact[]} */
    this.artifacts = [];
    this.lastId = 4_000_000_000;
  }

  /**
   * A name is taken from its creation on, whether its upload has ended or not.
   * @param {any} request
   */
  CreateArtifact(request) {
    const { name, workflow_run_backend_id: runId, workflow_job_run_backend_id: jobId } = request;
    if (typeof name !== 'string' || name === '' || FORBIDDEN.test(name)) {
      throw new TwirpError('invalid_argument', 'the artifact name is invalid');
    }
    if (this.find(runId, name) !== undefined) {
      throw new TwirpError('already_exists', 'an artifact with this name already exists on the workflow run');
    }
    const contentType = request.mime_type ?? 'application/zip';
    const blob = `actions-results/${randomUUID()}.zip`;
    this.lastId += 1;
    this.artifacts.push({
      id: this.lastId,
      name,
      runId,
      jobId,
      blob,
      finalized: false,
      size: 0,
      digest: '',
      createdAt: new Date(),
      expiresAt: request.expires_at === undefined ? undefined : new Date(request.expires_at),
      contentType,
    });
    return { ok: true, signed_upload_url: this.blobs.signedUrl(blob, 'w') };
  }

  /** @param {any} request */
  FinalizeArtifact(request) {
    const artifact = this.required(request, false);
    const stored = this.blobs.store.properties(artifact.blob);
    if (stored === undefined) throw new TwirpError('failed_precondition', 'nothing was uploaded');
    if (Number(request.size) !== stored.size) {
      throw new TwirpError('invalid_argument', `the upload has ${stored.size} bytes, not ${request.size}`);
    }
    const digest = `sha256:${stored.sha256}`;
    if (request.hash !== undefined && request.hash !== digest) {
      throw new TwirpError('invalid_argument', 'the digest does not match the upload');
    }
    Object.assign(artifact, { finalized: true, size: stored.size, digest });
    return { ok: true, artifact_id: String(artifact.id) };
  }

  /**
   * All artifacts of the run, of whichever job; what is still being uploaded is not in the list.
   * @param {any} request
   */
  ListArtifacts(request) {
    const artifacts = this.artifacts.filter(
      ({ finalized, runId, name, id }) =>
        finalized &&
        runId === request.workflow_run_backend_id &&
        (request.name_filter === undefined || name === request.name_filter) &&
        (request.id_filter === undefined || id === Number(request.id_filter)),
    );
    return {
      artifacts: artifacts.map((artifact) => ({
        workflow_run_backend_id: artifact.runId,
        workflow_job_run_backend_id: artifact.jobId,
        database_id: String(artifact.id),
        name: artifact.name,
        size: String(artifact.size),
        created_at: artifact.createdAt.toISOString(),
        digest: artifact.digest,
      })),
    };
  }

  /** @param {any} request */
  GetSignedArtifactURL(request) {
    const artifact = this.required(request, true);
    const answer = { fileName: `${artifact.name}.zip`, contentType: artifact.contentType };
    return { signed_url: this.blobs.signedUrl(artifact.blob, 'r', answer) };
  }

  /** @param {any} request */
  async DeleteArtifact(request) {
    const artifact = this.required(request, true);
    this.artifacts = this.artifacts.filter((other) => other !== artifact);
    await this.blobs.store.remove(artifact.blob);
    return { ok: true, artifact_id: String(artifact.id) };
  }

  /**
   * @param {string} runId
   * @param {string} name
   */
  find(runId, name) {
    return this.artifacts.find((artifact) => artifact.runId === runId && artifact.name === name);
  }

  /**
   * @param {any} request
   * @param {boolean} finalized
   */
  required(request, finalized) {
    const artifact = this.find(request.workflow_run_backend_id, request.name);
    const ofJob = artifact?.jobId === request.workflow_job_run_backend_id;
    if (artifact === undefined || !ofJob || artifact.finalized !== finalized) {
      throw new TwirpError('not_found', 'the artifact was not found');
    }
    return artifact;
  }
}
