import { errorMessage, ActionError, NodeRefusedError } from '../../shared/errors.js';
import { unended } from '../../shared/unended.js';

/** What the system says of certificates that nobody whom it trusts has signed, or that are not for this host or time. */
const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF))/;

const HOW_TO_TRUST =
  'Ask it in `check` instead, with the certificate that you trust (curl --fail --silent --cacert FILE ADDRESS), or by plain http on 127.0.0.1.';

/**
 * Asks an address; what it redirects to is asked in its place.
 *
 * @throws {ActionError} unless it answers with success
 */
export async function askUrl(url: string, limitSeconds: number): Promise<void> {
  const answer = await statusOf(url, limitSeconds);
  if (answer instanceof Error) throw noAnswer(url, answer);
  const { status, from } = answer;
  if (status >= 200 && status <= 299) return;
  const place = from === url ? '' : `, after a redirect to ${from}`;
  throw new ActionError(`the address ${url} answers with status ${status}${place}`);
}

/**
 * A certificate that is not trusted says nothing about the new release, so it is told before anything is changed. Whatever else
 * the address answers now is the old release's.
 *
 * @throws {NodeRefusedError}
 */
export async function refuseUntrusted(url: string): Promise<void> {
  const answer = url === '' ? undefined : await statusOf(url, 10);
  if (!(answer instanceof Error) || !isUntrusted(answer)) return;
  throw new NodeRefusedError(`The check-url cannot be used: ${untrusted(url, answer)}.`, {
    remedy: HOW_TO_TRUST,
    cause: answer,
  });
}

/** @returns why there is no answer, as an error */
async function statusOf(
  url: string,
  limitSeconds: number,
): Promise<{ status: number; from: string } | Error> {
  // it takes whole milliseconds only
  const signal = AbortSignal.timeout(Math.ceil(1000 * limitSeconds));
  try {
    const response = await fetch(url, { signal });
    const { status } = response;
    await response.body?.cancel();
    return { status, from: response.redirected ? response.url : url };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

function noAnswer(url: string, cause: Error): ActionError {
  if (isUntrusted(cause)) return new ActionError(untrusted(url, cause), { remedy: HOW_TO_TRUST, cause });
  return new ActionError(`the address ${url} does not answer: ${errorMessage(cause)}`, { cause });
}

function isUntrusted(error: Error): boolean {
  return CERTIFICATE.test((error as NodeJS.ErrnoException).code ?? '');
}

function untrusted(url: string, cause: Error): string {
  // what follows is advice for users of Node
  const [reason = ''] = errorMessage(cause).split(/[;\n]/);
  return `the certificate of ${url}, or of where it redirects to, is not trusted (${unended(reason)})`;
}
