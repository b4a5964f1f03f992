// The repository on GitHub that the workflow runs in, by GitHub's REST API.
import type { getOctokit } from '@actions/github';
import { ActionError } from '../shared/errors.js';
import { GithubError, githubFailure, waitBefore, type Permission } from './github-failure.js';

/** `owner/name`, and who asks for it. */
export interface Repository {
  readonly owner: string;
  readonly repo: string;
  readonly octokit: ReturnType<typeof getOctokit>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What is missing for asking GitHub; undefined when nothing is. */
export function missingForGithub(token: string, env: Environment): string | undefined {
  if (token === '') return 'the input `github-token` is empty';
  const missing = ['GITHUB_API_URL', 'GITHUB_REPOSITORY'].filter((name) => !env[name]);
  return missing.length === 0 ? undefined : `the runner has not set ${missing.join(' and ')}`;
}

/** @throws {ActionError} outside of a workflow run, and without a token */
export function requireGithub(token: string, env: Environment): void {
  const missing = missingForGithub(token, env);
  if (missing === undefined) return;
  throw new ActionError(`GitHub's releases cannot be reached: ${missing}.`, {
    remedy: 'Leave `github-token` at its default, and run this step in a workflow.',
  });
}

/** @throws {ActionError} as `requireGithub` */
export async function openRepository(token: string): Promise<Repository> {
  requireGithub(token, process.env);
  const { GITHUB_API_URL: baseUrl = '', GITHUB_REPOSITORY: name = '' } = process.env;
  const [owner = '', repo = ''] = name.split('/');
  const { getOctokit } = await import('@actions/github');
  return { owner, repo, octokit: getOctokit(token, { baseUrl, userAgent: 'relup-action' }) };
}

const ATTEMPTS = 4;

/**
 * Asks GitHub, again when the failure may pass.
 *
 * @param what as an error says it, e.g. `The releases of octo/app could not be listed`
 * @throws {ActionError} what failed and why, in one sentence
 */
export async function askGithub<T>(what: string, permission: Permission, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof GithubError) throw error;
      const wait = attempt < ATTEMPTS ? waitBefore(error, attempt) : undefined;
      if (wait === undefined) throw githubFailure(what, error, permission);
      await new Promise<void>((resolve) => void setTimeout(resolve, wait));
    }
  }
}
