import { debug } from '@actions/core';
import { realpath, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Git } from '../programs/git.js';
import { BadInputError } from '../shared/errors.js';
import type { Finding } from '../model/finding.js';
import { some } from '../shared/some.js';

/** The user's repository and the project in it. */
export interface Project {
  readonly git: Git;
  /** Absolute path of the project folder in the user's work tree. */
  readonly dir: string;
  /** The same relative to the repository's top; empty for the top itself. */
  readonly path: string;
}

/**
 * Opens the repository around the working directory.
 *
 * @param gitFolder where the scratch repository goes
 * @param modified what becomes of tracked files that are modified: they are refused, because what is not committed cannot be what a
 * tag names (H13), or left out
 * @throws {BadInputError} when the folder is missing or tracked files are modified
 */
export async function openProject(
  workingDirectory: string,
  gitFolder: string,
  modified: 'refuse' | 'leave-out' = 'refuse',
): Promise<Project> {
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const dir = resolve(workspace, workingDirectory);
  if (!(await isFolder(dir))) {
    throw new BadInputError(
      `The input \`working-directory\` is "${workingDirectory}", but there is no such folder.`,
      {
        remedy: 'Write the folder where rebar.config is, relative to the repository.',
      },
    );
  }
  const git = await Git.open(dir, gitFolder);
  const path = relative(git.topLevel, await realpath(dir));
  debug(`repository ${git.topLevel}, project folder ${JSON.stringify(path)}`);
  if (modified === 'refuse') await refuseModified(git);
  return { git, dir, path };
}

async function refuseModified(git: Git): Promise<void> {
  const modified = await git.at(git.topLevel).modifiedFiles();
  if (modified.length === 0) return;
  throw new BadInputError(
    `Tracked files are modified: ${some(modified)}. They would not be in the release that is built.`,
    {
      remedy:
        'Commit the changes, or move the step that makes them into the input `prepare`, which runs for every version.',
    },
  );
}

/** What a check at the desk takes: the commit, as a workflow run would. */
export async function modifiedFindings({ git }: Project): Promise<Finding[]> {
  const modified = await git.at(git.topLevel).modifiedFiles();
  if (modified.length === 0) return [];
  return [
    {
      id: 'uncommitted-left-out',
      severity: 'warning',
      message: `The commit ${git.head.slice(0, 7)} is checked, as a workflow run would; changes that are not committed are left out: ${some(modified)}.`,
    },
  ];
}

/** What lies in the user's tree but not in a worktree, and would silently be missing from the build. */
export async function treeFindings({ git, dir, path }: Project): Promise<Finding[]> {
  if (!(await git.at(dir).hasUntrackedCheckouts())) return [];
  const folder = join(path, '_checkouts');
  return [
    {
      id: 'checkouts-ignored',
      severity: 'warning',
      message: `${folder} is not committed, so the releases are built with the dependencies of rebar.lock instead.`,
      remedy: `Remove ${folder}, or commit it if the release should be built with it.`,
    },
  ];
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
