// A stand-in of GitHub's releases: the REST API, the host for uploads and the storage that downloads are redirected to, each
// on a port of its own, as they are hosts of their own. It speaks their protocol, so that octokit works against it unchanged.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { Faults } from '../runner-services/faults.mjs';
import { sendJson } from '../runner-services/http.mjs';
import { callApi } from './api.mjs';
import { ApiError } from './api-error.mjs';
import { Releases } from './releases.mjs';
import { callStorage } from './storage.mjs';
import { callUploads } from './uploads.mjs';

/** @typedef {import('../runner-services/faults.mjs').Fault} Fault */
/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/** @typedef {{ api: string, uploads: string, storage: string }} Origins */

/**
 * What a request is answered by; undefined when it was not there to be answered any more.
 * @typedef {(call: { request: Request, response: Response, url: URL, releases: Releases }) =>
 *   { name: string, work: () => void | Promise<void> }} Service
 */

/**
 * @typedef {object} GithubReleases
 * @property {Record<string, string>} env what the runner gives to a step
 * @property {string} token may write
 * @property {string} readToken may only read
 * @property {Releases} releases what there is, to look at and to change behind everyone's back
 * @property {() => string[]} requests names of all requests so far, in order
 * @property {(fault: Fault) => void} inject orders a fault
 * @property {() => Promise<void>} close
 */

/**
 * Starts the three hosts on free ports of 127.0.0.1.
 * @param {{ dir: string, repository?: string, token?: string }} options `dir` is where files are kept, `token` may write
 * @returns {Promise<GithubReleases>}
 */
export async function startGithubReleases({ dir, repository = 'octo/project', token = newToken() }) {
  mkdirSync(dir, { recursive: true });
  const tokens = { write: token, read: newToken() };
  const releases = new Releases({ dir, repository, tokens });
  const faults = new Faults([]);
  const closing = new globalThis.AbortController();
  /** @type {string[]} */
  const requests = [];
  /** @param {Service} service */
  const serve = (service) =>
    createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const answer = async () => {
        const { name, work } = service({ request, response, url, releases });
        requests.push(name);
        const fault = await faults.happen(name, request, closing.signal);
        if (fault === 'reset') return;
        if (fault === 'cut') releases.cutNext();
        else if (fault !== undefined) {
          releases.breakOff(name, url);
          throw new ApiError(fault.status, fault.message ?? 'Ordered fault', { headers: fault.headers });
        }
        await work();
      };
      answer().catch((error) => sendFailure(response, error));
    });
  const servers = { api: serve(callApi), uploads: serve(callUploads), storage: serve(callStorage) };
  for (const [name, server] of Object.entries(servers)) {
    releases.origins[/** @type {keyof Origins} */ (name)] = await listen(server);
  }
  const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1'].filter(Boolean).join(',');
  return {
    env: {
      GITHUB_API_URL: releases.origins.api,
      GITHUB_REPOSITORY: repository,
      NO_PROXY: noProxy,
      no_proxy: noProxy,
    },
    token: tokens.write,
    readToken: tokens.read,
    releases,
    requests: () => [...requests],
    inject: (fault) => faults.add(fault),
    close: async () => {
      closing.abort();
      await Promise.all(Object.values(servers).map(closeServer));
    },
  };
}

const newToken = () => `ghs_${randomBytes(18).toString('hex')}`;

/**
 * @param {Response} response
 * @param {unknown} error
 */
function sendFailure(response, error) {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known = error instanceof ApiError ? error : new ApiError(500, String(error));
  for (const [name, value] of Object.entries(known.headers)) response.setHeader(name, value);
  sendJson(response, known.status, {
    message: known.message,
    ...(known.errors.length === 0 ? {} : { errors: known.errors }),
    documentation_url: 'https://docs.github.com/rest/releases',
    status: String(known.status),
  });
}

/**
 * @param {import('node:http').Server} server
 * @returns {Promise<string>} origin
 */
function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}

/** @param {import('node:http').Server} server */
function closeServer(server) {
  return new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
