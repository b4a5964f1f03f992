// The part of blob storage's HTTP interface that the toolkit uses: Put Block, Put Block List, Put Blob, Get Blob and
// Get Blob Properties, each allowed by the signature in the URL.
import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { BlobError, readText, sendBlobError } from './http.mjs';
import { refusalOf, signUrl } from './signed-url.mjs';

/** First path segment of every blob's URL; the SDK takes it for the account when the host is an IP address. */
const ACCOUNT = '/results-storage/';

/** @typedef {import('./http.mjs').Request} Request */
/** @typedef {import('./http.mjs').Response} Response */

/** @param {URL} url */
export const isBlobUrl = (url) => url.pathname.startsWith(ACCOUNT);

/**
 * @param {Request} request
 * @param {URL} url
 * @returns {string} name of the request, as in Azure's documentation
 */
export function blobMethod(request, url) {
  const part = url.searchParams.get('comp');
  if (request.method === 'PUT') {
    return part === 'block' ? 'PutBlock' : part === 'blocklist' ? 'PutBlockList' : 'PutBlob';
  }
  return request.method === 'HEAD' ? 'HeadBlob' : 'GetBlob';
}

export class BlobService {
  /**
   * @param {import('./blob-store.mjs').BlobStore} store
   * @param {Buffer} secret signs the URLs
   */
  constructor(store, secret) {
    this.store = store;
    this.secret = secret;
    /** Origin of the service; known once it listens. */
    this.origin = '';
  }

  /**
   * @param {string} name `<container>/<file>`
   * @param {'r' | 'w'} permission
   * @param {{ fileName?: string, contentType?: string }} [answer]
   */
  signedUrl(name, permission, answer) {
    return signUrl(this.secret, this.origin, ACCOUNT + name, permission, answer);
  }

  /**
   * @param {Request} request
   * @param {Response} response
   * @param {URL} url
   */
  async handle(request, response, url) {
    const name = decodeURIComponent(url.pathname.slice(ACCOUNT.length));
    const method = blobMethod(request, url);
    const refusal = refusalOf(this.secret, url, request.method === 'PUT' ? 'w' : 'r');
    if (refusal !== undefined) throw new BlobError(403, 'AuthenticationFailed', refusal);
    response.setHeader('x-ms-request-id', randomUUID());
    response.setHeader('x-ms-version', String(request.headers['x-ms-version'] ?? '2025-11-05'));
    if (request.method === 'PUT') await this.upload(method, name, request, response, url);
    else await this.download(name, request, response, url);
  }

  /**
   * @param {string} method
   * @param {string} name
   * @param {Request} request
   * @param {Response} response
   * @param {URL} url
   */
  async upload(method, name, request, response, url) {
    if (method === 'PutBlock') {
      await this.store.stage(name, requiredBlockId(url), request);
      response.writeHead(201, { 'x-ms-request-server-encrypted': 'true' }).end();
      return;
    }
    const contentType = String(request.headers['x-ms-blob-content-type'] ?? 'application/octet-stream');
    const blob =
      method === 'PutBlockList'
        ? await this.store.commit(name, blockIdsIn(await readText(request)), contentType)
        : await this.store.put(name, blockBlob(request), contentType);
    response.writeHead(201, {
      etag: blob.etag,
      'last-modified': blob.modified.toUTCString(),
      'x-ms-request-server-encrypted': 'true',
    });
    response.end();
  }

  /**
   * @param {string} name
   * @param {Request} request
   * @param {Response} response
   * @param {URL} url
   */
  async download(name, request, response, url) {
    const blob = this.store.properties(name);
    if (blob === undefined) throw new BlobError(404, 'BlobNotFound', 'The specified blob does not exist.');
    const range = requestedRange(request, blob.size);
    const disposition = url.searchParams.get('rscd');
    response.writeHead(range === undefined ? 200 : 206, {
      'accept-ranges': 'bytes',
      'content-length': range === undefined ? blob.size : range.end - range.start + 1,
      'content-type': url.searchParams.get('rsct') ?? blob.contentType,
      etag: blob.etag,
      'last-modified': blob.modified.toUTCString(),
      'x-ms-blob-type': 'BlockBlob',
      ...(disposition === null ? {} : { 'content-disposition': disposition }),
      ...(range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${blob.size}` }),
    });
    if (request.method === 'HEAD') response.end();
    else await pipeline(this.store.read(name, range), response);
  }

  /**
   * @param {Response} response
   * @param {number} status
   */
  fail(response, status) {
    const [code, text] =
      status === 401
        ? ['AuthenticationFailed', 'Signature did not match.']
        : ['InternalError', 'Ordered fault.'];
    sendBlobError(response, new BlobError(status === 401 ? 403 : status, code, text));
  }
}

/** @param {URL} url */
function requiredBlockId(url) {
  const id = url.searchParams.get('blockid');
  if (!id) throw new BlobError(400, 'InvalidQueryParameterValue', 'blockid is missing.');
  return id;
}

/** @param {string} xml */
function blockIdsIn(xml) {
  return [...xml.matchAll(/<(Latest|Uncommitted|Committed)>([^<]*)<\/\1>/g)].map((match) => match[2]);
}

/** @param {Request} request */
function blockBlob(request) {
  if (request.headers['x-ms-blob-type'] === 'BlockBlob') return request;
  throw new BlobError(400, 'MissingRequiredHeader', 'x-ms-blob-type must be BlockBlob.');
}

/**
 * @param {Request} request
 * @param {number} size
 */
function requestedRange(request, size) {
  const header = request.headers['x-ms-range'] ?? request.headers.range;
  const match = /^bytes=(\d+)-(\d*)$/.exec(String(header ?? ''));
  if (match === null) return undefined;
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start > end) throw new BlobError(416, 'InvalidRange', 'The range specified is invalid.');
  return { start, end };
}
