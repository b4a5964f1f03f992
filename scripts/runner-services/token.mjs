// The token a runner gives to its job. The toolkit decodes it without checking the signature; the services check it.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/**
 * What a token allows: results of one job in one workflow run.
 * @typedef {{ runId: string, jobId: string }} TokenScope
 */

/** How long a token is good: 6 hours, the time limit of a job on a hosted runner. */
const LIFETIME_SECONDS = 6 * 60 * 60;

/** @param {unknown} value */
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * @param {Buffer} secret
 * @param {string} text
 */
const signature = (secret, text) => createHmac('sha256', secret).update(text).digest();

/**
 * @param {string} [runId] default: a new run
 * @returns {TokenScope} the scope of a new job
 */
export function newJobScope(runId) {
  return { runId: runId ?? randomUUID(), jobId: randomUUID() };
}

/**
 * @param {Buffer} secret
 * @param {TokenScope} scope
 * @returns {string} a JWT in the form the toolkit decodes
 */
export function createToken(secret, { runId, jobId }) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'runner-services',
    iat: now,
    exp: now + LIFETIME_SECONDS,
    scp: `Actions.GenericRead:00000000-0000-0000-0000-000000000000 Actions.Results:${runId}:${jobId}`,
    ac: JSON.stringify([{ Scope: 'refs/heads/main', Permission: 3 }]),
  };
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
  return `${text}.${signature(secret, text).toString('base64url')}`;
}

/**
 * @param {Buffer} secret
 * @param {string | undefined} header value of the `Authorization` header
 * @returns {TokenScope | undefined} undefined when the token is missing, forged or too old
 */
export function checkBearer(secret, header) {
  const token = /^Bearer (\S+)$/.exec(header ?? '')?.[1];
  const [head, body, signed] = token?.split('.') ?? [];
  if (head === undefined || body === undefined || signed === undefined) return undefined;
  const given = Buffer.from(signed, 'base64url');
  const expected = signature(secret, `${head}.${body}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  if (claims.exp * 1000 < Date.now()) return undefined;
  const match = /(?:^| )Actions\.Results:([^: ]+):([^: ]+)(?: |$)/.exec(claims.scp);
  return match === null ? undefined : { runId: match[1], jobId: match[2] };
}
