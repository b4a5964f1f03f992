import { saveState, warning } from '@actions/core';
import { tmpdir } from 'node:os';
import { run } from '../programs/exec.js';
import { endDescendants, endProcessesBelow } from '../programs/processes.js';
import { ActionError, errorMessage } from '../shared/errors.js';
import { Workspace } from '../shared/workspace.js';

/** The runner's folder for temporary files; it is emptied by the runner, not by us. */
function runnerTemp(): string {
  return process.env.RUNNER_TEMP || tmpdir();
}

/**
 * Opens the workspace, tells the post step about it, and makes a cancel (SIGINT, then SIGTERM, as the runner sends them)
 * end our children and remove it.
 *
 * @throws {ActionError} when the temporary folder cannot be written to
 */
export async function openWorkspace(): Promise<Workspace> {
  const workspace = await Workspace.open(runnerTemp()).catch((error: unknown) => {
    throw new ActionError(`The folder for temporary files cannot be used: ${errorMessage(error)}.`, {
      remedy: 'Check that RUNNER_TEMP exists, has room, and belongs to the user that the runner runs as.',
      cause: error,
    });
  });
  saveState('workspace', workspace.dir);
  endOnSignals(workspace);
  return workspace;
}

/** Makes a cancel end our children and remove the workspace. */
export function endOnSignals(workspace: Workspace): void {
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.once(signal, () => {
      endDescendants();
      // What was sent to the background has no parent of ours.
      endProcessesBelow(workspace.dir);
      workspace.removeAll();
      process.exit(128 + number);
    });
  }
}

/** Begins to remove folders of the workspace; what cannot be removed now is tried again at the end. */
export function discard(workspace: Workspace, folders: readonly string[]): void {
  if (folders.length === 0) return;
  workspace.meanwhile(run('rm', ['-rf', '--', ...folders]).catch(() => undefined));
}

/** Removes the workspace. When that fails, the post step tries again; it is no reason to fail. */
export async function closeWorkspace(workspace: Workspace): Promise<void> {
  try {
    await workspace.close();
  } catch (error) {
    warning(`The folder ${workspace.dir} could not be removed: ${errorMessage(error)}`);
  }
}
