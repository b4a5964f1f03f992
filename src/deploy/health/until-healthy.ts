import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { info } from '@actions/core';
import { runUserCommand } from '../../programs/user-command.js';
import { ActionError, CommandFailedError } from '../../shared/errors.js';
import { askUrl } from './check-url.js';
import { ControlStartError } from '../../node/control-session.js';
import { NodeEndedError } from '../../node/node-end.js';
import { neutralise } from '../../shared/workflow-commands.js';

/** How a node is found healthy. All durations in seconds. */
export interface HealthOptions {
  /** The user's command, as in a `run:` step; empty for none. */
  readonly check?: string;
  /** An address that must answer with a 2xx status; empty for none. */
  readonly checkUrl?: string;
  /** Until when the node must be healthy; default 60. */
  readonly timeout?: number;
  /** How long it must be healthy without a break; default 10. */
  readonly soak?: number;
}

/** What the user's command is told, in the variables that the rehearsal's has, too; but for the cookie. */
export interface HealthStage {
  readonly stage: 'health' | 'after-downgrade';
  /** The installed root. */
  readonly root: string;
  /** Release name; the version upgraded from, the new one, and the one that runs. */
  readonly name: string;
  readonly upFrom: string;
  readonly version: string;
  readonly runs: string;
  readonly nodeName: string;
  readonly pid: number;
}

/** At least so many attempts in a row must succeed, however short `soak` is (H91). */
const PASSES = 3;
const PAUSE_MS = 500;

/** Time in milliseconds, for tests that have none to lose. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

/** Monotonic: somebody may set the machine's clock meanwhile. */
export const REAL: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => setTimeout(milliseconds),
};

/** One attempt; throws, with the reason as message, when the node is not healthy. */
export type Probe = (limitSeconds: number) => Promise<void>;

/**
 * Tries until a node was healthy for the whole `soak`, three times in a row at least (H90, H91). An attempt may take a third
 * of the time there is.
 *
 * @returns why it was not healthy in time; undefined when it was
 * @throws what kept us from looking, which says nothing about the node; {@link NodeEndedError} when it is gone
 */
export async function untilHealthy({
  probe,
  options,
  stopIfCancelled,
  clock = REAL,
}: {
  readonly probe: Probe;
  readonly options: HealthOptions;
  readonly stopIfCancelled: () => void;
  readonly clock?: Clock;
}): Promise<Error | undefined> {
  const { timeout = 60, soak = 10 } = options;
  const deadline = clock.now() + 1000 * timeout;
  let passes = 0;
  let since = 0;
  let failure: ActionError | undefined;
  for (;;) {
    stopIfCancelled();
    const begun = clock.now();
    try {
      await probe(Math.max(1, Math.min(timeout / 3, (deadline - begun) / 1000)));
      if (passes === 0) since = begun;
      passes += 1;
      if (passes >= PASSES && clock.now() - since >= 1000 * soak) return undefined;
    } catch (error) {
      if (!(error instanceof ActionError) || isFinal(error)) throw error;
      // each second the same would bury what matters
      if (error.message !== failure?.message) info(neutralise(`Not healthy: ${error.message}`));
      failure = error;
      passes = 0;
    }
    if (clock.now() + PAUSE_MS > deadline) return tooLate(passes, failure);
    await clock.sleep(PAUSE_MS);
  }
}

/** A program of ours that could not do its work; or there is no node any more, which nothing will change. */
function isFinal(error: ActionError): boolean {
  const kinds = [CommandFailedError, ControlStartError, NodeEndedError];
  return kinds.some((kind) => error instanceof kind);
}

function tooLate(passes: number, failure: ActionError | undefined): ActionError {
  if (passes === 0 && failure !== undefined) return failure;
  const before = failure === undefined ? '' : `; before that: ${failure.message}`;
  return new ActionError(
    `it was not healthy for long enough (${passes} times in a row) when the time was over${before}`,
  );
}

/** The user's command and address, both if both are given. */
export function userProbe(
  { check = '', checkUrl = '' }: HealthOptions,
  stage: HealthStage,
  folders: { readonly cwd: string; readonly privateFolder: string },
): Probe {
  return async (limitSeconds) => {
    if (check.trim() !== '')
      await runCheck({ command: check, stage, options: folders, timeoutSeconds: limitSeconds });
    if (checkUrl !== '') await askUrl(checkUrl, limitSeconds);
  };
}

/** Lines of an attempt's output that are shown. */
const SHOWN_LINES = 1000;

/** Hands on the first lines, and then that there are more. */
function upTo(limit: number, show: (line: string) => void): (line: string) => void {
  let count = 0;
  return (line) => {
    count += 1;
    if (count <= limit) show(line);
    if (count === limit + 1) show('(More output of this attempt is not shown.)');
  };
}

async function runCheck({
  command,
  stage,
  options,
  timeoutSeconds,
}: {
  readonly command: string;
  readonly stage: HealthStage;
  readonly options: { readonly cwd: string; readonly privateFolder: string };
  readonly timeoutSeconds: number;
}): Promise<void> {
  const { cwd, privateFolder } = options;
  try {
    await runUserCommand({
      command,
      cwd,
      scriptFile: join(privateFolder, 'check.sh'),
      timeoutSeconds,
      // it is run again and again: what each attempt leaves would add up
      children: 'end',
      onLine: upTo(SHOWN_LINES, (line) => info(neutralise(line))),
      env: {
        RELUP_STAGE: stage.stage,
        RELUP_ROOT: stage.root,
        RELUP_NAME: stage.name,
        RELUP_UP_FROM: stage.upFrom,
        RELUP_VERSION: stage.version,
        RELUP_RUNNING: stage.runs,
        RELUP_NODE: stage.nodeName,
        RELUP_PID: String(stage.pid),
      },
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(`the \`check\` command ${error.end.text}`, {
      details: error.details,
      cause: error,
    });
  }
}
