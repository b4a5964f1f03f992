/** The parts of an event's payload (the file GITHUB_EVENT_PATH) that tell whose code a run is about. */
export interface EventPayload {
  readonly repository?: Repository | null;
  readonly pull_request?: PullRequest | null;
  /** The commit of a branch before the push. */
  readonly before?: string;
  readonly merge_group?: { readonly base_sha?: string } | null;
  readonly workflow_run?: {
    readonly event?: string;
    readonly head_repository?: Repository | null;
    readonly repository?: Repository | null;
  } | null;
}

interface Repository {
  readonly full_name?: string;
}

interface PullRequest {
  readonly head?: Side | null;
  readonly base?: Side | null;
}

interface Side {
  readonly repo?: Repository | null;
  readonly sha?: string;
}

/**
 * Why a run must not even build: it has the rights of the repository, and strangers decide what is built. A pull request from a
 * fork has none. Pure.
 */
export function untrustedCheck(name: string, payload: EventPayload): string | undefined {
  return PULL_REQUESTS.includes(name) ? undefined : untrustedEvent(name, payload);
}

/** Events that run, or lead to running, what somebody without write access wrote. */
const PULL_REQUESTS = ['pull_request', 'pull_request_review', 'pull_request_review_comment'];

/**
 * Why a run must not reach a node: strangers decide what it is about, or can start it with the repository's own rights
 * (H101, H103). Undefined for a trusted one. What the payload does not say counts as the worst. Pure.
 */
export function untrustedEvent(name: string, payload: EventPayload): string | undefined {
  if (name === 'pull_request_target') {
    return 'anybody who opens a pull request starts pull_request_target, with the rights of the repository';
  }
  if (PULL_REQUESTS.includes(name) && isForeign(payload.pull_request?.head?.repo, own(payload))) {
    return 'the pull request comes from a fork';
  }
  return name === 'workflow_run' ? untrustedRun(payload) : undefined;
}

function untrustedRun({ workflow_run: run, repository }: EventPayload): string | undefined {
  const started = run?.event;
  if (started === undefined || started === 'pull_request_target') {
    return `the workflow before was started by ${started ?? 'an event that is not named'}`;
  }
  if (isForeign(run?.head_repository, run?.repository ?? repository)) {
    return 'the workflow before ran for a fork';
  }
  return undefined;
}

function own({ pull_request: pullRequest, repository }: EventPayload): Repository | null | undefined {
  return pullRequest?.base?.repo ?? repository;
}

/** GitHub's names of repositories do not distinguish upper and lower case. A deleted fork is null. */
function isForeign(head: Repository | null | undefined, base: Repository | null | undefined): boolean {
  const [theirs, ours] = [head?.full_name?.toLowerCase(), base?.full_name?.toLowerCase()];
  return theirs === undefined || ours === undefined || theirs !== ours;
}
