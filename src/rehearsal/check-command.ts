import { join } from 'node:path';
import { info } from '@actions/core';
import { runUserCommand } from '../programs/user-command.js';
import { ActionError, CommandFailedError } from '../shared/errors.js';
import { neutralise } from '../shared/workflow-commands.js';
import type { ScratchNode } from './scratch/scratch-node.js';
import type { Stage } from '../model/rehearsal.js';

export interface CheckRun {
  readonly command: string;
  readonly cwd: string;
  /** A private folder for the script. */
  readonly folder: string;
  readonly stage: Stage;
  readonly node: ScratchNode;
  /** Release name; the version upgraded from, the new one, and the one that runs at this stage. */
  readonly name: string;
  readonly upFrom: string;
  readonly version: string;
  readonly runs: string;
  readonly timeoutSeconds: number;
  /** The node that it is connected to, in a cluster, and the release version that this one runs. */
  readonly other?: OtherNode | undefined;
}

export interface OtherNode {
  readonly node: ScratchNode;
  readonly runs: string;
}

/**
 * Runs the user's `check` against the node. It gets the node's own environment, so that the release's script works from it
 * (`"$RELUP_ROOT/bin/$RELUP_NAME" eval …`), and where it is.
 *
 * @throws {ActionError} with its output in `details`
 */
export async function runCheck(check: CheckRun): Promise<void> {
  const { command, cwd, folder, stage, node, timeoutSeconds } = check;
  const env = {
    ...node.environment,
    HOME: process.env['HOME'] ?? node.environment['HOME'] ?? '/',
    RELUP_STAGE: stage,
    RELUP_ROOT: node.process.deployRoot,
    RELUP_NAME: check.name,
    RELUP_UP_FROM: check.upFrom,
    RELUP_VERSION: check.version,
    RELUP_RUNNING: check.runs,
    RELUP_NODE: node.process.nodeName,
    RELUP_COOKIE: node.process.cookie,
    RELUP_PID: String(node.process.pid),
    ...(check.other === undefined ? {} : variablesOf(check.other)),
  };
  try {
    await runUserCommand({
      command,
      cwd,
      scriptFile: join(folder, `check-${stage}.sh`),
      env,
      timeoutSeconds,
      onLine: (line) => info(neutralise(line)),
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    const where = check.other === undefined ? '' : ` on the node that runs ${check.runs}`;
    throw new ActionError(`The \`check\` command ${error.end.text} at stage ${stage}${where}.`, {
      remedy:
        error.remedy ??
        'Run it by hand with RELUP_STAGE and the other variables that docs/how-it-works.md lists; its output is in the details.',
      details: error.details ?? error.message,
      cause: error,
    });
  }
}

function variablesOf({ node, runs }: OtherNode): Record<string, string> {
  const { nodeName, deployRoot } = node.process;
  return { RELUP_OTHER_NODE: nodeName, RELUP_OTHER_ROOT: deployRoot, RELUP_OTHER_RUNNING: runs };
}
