import { ActionError, CommandFailedError } from '../shared/errors.js';
import { runUserCommand, type UserCommand } from '../programs/user-command.js';

/**
 * Runs the user's `prepare` command in a worktree.
 *
 * @throws {ActionError} with the command's output in `details`
 */
export async function prepareWorktree({
  at,
  ...command
}: UserCommand & { readonly at: string }): Promise<void> {
  try {
    await runUserCommand(command);
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(`The \`prepare\` command ${error.end.text} at ${at}.`, {
      remedy:
        error.remedy ??
        'It runs in the project folder of every version, so it must also work for the up-from version.',
      details: error.details ?? error.message,
      cause: error,
    });
  }
}
