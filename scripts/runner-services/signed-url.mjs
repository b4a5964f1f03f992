// Signed URLs as blob storage gives them out: whoever holds one may do what `sp` says until `se`.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** @typedef {'r' | 'w'} Permission */

const LIFETIME_MS = 60 * 60 * 1000;

/** Everything that a holder of the URL must not be able to change. */
const SIGNED = ['se', 'sp', 'sv', 'rscd', 'rsct'];

/**
 * @param {Buffer} secret
 * @param {URL} url
 */
function signatureOf(secret, url) {
  const fields = SIGNED.map((name) => url.searchParams.get(name) ?? '');
  return createHmac('sha256', secret)
    .update([url.pathname, ...fields].join('\n'))
    .digest();
}

/**
 * @param {Buffer} secret
 * @param {string} base origin of the service
 * @param {string} path path of the blob
 * @param {Permission} permission
 * @param {{ fileName?: string, contentType?: string }} [answer] headers that a download shall have
 * @returns {string}
 */
export function signUrl(secret, base, path, permission, answer = {}) {
  const url = new URL(path, base);
  url.searchParams.set('se', new Date(Date.now() + LIFETIME_MS).toISOString());
  url.searchParams.set('sp', permission);
  url.searchParams.set('sv', '2025-11-05');
  if (answer.fileName !== undefined) {
    url.searchParams.set('rscd', `attachment; filename*=UTF-8''${encodeURIComponent(answer.fileName)}`);
  }
  if (answer.contentType !== undefined) url.searchParams.set('rsct', answer.contentType);
  url.searchParams.set('sig', signatureOf(secret, url).toString('base64'));
  return url.href;
}

/**
 * @param {Buffer} secret
 * @param {URL} url
 * @param {Permission} permission
 * @returns {string | undefined} why the URL is refused; undefined when it is good
 */
export function refusalOf(secret, url, permission) {
  const given = Buffer.from(url.searchParams.get('sig') ?? '', 'base64');
  const expected = signatureOf(secret, url);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return 'Signature did not match.';
  }
  if (Date.parse(url.searchParams.get('se') ?? '') < Date.now())
    return 'Signature not valid in this time frame.';
  if (url.searchParams.get('sp') !== permission) return 'This request is not authorized by this signature.';
  return undefined;
}
