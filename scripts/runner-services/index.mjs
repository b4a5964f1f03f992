// A stand-in of the services that a hosted runner offers to a job: artifacts and cache. It speaks their protocols, so that
// @actions/artifact and @actions/cache work against it unchanged, and keeps everything in a folder.
import { randomBytes, randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import { ArtifactService } from './artifact-service.mjs';
import { BlobService, blobMethod, isBlobUrl } from './blob-service.mjs';
import { BlobStore } from './blob-store.mjs';
import { CacheService } from './cache-service.mjs';
import { Faults } from './faults.mjs';
import { BlobError, TwirpError, sendBlobError, sendJson } from './http.mjs';
import { RestApi, RestError, failRest, isRestUrl, restMethod, sendRestError } from './rest-api.mjs';
import { createToken, newJobScope } from './token.mjs';
import { callTwirp, failTwirp, twirpRoute } from './twirp.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */
/** @typedef {import('./http.mjs').Request} Request */
/** @typedef {import('./http.mjs').Response} Response */

/**
 * @typedef {object} RunnerServices
 * @property {Record<string, string>} env what the runner gives to an action's step
 * @property {() => Record<string, string>} newJobEnv the same for another job of the same run, such as a re-run
 * @property {{ env: Record<string, string>, repository: string, runId: number, token: string }} restApi GitHub's REST API as
 *   another workflow run sees it: this run's number, and a token that may read its artifacts
 * @property {() => { name: string, id: number, size: number, digest: string, path: string, expiresAt: Date | undefined }[]} artifacts
 *   finished artifacts, `path` being the stored zip and `digest` its lower-case hex SHA-256
 * @property {() => { key: string, version: string, id: number, size: number, path: string }[]} caches finished entries
 * @property {() => string[]} requests names of all requests so far, in order
 * @property {(fault: Fault) => void} inject orders a fault
 * @property {() => Promise<void>} close stops listening and drops open connections; the folder stays
 */

/**
 * Starts the services on a free port of 127.0.0.1.
 * @param {{ dir: string, faults?: readonly Fault[] }} options `dir` is where uploads are kept
 * @returns {Promise<RunnerServices>}
 */
export async function startRunnerServices({ dir, faults = [] }) {
  const secret = randomBytes(32);
  const blobs = new BlobService(new BlobStore(dir), secret);
  const services = { ArtifactService: new ArtifactService(blobs), CacheService: new CacheService(blobs) };
  const ordered = new Faults(faults);
  const closing = new globalThis.AbortController();
  /** @type {string[]} */
  const requests = [];
  const scope = newJobScope();
  const run = {
    repository: 'octo/project',
    runId: randomInt(1_000_000, 2 ** 40),
    token: `ghs_${randomBytes(18).toString('hex')}`,
  };
  const rest = new RestApi(services.ArtifactService, { ...run, backendRunId: scope.runId });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', blobs.origin);
    const work = answer(
      { services, blobs, rest, secret, ordered, requests, signal: closing.signal },
      request,
      response,
      url,
    );
    work.catch((error) => answerError(error, response, isBlobUrl(url)));
  });
  blobs.origin = await listen(server);
  return {
    restApi: { ...run, env: { GITHUB_API_URL: blobs.origin } },
    env: environment(blobs.origin, createToken(secret, scope)),
    newJobEnv: () => environment(blobs.origin, createToken(secret, newJobScope(scope.runId))),
    artifacts: () => finishedArtifacts(services.ArtifactService, blobs),
    caches: () => finishedCaches(services.CacheService, blobs),
    requests: () => [...requests],
    inject: (fault) => ordered.add(fault),
    close: () => {
      closing.abort();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/**
 * @param {{
 *   services: { ArtifactService: ArtifactService, CacheService: CacheService }, blobs: BlobService, rest: RestApi,
 *   secret: Buffer, ordered: Faults, requests: string[], signal: AbortSignal,
 * }} context
 * @param {Request} request
 * @param {Response} response
 * @param {URL} url
 */
async function answer({ services, blobs, rest, secret, ordered, requests, signal }, request, response, url) {
  if (isRestUrl(url)) {
    requests.push(restMethod(url));
    const fault = await ordered.happen(restMethod(url), request, signal);
    if (fault === undefined) rest.handle(request, response, url);
    else if (typeof fault !== 'string') failRest(response, fault.status);
    return;
  }
  const route = isBlobUrl(url) ? undefined : twirpRoute(request, url);
  const name = route?.method ?? blobMethod(request, url);
  requests.push(name);
  const fault = await ordered.happen(name, request, signal);
  if (typeof fault === 'string') return;
  if (route === undefined) {
    if (fault === undefined) await blobs.handle(request, response, url);
    else blobs.fail(response, fault.status);
  } else {
    if (fault === undefined) await callTwirp(services, secret, route, request, response);
    else failTwirp(response, fault.status);
  }
}

/**
 * @param {unknown} error
 * @param {Response} response
 * @param {boolean} forBlob
 */
function answerError(error, response, forBlob) {
  if (response.headersSent || response.destroyed) {
    response.destroy();
  } else if (error instanceof RestError) {
    sendRestError(response, error);
  } else if (forBlob) {
    const known = error instanceof BlobError ? error : new BlobError(500, 'InternalError', String(error));
    sendBlobError(response, known);
  } else {
    const known = error instanceof TwirpError ? error : new TwirpError('internal', String(error));
    sendJson(response, known.status, { code: known.code, msg: known.message });
  }
}

/**
 * @param {import('node:http').Server} server
 * @returns {Promise<string>} origin
 */
function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = /** @type {import('node:net').AddressInfo} */ (server.address());
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

/**
 * @param {string} origin
 * @param {string} token
 */
function environment(origin, token) {
  // Blob storage's client has no exception for this machine's own address, so a configured proxy would get the uploads.
  const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1'].filter(Boolean).join(',');
  return {
    ACTIONS_RESULTS_URL: `${origin}/`,
    ACTIONS_RUNTIME_URL: `${origin}/`,
    ACTIONS_CACHE_URL: `${origin}/`,
    ACTIONS_CACHE_SERVICE_V2: 'True',
    ACTIONS_RUNTIME_TOKEN: token,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

/**
 * @param {ArtifactService} service
 * @param {BlobService} blobs
 */
function finishedArtifacts(service, blobs) {
  return service.artifacts
    .filter(({ finalized }) => finalized)
    .map(({ name, id, size, digest, blob, expiresAt }) => {
      return {
        name,
        id,
        size,
        digest: digest.replace(/^sha256:/, ''),
        path: blobs.store.path(blob),
        expiresAt,
      };
    });
}

/**
 * @param {CacheService} service
 * @param {BlobService} blobs
 */
function finishedCaches(service, blobs) {
  return service.entries
    .filter(({ finalized }) => finalized)
    .map(({ key, version, id, size, blob }) => ({ key, version, id, size, path: blobs.store.path(blob) }));
}
