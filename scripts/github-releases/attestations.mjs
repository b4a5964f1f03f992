// The part of the REST API that is about attestations.
import { Buffer } from 'node:buffer';
import { readText, sendJson } from '../runner-services/http.mjs';
import { notFound } from './api-error.mjs';

/** @typedef {import('./api.mjs').Call} Call */

/** @param {Call} call */
export async function createAttestation({ request, response, releases }) {
  releases.requireWrite(request);
  const { bundle } = JSON.parse(await readText(request));
  const { subject } = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString());
  releases.attestations.push({
    bundle,
    digests: subject.map((/** @type {{ digest: { sha256: string } }} */ one) => one.digest.sha256),
  });
  sendJson(response, 201, { id: String(releases.attestations.length) });
}

/** @param {Call} call */
export function listAttestations({ response, releases, given }) {
  const found = releases.attestations.filter(({ digests }) => digests.includes(given));
  if (found.length === 0) throw notFound();
  sendJson(response, 200, { attestations: found.map(({ bundle }) => ({ bundle, repository_id: 1 })) });
}
