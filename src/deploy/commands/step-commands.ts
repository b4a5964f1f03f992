import { info } from '@actions/core';
import { join } from 'node:path';
import type { CommandTexts, DeployCommand } from '../../model/deploy-command.js';
import { runUserCommand } from '../../programs/user-command.js';
import { ActionError, CommandFailedError } from '../../shared/errors.js';
import { neutralise } from '../../shared/workflow-commands.js';
import { COMMAND_SECONDS, type Commands, variablesOf } from './commands.js';

export interface StepCommandsOptions {
  readonly texts: CommandTexts;
  /** Where they run: the job's workspace. */
  readonly cwd: string;
  /** A private folder. */
  readonly folder: string;
  /** Ends `before` and `after` in order; what starts or stops the node is always brought to its end. */
  readonly cancel?: AbortSignal | undefined;
}

/** The commands, run by this process. */
export function stepCommands(options: StepCommandsOptions): Commands {
  return {
    has: (command) => isGiven(options.texts, command),
    run: (command, facts) => runCommand(options, command, variablesOf(command, facts)),
  };
}

export function isGiven(texts: CommandTexts, command: DeployCommand): boolean {
  return texts[command].trim() !== '';
}

/**
 * Runs one of them. The node that it may start is not the job's: without the runner's mark it outlives the job (H111).
 *
 * @throws {ActionError}
 */
export async function runCommand(
  { texts, cwd, folder, cancel }: StepCommandsOptions,
  command: DeployCommand,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const changesNode = command === 'start' || command === 'stop';
  info(`Running the ${nameOf(command)} command.`);
  try {
    await runUserCommand({
      command: texts[command],
      cwd,
      scriptFile: join(folder, `${command}.sh`),
      timeoutSeconds: COMMAND_SECONDS,
      onLine: (line) => info(neutralise(line)),
      cancel: changesNode ? undefined : cancel,
      env: { RUNNER_TRACKING_ID: undefined, ...variables },
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw commandFailed(command, error.end.text, error.details);
  }
}

/** What a command that failed is to its deploy. */
function commandFailed(command: DeployCommand, how: string, details: string | undefined): ActionError {
  return new ActionError(`The \`${nameOf(command)}\` command ${how}.`, {
    remedy: 'Its output is in the log. Correct it, then run this step again.',
    details,
  });
}

function nameOf(command: DeployCommand): string {
  return command === 'start' || command === 'stop' ? `${command}-command` : command;
}
