// The part of the REST API that is about releases, and the table of all of it.
import { readText, sendJson } from '../runner-services/http.mjs';
import { ApiError, notFound } from './api-error.mjs';
import { createAttestation, listAttestations } from './attestations.mjs';
import { signed } from './storage.mjs';

/** @typedef {import('./releases.mjs').Releases} Releases */
/** @typedef {import('./index.mjs').Request} Request */
/** @typedef {import('./index.mjs').Response} Response */
/** @typedef {{ request: Request, response: Response, url: URL, releases: Releases, given: string }} Call */

/** @type {readonly [string, string, RegExp, (call: Call) => void | Promise<void>][]} */
const ROUTES = [
  ['GET', 'ListReleases', /^\/releases$/, listReleases],
  ['POST', 'CreateRelease', /^\/releases$/, createRelease],
  ['GET', 'GetReleaseByTag', /^\/releases\/tags\/(.+)$/, getReleaseByTag],
  ['GET', 'GetReleaseAsset', /^\/releases\/assets\/(\d+)$/, getAsset],
  ['DELETE', 'DeleteReleaseAsset', /^\/releases\/assets\/(\d+)$/, deleteAsset],
  ['GET', 'ListReleaseAssets', /^\/releases\/(\d+)\/assets$/, listAssets],
  ['PATCH', 'UpdateRelease', /^\/releases\/(\d+)$/, updateRelease],
  ['GET', 'GetCommit', /^\/commits\/(.+)$/, getCommit],
  ['POST', 'CreateAttestation', /^\/attestations$/, createAttestation],
  ['GET', 'ListAttestations', /^\/attestations\/sha256(?::|%3A)([0-9a-f]{64})$/, listAttestations],
];

/** @type {import('./index.mjs').Service} */
export function callApi({ request, response, url, releases }) {
  const prefix = `/repos/${releases.repository}`;
  const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : '';
  for (const [method, name, pattern, handle] of ROUTES) {
    const match = method === request.method ? pattern.exec(path) : null;
    if (match === null) continue;
    const given = decodeURIComponent(match[1] ?? '');
    const work = () => {
      releases.access(request);
      response.setHeader('x-ratelimit-limit', '1000');
      response.setHeader('x-ratelimit-remaining', '900');
      return handle({ request, response, url, releases, given });
    };
    return { name, work };
  }
  return {
    name: 'Unknown',
    work: () => {
      throw notFound();
    },
  };
}

/** @param {Call} call */
function listReleases({ request, response, url, releases }) {
  const drafts = releases.access(request) === 'write';
  const visible = releases.all.filter(({ draft }) => drafts || !draft);
  sendPage(
    response,
    url,
    visible.map((one) => releases.shown(one)),
  );
}

/** @param {Call} call */
function listAssets({ response, url, releases, given }) {
  const release = releases.byId(given);
  if (release === undefined) throw notFound();
  sendPage(
    response,
    url,
    releases.assetsOf(release).map((one) => releases.shownAsset(one)),
  );
}

/**
 * One page, and where the others are.
 * @param {Response} response
 * @param {URL} url
 * @param {object[]} all
 */
function sendPage(response, url, all) {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), 100);
  const page = Number(url.searchParams.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  /** @param {number} number @param {string} rel */
  const link = (number, rel) => {
    const there = new URL(`${url.pathname}${url.search}`, `http://${response.req.headers.host}`);
    there.searchParams.set('page', String(number));
    return `<${there}>; rel="${rel}"`;
  };
  if (page < last) response.setHeader('link', [link(page + 1, 'next'), link(last, 'last')].join(', '));
  sendJson(response, 200, all.slice((page - 1) * size, page * size));
}

/** @param {Call} call */
function getReleaseByTag({ response, releases, given }) {
  const release = releases.all.find(({ tag, draft }) => tag === given && !draft);
  if (release === undefined) throw notFound();
  sendJson(response, 200, releases.shown(release));
}

/** @param {Call} call */
async function createRelease({ request, response, releases }) {
  releases.requireWrite(request);
  const { tag_name: tag, ...rest } = JSON.parse(await readText(request));
  if (releases.all.some((one) => one.tag === tag && !one.draft)) {
    throw new ApiError(422, 'Validation Failed', {
      errors: [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }],
    });
  }
  const { name = tag, body = '', draft = false, prerelease = false, target_commitish: commitish } = rest;
  sendJson(response, 201, releases.shown(releases.add({ tag, name, body, draft, prerelease, commitish })));
}

/** @param {Call} call */
async function updateRelease({ request, response, releases, given }) {
  releases.requireWrite(request);
  const release = releases.byId(given);
  if (release === undefined) throw notFound();
  const {
    body = release.body,
    draft = release.draft,
    make_latest: makeLatest,
  } = JSON.parse(await readText(request));
  Object.assign(release, { body, draft, makeLatest });
  if (!draft && !releases.tags.has(release.tag)) releases.tags.set(release.tag, release.commitish);
  sendJson(response, 200, releases.shown(release));
}

/** @param {Call} call */
function deleteAsset({ request, response, releases, given }) {
  releases.requireWrite(request);
  const index = releases.assets.findIndex(({ id }) => String(id) === given);
  if (index < 0) throw notFound();
  releases.assets.splice(index, 1);
  response.writeHead(204).end();
}

/** @param {Call} call */
function getAsset({ request, response, releases, given }) {
  const asset = releases.assets.find(({ id }) => String(id) === given);
  if (asset === undefined) throw notFound();
  if (request.headers.accept !== 'application/octet-stream') {
    sendJson(response, 200, releases.shownAsset(asset));
    return;
  }
  response.writeHead(302, { location: signed(releases, asset) }).end();
}

/** @param {Call} call */
function getCommit({ response, releases, given }) {
  const sha = releases.tags.get(given.replace(/^tags\//, ''));
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${given}`);
  sendJson(response, 200, { sha });
}
