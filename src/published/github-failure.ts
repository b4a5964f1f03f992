import { ActionError, errorMessage } from '../shared/errors.js';

/** GitHub could not be asked, or did not do what it was asked. */
export class GithubError extends ActionError {}

/** What a request needs of `permissions:` in the workflow. */
export type Permission = 'contents: read' | 'contents: write' | 'attestations: read' | 'attestations: write';

/** As octokit throws it: a request that was answered with a failure, or (status 500) not at all. */
interface RequestError {
  readonly status?: number;
  readonly response?: {
    readonly headers: Readonly<Record<string, string | number | undefined>>;
    readonly data: unknown;
  };
}

/** Longer than this (seconds) no job waits for a rate limit to end. */
const LONGEST_WAIT = 60;

export function hasStatus(error: unknown, status: number): boolean {
  return (error as RequestError | undefined)?.status === status;
}

/** Whether an asset could not be uploaded because another upload has taken its name. */
function isNameTaken(error: unknown): boolean {
  const { data } = (error as RequestError | undefined)?.response ?? {};
  const { errors = [] } = (data ?? {}) as { errors?: readonly { code?: string }[] };
  return hasStatus(error, 422) && errors.some(({ code }) => code === 'already_exists');
}

/** Milliseconds to wait before the same is tried again; undefined when that is of no use. Pure. */
export function waitBefore(error: unknown, attempt: number): number | undefined {
  if (isRateLimit(error)) {
    const seconds = Number(headersOf(error)['retry-after'] ?? Infinity);
    return seconds <= LONGEST_WAIT ? 1000 * seconds : undefined;
  }
  const status = (error as RequestError | undefined)?.status ?? 0;
  return status >= 500 || isNameTaken(error) ? 1000 * 2 ** attempt : undefined;
}

function isRateLimit(error: unknown): boolean {
  if (!hasStatus(error, 403) && !hasStatus(error, 429)) return false;
  const headers = headersOf(error);
  return (
    hasStatus(error, 429) ||
    headers['retry-after'] !== undefined ||
    String(headers['x-ratelimit-remaining']) === '0'
  );
}

function headersOf(error: unknown): Readonly<Record<string, string | number | undefined>> {
  return (error as RequestError | undefined)?.response?.headers ?? {};
}

/** One sentence from what was tried and what GitHub said, and what helps. */
export function githubFailure(what: string, error: unknown, permission: Permission): GithubError {
  const { reason, remedy } = explained(error, permission);
  return new GithubError(`${what}: ${reason}.`, { remedy, cause: error });
}

function explained(error: unknown, permission: Permission): { reason: string; remedy: string } {
  if (isRateLimit(error)) {
    return {
      reason: `GitHub's rate limit for this token is used up${limitEnd(headersOf(error))}`,
      remedy: 'Run the job again after that.',
    };
  }
  const status = (error as RequestError | undefined)?.status;
  const said = errorMessage(error).replace(/ - https:\/\/\S+$/, '');
  if (status === 401 || status === 403 || status === 404) {
    return {
      reason: `GitHub refuses the token of \`github-token\` (${said}, HTTP status ${status})`,
      remedy: `Give the job \`permissions: { ${permission} }\`; a token of your own needs the same for this repository.`,
    };
  }
  return {
    reason: said.split('\n')[0]?.replace(/\.$/, '') ?? '',
    remedy: 'Run the job again; when it fails again, see https://www.githubstatus.com.',
  };
}

/** As far as GitHub says it. Pure. */
function limitEnd(headers: ReturnType<typeof headersOf>): string {
  const { 'retry-after': after, 'x-ratelimit-reset': reset } = headers;
  if (after !== undefined) return ` for another ${Math.ceil(Number(after) / 60)} minutes`;
  if (reset === undefined) return '';
  return ` until ${new Date(1000 * Number(reset)).toISOString().slice(11, 16)} UTC`;
}
