// Twirp's routing: POST /twirp/<package>.<Service>/<Method> with JSON in and out.
import { TwirpError, readText, sendJson } from './http.mjs';
import { checkBearer } from './token.mjs';

const PACKAGE = 'github.actions.results.api.v1';

/** @typedef {import('./http.mjs').Request} Request */
/** @typedef {import('./http.mjs').Response} Response */

/**
 * The methods that may be called; anything else of a service is private.
 * @type {Record<string, string[]>}
 */
const METHODS = {
  ArtifactService: [
    'CreateArtifact',
    'FinalizeArtifact',
    'ListArtifacts',
    'GetSignedArtifactURL',
    'DeleteArtifact',
  ],
  CacheService: ['CreateCacheEntry', 'FinalizeCacheEntryUpload', 'GetCacheEntryDownloadURL'],
};

/** @typedef {{ service: string, method: string }} Route */

/**
 * @param {Request} request
 * @param {URL} url
 * @returns {Route}
 */
export function twirpRoute(request, url) {
  const [, prefix, fullName, method, ...rest] = url.pathname.split('/');
  const service = Object.keys(METHODS).find((name) => fullName === `${PACKAGE}.${name}`) ?? '';
  const known = METHODS[service]?.includes(method ?? '') ?? false;
  if (request.method !== 'POST' || prefix !== 'twirp' || rest.length > 0 || !known) {
    throw new TwirpError('bad_route', `no handler for ${request.method} ${url.pathname}`);
  }
  return { service, method: method ?? '' };
}

/**
 * @param {Record<string, any>} services by name
 * @param {Buffer} secret
 * @param {Route} route
 * @param {Request} request
 * @param {Response} response
 */
export async function callTwirp(services, secret, route, request, response) {
  const scope = checkBearer(secret, request.headers.authorization);
  if (scope === undefined) throw new TwirpError('unauthenticated', 'the token is missing or not valid');
  const message = parsed(await readText(request));
  checkScope(route, message, scope);
  sendJson(response, 200, await services[route.service][route.method](message));
}

/**
 * @param {Response} response
 * @param {number} status of an ordered fault
 */
export function failTwirp(response, status) {
  const code = status === 401 ? 'unauthenticated' : 'internal';
  sendJson(response, status, { code, msg: status === 401 ? 'the token was refused' : 'ordered fault' });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new TwirpError('malformed', 'the request is not JSON');
  }
}

/**
 * Only results of the token's own run may be touched, and only the token's own job may create them. The cache is the
 * repository's and needs no more than a good token.
 * @param {Route} route
 * @param {any} message
 * @param {import('./token.mjs').TokenScope} scope
 */
function checkScope({ service, method }, message, scope) {
  if (service !== 'ArtifactService') return;
  const sameRun = message.workflow_run_backend_id === scope.runId;
  const sameJob = message.workflow_job_run_backend_id === scope.jobId;
  if (!sameRun || (!sameJob && ['CreateArtifact', 'FinalizeArtifact'].includes(method))) {
    throw new TwirpError('permission_denied', 'the token does not cover this job');
  }
}
