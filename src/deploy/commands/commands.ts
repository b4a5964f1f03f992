import type { DeployCommand } from '../../model/deploy-command.js';

/** What a command is told, but for its stage. */
export interface CommandFacts {
  /** The installed root. */
  readonly root: string;
  /** Release name; the version that ran before, empty for none, and the new one. */
  readonly name: string;
  readonly upFrom: string;
  readonly version: string;
  /** Of the node that runs now, if one does. */
  readonly nodeName?: string | undefined;
  readonly pid?: number | undefined;
  /** For `after`. */
  readonly nodeState?: string | undefined;
  /** For `before`: an earlier run of it was interrupted. */
  readonly again?: boolean;
}

/** The user's commands, wherever they are run: always as the user of the step. */
export interface Commands {
  has(command: DeployCommand): boolean;
  /** @throws {ActionError} when it fails or does not end in time; ``the `before` command …`` */
  run(command: DeployCommand, facts: CommandFacts): Promise<void>;
}

/** How long each command may take, in seconds. */
export const COMMAND_SECONDS = 600;

/** The variables of a command. Pure. */
export function variablesOf(command: DeployCommand, facts: CommandFacts): Record<string, string> {
  const { root, name, upFrom, version, nodeName, pid, nodeState, again } = facts;
  const more = {
    RELUP_NODE: nodeName,
    RELUP_PID: pid === undefined ? undefined : String(pid),
    RELUP_NODE_STATE: command === 'after' ? nodeState : undefined,
    RELUP_AGAIN: command === 'before' ? String(again === true) : undefined,
  };
  const known = Object.entries(more).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    RELUP_STAGE: command,
    RELUP_ROOT: root,
    RELUP_NAME: name,
    RELUP_UP_FROM: upFrom,
    RELUP_VERSION: version,
    ...Object.fromEntries(known),
  };
}
