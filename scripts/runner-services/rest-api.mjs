// The part of GitHub's REST API by which @actions/artifact reaches the artifacts of another workflow run.
import { timingSafeEqual } from 'node:crypto';
import { sendJson } from './http.mjs';

/** An answer other than success. */
export class RestError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const LIST = /^\/repos\/([^/]+\/[^/]+)\/actions\/runs\/(\d+)\/artifacts$/;
const ZIP = /^\/repos\/([^/]+\/[^/]+)\/actions\/artifacts\/(\d+)\/zip$/;

/** @param {URL} url */
export const isRestUrl = (url) => url.pathname.startsWith('/repos/');

/**
 * @param {URL} url
 * @returns {string} name of the request
 */
export const restMethod = (url) => (ZIP.test(url.pathname) ? 'DownloadArtifactZip' : 'ListRunArtifacts');

export class RestApi {
  /**
   * @param {import('./artifact-service.mjs').ArtifactService} service
   * @param {{ repository: string, runId: number, backendRunId: string, token: string }} run what there is besides artifacts
   */
  constructor(service, run) {
    this.service = service;
    this.run = run;
  }

  /**
   * @param {import('./http.mjs').Request} request
   * @param {import('./http.mjs').Response} response
   * @param {URL} url
   */
  handle(request, response, url) {
    if (!this.knows(request.headers.authorization)) throw new RestError(401, 'Bad credentials');
    const [, listed, runId] = LIST.exec(url.pathname) ?? [];
    const [, zipped, artifactId] = ZIP.exec(url.pathname) ?? [];
    const repository = listed ?? zipped;
    if (request.method !== 'GET' || repository !== this.run.repository) throw new RestError(404, 'Not Found');
    if (runId === undefined) this.redirect(response, Number(artifactId));
    else this.list(response, Number(runId), url.searchParams);
  }

  /** @param {string | undefined} header */
  knows(header) {
    const given = Buffer.from(/^(?:token|Bearer) (\S+)$/.exec(header ?? '')?.[1] ?? '');
    const expected = Buffer.from(this.run.token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** @param {number} id of a run */
  artifactsOf(id) {
    if (id !== this.run.runId) throw new RestError(404, 'Not Found');
    return this.service.artifacts.filter((one) => one.finalized && one.runId === this.run.backendRunId);
  }

  /**
   * @param {import('./http.mjs').Response} response
   * @param {number} runId
   * @param {URLSearchParams} query
   */
  list(response, runId, query) {
    const name = query.get('name');
    const all = this.artifactsOf(runId).filter((one) => name === null || one.name === name);
    const size = Number(query.get('per_page') ?? 30);
    const start = (Number(query.get('page') ?? 1) - 1) * size;
    sendJson(response, 200, {
      total_count: all.length,
      artifacts: all.slice(start, start + size).map((one) => ({
        id: one.id,
        name: one.name,
        size_in_bytes: one.size,
        digest: one.digest,
        expired: false,
        created_at: one.createdAt.toISOString(),
      })),
    });
  }

  /**
   * @param {import('./http.mjs').Response} response
   * @param {number} id
   */
  redirect(response, id) {
    const artifact = this.artifactsOf(this.run.runId).find((one) => one.id === id);
    if (artifact === undefined) throw new RestError(404, 'Not Found');
    const answer = { fileName: `${artifact.name}.zip`, contentType: artifact.contentType };
    const location = this.service.blobs.signedUrl(artifact.blob, 'r', answer);
    response.writeHead(302, { location }).end();
  }
}

/**
 * @param {import('./http.mjs').Response} response
 * @param {RestError} error
 */
export function sendRestError(response, { status, message }) {
  sendJson(response, status, {
    message,
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  });
}

/**
 * @param {import('./http.mjs').Response} response
 * @param {number} status of an ordered fault
 */
export function failRest(response, status) {
  sendRestError(response, new RestError(status, status === 401 ? 'Bad credentials' : 'Ordered fault'));
}
