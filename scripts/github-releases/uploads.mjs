// The host that files are uploaded to.
import { sendJson } from '../runner-services/http.mjs';
import { ApiError, notFound } from './api-error.mjs';

/** @type {import('./index.mjs').Service} */
export function callUploads({ request, response, url, releases }) {
  const work = async () => {
    releases.requireWrite(request);
    const path = new RegExp(`^/repos/${releases.repository}/releases/(\\d+)/assets$`).exec(url.pathname);
    const release = releases.byId(path?.[1]);
    const name = url.searchParams.get('name');
    if (request.method !== 'POST' || release === undefined) throw notFound();
    const length = request.headers['content-length'];
    if (length === undefined) throw new ApiError(411, 'Length Required');
    if (name === null || request.headers['content-type'] === undefined) {
      throw new ApiError(400, 'Bad Request');
    }
    const asset = releases.attach(release, name, undefined);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    releases.replace(asset, Buffer.concat(chunks));
    sendJson(response, 201, releases.shownAsset(asset));
  };
  return { name: 'UploadReleaseAsset', work };
}
