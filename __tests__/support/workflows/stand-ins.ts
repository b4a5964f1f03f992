import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bundle } from '../action.js';
import { projectRoot } from '../repository.js';

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly uses?: string; readonly steps?: readonly { readonly uses?: string }[] }>
  >;
}

/** How this action is called where no one has put in the name of its repository yet. */
const OURS = 'OWNER/relup-action';

/** GitHub's and others' actions that the tests' own take the place of. */
const THEIRS: Readonly<Record<string, string>> = {
  'actions/checkout': 'checkout',
  'actions/download-artifact': 'download-artifact',
  'erlef/setup-beam': 'setup-beam',
};

/** What a user's workflow gets of this repository: the actions, the workflow to call, and the bundle under test. */
export function copyAction(folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(bundle, join(folder, 'dist'), { recursive: true });
  const workflow = '.github/workflows/rolling-deploy.yml';
  for (const file of ['action.yml', 'deploy/action.yml', 'rolling/action.yml', workflow]) {
    if (existsSync(join(projectRoot, file))) cpSync(join(projectRoot, file), join(folder, file));
  }
}

/**
 * act's arguments that put a folder in the place of every action that the workflow uses, since none can be fetched.
 *
 * @throws {Error} for an action that has no stand-in
 */
export function localRepositories(workflow: string, action: string): string[] {
  const { jobs } = parse(workflow) as Workflow;
  const uses = Object.values(jobs).flatMap((job) =>
    [job, ...(job.steps ?? [])].flatMap((one) => one.uses ?? []),
  );
  return [...new Set(uses)].flatMap((used) => {
    const [name, ref] = used.split('@') as [string, string | undefined];
    const repository = name.split('/').slice(0, 2).join('/');
    const standIn = THEIRS[repository];
    if (repository !== OURS && standIn === undefined) throw new Error(`There is no stand-in for ${used}.`);
    const folder =
      standIn === undefined ? action : join(projectRoot, '__tests__/workflows/stand-ins', standIn);
    return ['--local-repository', `${repository}@${ref}=${folder}`];
  });
}
