import type { JournalEntry } from '../model/deploy.js';
import type { HandlerRelease, NodeSnapshot } from '../model/node.js';
import { controlNode } from '../node/control.js';
import { anyNodeRuns, findNode } from '../node/node-process.js';
import { readNodeState } from '../node/node-state.js';
import { startData } from '../node/release-emulator.js';
import type { Erlang } from '../programs/erlang.js';
import { DeployLock } from './session/deploy-lock.js';
import { Journal } from './session/journal.js';

/** What is installed in a folder, and what runs from it. */
export interface InstalledStatus {
  readonly deployRoot: string;
  /** Release version that the next start boots. */
  readonly boots: string;
  /** Absent when no node runs. */
  readonly node?: Pick<NodeSnapshot, 'node' | 'osPid' | 'startedAt' | 'otp' | 'erts' | 'status'> & {
    /** As release_handler lists them; null without sasl. */
    readonly releases: readonly HandlerRelease[] | null;
  };
  /** The steps of the latest deploy. */
  readonly journal: readonly JournalEntry[];
  /** Whether that deploy came to its end. */
  readonly unfinished: boolean;
  /** Who is changing the release now. */
  readonly changedBy?: string;
}

/**
 * Looks at an installed release and the node that runs from it. Nothing is changed.
 *
 * @throws {NodeRefusedError} when it is no installed release, or the node cannot be asked
 */
export async function readStatus(
  deployRoot: string,
  erlang: Erlang,
  privateFolder: string,
): Promise<InstalledStatus> {
  const { version: boots } = await startData(deployRoot);
  const journal = await Journal.read(deployRoot);
  const changedBy = await DeployLock.holder(deployRoot);
  return {
    deployRoot,
    boots,
    ...((await anyNodeRuns(deployRoot)) ? { node: await askNode(deployRoot, erlang, privateFolder) } : {}),
    journal,
    unfinished: journal.length > 0 && journal.at(-1)?.step !== 'end',
    ...(changedBy === undefined ? {} : { changedBy }),
  };
}

async function askNode(
  deployRoot: string,
  erlang: Erlang,
  privateFolder: string,
): Promise<NonNullable<InstalledStatus['node']>> {
  const process = await findNode(deployRoot);
  const control = controlNode({ erlang, node: process, privateFolder, releases: [] });
  try {
    const { node, osPid, startedAt, otp, erts, status, releases } = await readNodeState(control);
    return { node, osPid, startedAt, otp, erts, status, releases };
  } finally {
    control.close();
  }
}
