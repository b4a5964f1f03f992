import { writeFile } from 'node:fs/promises';
import { ActionError, CommandFailedError } from '../shared/errors.js';
import { run } from '../programs/exec.js';

/**
 * Runs the user's `prepare` command in a worktree, as `run:` steps do: the text goes verbatim into a file, and the ref
 * reaches it only through the environment (design decision 12, H99).
 *
 * @throws {ActionError} with the command's output in `details`
 */
export async function prepareWorktree(options: {
  readonly command: string;
  readonly cwd: string;
  /** Where the script file goes; outside the worktree, which stays as it was checked out. */
  readonly scriptFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly at: string;
  readonly onLine?: (line: string) => void;
}): Promise<void> {
  await writeFile(options.scriptFile, options.command, { mode: 0o600 });
  try {
    await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', options.scriptFile], {
      cwd: options.cwd,
      env: options.env,
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(`The \`prepare\` command ${error.end.text} at ${options.at}.`, {
      remedy:
        error.remedy ??
        'It runs in the project folder of every version, so it must also work for the up-from version.',
      details: error.details ?? error.message,
      cause: error,
    });
  }
}
