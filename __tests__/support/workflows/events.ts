import type { TestRepository } from '../repository.js';

/** What starts a run, as GitHub tells it. */
export interface WorkflowEvent {
  readonly name: 'push' | 'workflow_dispatch' | 'pull_request';
  readonly payload: Readonly<Record<string, unknown>>;
  /** GITHUB_REF, GITHUB_REF_TYPE, GITHUB_REF_NAME and GITHUB_SHA. */
  readonly ref: string;
  readonly refType: 'branch' | 'tag';
  readonly refName: string;
  readonly sha: string;
}

/** Name of the repository in every run. */
export const repositoryName = 'octo/project';

const common = {
  repository: { full_name: repositoryName, name: 'project', default_branch: 'main' },
  sender: { login: 'octo' },
};

export function tagPush(repository: TestRepository, tag: string): WorkflowEvent {
  return push(repository, 'tag', tag);
}

export function branchPush(repository: TestRepository, branch: string): WorkflowEvent {
  return push(repository, 'branch', branch);
}

/** "Run workflow", started for a tag or for a branch, with the values of the workflow's inputs. */
export function dispatch(
  repository: TestRepository,
  refType: 'branch' | 'tag',
  name: string,
  inputs: Readonly<Record<string, string>> = {},
): WorkflowEvent {
  const started = push(repository, refType, name);
  return {
    ...started,
    name: 'workflow_dispatch',
    payload: { ...common, ref: started.ref, inputs, workflow: '.github/workflows/test.yml' },
  };
}

/**
 * A pull request of a branch that has everything main has. As on GitHub, the run is for a merge of both, with its own ref.
 */
export function pullRequest(repository: TestRepository, number: number, branch: string): WorkflowEvent {
  const head = repository.git('rev-parse', branch);
  const base = repository.git('rev-parse', 'main');
  const merge = repository.git(
    'commit-tree',
    `${branch}^{tree}`,
    '-p',
    base,
    '-p',
    head,
    '-m',
    `Merge ${head}`,
  );
  repository.git('update-ref', `refs/pull/${number}/merge`, merge);
  return {
    name: 'pull_request',
    payload: {
      ...common,
      action: 'opened',
      number,
      pull_request: { number, head: { ref: branch, sha: head }, base: { ref: 'main', sha: base } },
    },
    ref: `refs/pull/${number}/merge`,
    refType: 'branch',
    refName: `${number}/merge`,
    sha: merge,
  };
}

function push(repository: TestRepository, refType: 'branch' | 'tag', name: string): WorkflowEvent {
  const ref = `refs/${refType === 'tag' ? 'tags' : 'heads'}/${name}`;
  const sha = repository.git('rev-parse', `${ref}^{commit}`);
  const payload = { ...common, ref, after: sha, created: true, deleted: false, forced: false };
  return { name: 'push', payload, ref, refType, refName: name, sha };
}
