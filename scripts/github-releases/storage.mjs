// Where files are kept. Its addresses are signed; like the storage behind GitHub it refuses requests that also bear a token.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ApiError, notFound } from './api-error.mjs';

/** @typedef {import('./releases.mjs').Releases} Releases */
/** @typedef {import('./releases.mjs').Asset} Asset */

/**
 * @param {Releases} releases
 * @param {Asset} asset
 */
export function signed(releases, asset) {
  return `${releases.origins.storage}/${asset.id}?sig=${signature(releases, String(asset.id))}`;
}

/**
 * @param {Releases} releases
 * @param {string} id
 */
function signature({ tokens }, id) {
  return createHmac('sha256', tokens.write).update(id).digest('hex');
}

/** @type {import('./index.mjs').Service} */
export function callStorage({ request, response, url, releases }) {
  const work = () => {
    if (request.headers.authorization !== undefined) {
      releases.storageSawToken = true;
      throw new ApiError(400, 'Only one auth mechanism allowed');
    }
    const id = url.pathname.slice(1);
    const asset = releases.assets.find((one) => String(one.id) === id);
    if (asset === undefined || url.searchParams.get('sig') !== signature(releases, id)) throw notFound();
    const content = readFileSync(releases.path(asset));
    response.writeHead(200, {
      'content-type': 'application/octet-stream',
      'content-length': content.length,
    });
    if (!releases.cutting) {
      response.end(content);
      return;
    }
    releases.cutting = false;
    response.write(content.subarray(0, Math.floor(content.length / 2)), () => response.destroy());
  };
  return { name: 'GetStoredAsset', work };
}
