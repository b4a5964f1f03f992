// Reading requests and writing the two kinds of answers: Twirp's JSON and blob storage's XML.

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

const BODY_LIMIT = 1024 * 1024;

/** Twirp's error codes and their HTTP statuses, as its specification gives them. */
const TWIRP_STATUS = {
  malformed: 400,
  invalid_argument: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  bad_route: 404,
  already_exists: 409,
  failed_precondition: 412,
  internal: 500,
};

/** @typedef {keyof typeof TWIRP_STATUS} TwirpCode */

/** An answer other than success, to a call of a Twirp service. */
export class TwirpError extends Error {
  /**
   * @param {TwirpCode} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
    this.status = TWIRP_STATUS[code];
  }
}

/** An answer other than success, to a request for a blob. */
export class BlobError extends Error {
  /**
   * @param {number} status
   * @param {string} code Azure's name of the error
   * @param {string} message
   */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {Request} request
 * @returns {Promise<string>}
 */
export async function readText(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new TwirpError('malformed', 'the request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {unknown} value
 */
export function sendJson(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/**
 * @param {Response} response
 * @param {BlobError} error
 */
export function sendBlobError(response, error) {
  const body =
    '<?xml version="1.0" encoding="utf-8"?>' +
    `<Error><Code>${error.code}</Code><Message>${error.message}</Message></Error>`;
  response.writeHead(error.status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
    'x-ms-error-code': error.code,
  });
  response.end(body);
}
