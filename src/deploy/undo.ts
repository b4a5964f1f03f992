import type { Attempt, Footprint, NodeState } from '../model/deploy.js';
import type { DeployPackage } from '../model/deploy-input.js';
import { configurationFiles } from '../node/configuration.js';
import { DiskFullError } from '../node/durable-file.js';
import { packageName, packagePath } from '../node/node-context.js';
import { settle } from '../node/release-handler.js';
import { isAlive } from '../node/release-script.js';
import type { Erlang } from '../programs/erlang.js';
import { ActionError, errorMessage } from '../shared/errors.js';
import { putBack, removeAdded } from './session/footprint.js';
import type { UpgradeContext } from './upgrade-context.js';
import { unended } from '../shared/unended.js';

/** Records what the steps before the installation may add or change, so that they can be undone. */
export async function recordBefore(context: UpgradeContext): Promise<Footprint> {
  const { erlang, upgradePackage, manifest, session } = context;
  const members = await membersOf(erlang, upgradePackage);
  const rel = `${packageName(context)}.rel`;
  return session.recordFootprint(
    [
      ...members.map(({ name }) => name.replace(/\/$/, '')),
      `releases/${rel}`,
      `releases/${manifest.version}/${rel}`,
    ],
    [packagePath(context), 'releases/RELEASES', ...configurationFiles(manifest.version)],
  );
}

/** Of an installed version there is no package. */
async function membersOf(erlang: Erlang, { path }: DeployPackage): Promise<{ readonly name: string }[]> {
  return path === '' ? [] : erlang.query<{ name: string }[]>('tarball', [path]);
}

/** What became of taking back. */
export interface TakenBack {
  /** Whether the files and release_handler's records are as they were recorded. */
  readonly restored: boolean;
  readonly nodeAnswers: boolean;
  /** Somebody else installed the version meanwhile: it runs. */
  readonly installed: boolean;
  /** The same, as a sentence for people. */
  readonly sentence: string;
}

/**
 * Takes back what a deploy unpacked, and closes the journal if nothing is left of it.
 *
 * @param why for the journal
 * @param nodeState what the node's state is then, if all could be taken back
 * @param anew whether the same deploy starts anew after that
 */
export async function undo({
  context,
  attempt,
  why,
  nodeState,
  anew = false,
}: {
  readonly context: UpgradeContext;
  readonly attempt: Attempt;
  readonly why: string;
  readonly nodeState: NodeState;
  readonly anew?: boolean;
}): Promise<TakenBack> {
  const { session } = context;
  await session.giveRoom();
  // what undoing frees may be what the entry needs; without it, too, the next run would undo
  if (session.journal.last?.step !== 'undo') {
    await session.note({ step: 'undo', reason: why }).catch(ignoreFullDisk);
  }
  const taken = await takeBack(context, attempt);
  const state = taken.nodeAnswers ? nodeState : 'unknown';
  if (taken.restored) await (anew ? session.endAnew(state) : session.end(state));
  return taken;
}

/**
 * The version is unregistered and exactly what was added is removed (H65). `release_handler:remove_release/1` is not used,
 * because it also removes every library that no other *registered* release lists (H66).
 */
async function takeBack(context: UpgradeContext, attempt: Attempt): Promise<TakenBack> {
  const snapshot = await settle(context);
  const nodeAnswers = snapshot !== undefined;
  const status = snapshot?.releases?.find((release) => release.version === attempt.version)?.status;
  const installed = status === 'current' || status === 'permanent';
  try {
    // release_handler may still be at work on what was given up (H69); a node that is gone boots with the restored files
    if (!nodeAnswers && (await isAlive(context.node.pid))) throw new ActionError('the node does not answer');
    const { version, wasRegistered, footprint } = attempt;
    if (installed) throw new ActionError(`${version} is ${status}`);
    // files first: release_handler needs room to write its records
    const left = await removeAdded(context.deployRoot, footprint);
    if (status !== undefined && !wasRegistered) await context.control.call('set-removed', [version]);
    await putBack(context.deployRoot, footprint);
    if (left.length > 0) throw new ActionError(`something else lies in ${left.join(', ')}`);
    return { restored: true, nodeAnswers, installed, sentence: 'Its files are as they were.' };
  } catch (error) {
    const why = unended(errorMessage(error));
    return {
      restored: false,
      nodeAnswers,
      installed,
      sentence: `What was unpacked could not be taken back: ${why}.`,
    };
  }
}

function ignoreFullDisk(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' && !(error instanceof DiskFullError)) throw error;
}
