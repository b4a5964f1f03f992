import type { DeployResult, NodeState } from '../model/deploy.js';
import { makeRoot, rootState } from '../node/deploy-root.js';
import { anyNodeRuns, findNode, nodeUser } from '../node/node-process.js';
import { startData } from '../node/release-emulator.js';
import { ownUser } from '../programs/own-user.js';
import type { ActionError } from '../shared/errors.js';
import { runAfter } from './commands/around.js';
import { DeployError } from './deploy-error.js';
import type { DeployOptions } from './deploy-options.js';
import { deployByWay } from './deploy-by-way.js';
import { dryRun } from './dry-run.js';
import { finishEarlier } from './resume-any.js';
import { Journal } from './session/journal.js';
import { DeploySession } from './session/deploy-session.js';
import { type Site, siteOf } from './site.js';

export type { DeployOptions } from './deploy-options.js';

/**
 * Brings a release to the node of an installed root, the way that fits: hot, by a restart where that is allowed, or as an
 * installation into an empty root. What an earlier run of it left unfinished is finished or taken back first.
 *
 * @throws {NodeRefusedError} when a check fails; nothing was changed then.
 * @throws {DeployError} for anything later; its `nodeState` and its message tell in which state the node is.
 */
export async function deployRelease(options: DeployOptions): Promise<DeployResult> {
  const site = await siteOf(options);
  return options.dryRun === true ? dryRun(site) : inSession(site);
}

async function inSession(site: Site): Promise<DeployResult> {
  const session = await openSession(site);
  const record = () => ({ findings: session.findings, journal: session.journal.entries });
  try {
    const result = await deploy(site, session);
    const failure = await after(site, session, result.nodeState);
    if (failure === undefined) return { ...result, record: record() };
    throw afterFailed(failure, result);
  } catch (error) {
    const told = error instanceof DeployError ? await afterFailure(site, session, error) : error;
    if (told instanceof DeployError) told.record = record();
    throw told;
  } finally {
    await session.close();
  }
}

async function openSession(site: Site): Promise<DeploySession> {
  const { options, deployRoot, commands } = site;
  const { name, version } = options.manifest;
  const { lockSeconds = 120, cancel } = options;
  return DeploySession.open({
    deployRoot,
    owner: await ownerOf(site),
    what: `${name} ${version}`,
    waitSeconds: lockSeconds,
    cancel,
    hasCommands: (['before', 'after', 'start', 'stop'] as const).some((one) => commands.has(one)),
    hasAfter: commands.has('after'),
  });
}

/** Whose the journal is. Nothing is made where no release can come to. */
async function ownerOf({
  deployRoot,
  options,
}: Site): Promise<{ readonly uid: number; readonly gid: number }> {
  const own = ownUser();
  if ((await rootState(deployRoot)) !== 'installed') {
    await makeRoot(deployRoot);
    return own;
  }
  // of an installation or a restart that was interrupted there may be no node, and no release as a whole
  if ((await Journal.unfinishedIn(deployRoot))?.way !== undefined) return own;
  if (options.allowRestart !== true) return findNode(deployRoot);
  await startData(deployRoot);
  return (await anyNodeRuns(deployRoot)) ? nodeUser(deployRoot) : own;
}

async function deploy(site: Site, session: DeploySession): Promise<Omit<DeployResult, 'record'>> {
  if (session.journal.unfinished !== undefined) {
    const done = await site.plan.phase('Deploy: earlier deploy', () => finishEarlier(site, session));
    if (done !== undefined) return done;
  }
  return deployByWay(site, session);
}

function after(
  { deployRoot: root, commands }: Site,
  session: DeploySession,
  nodeState: NodeState,
): ReturnType<typeof runAfter> {
  const begin = session.journal.find('begin');
  const { name = '', version = '', from: upFrom = '' } = begin?.attempt ?? {};
  return runAfter(session, commands, { root, name, version, upFrom, nodeState });
}

/** The journal stays open at that command. */
function afterFailed(
  failure: ActionError,
  { deployedVersion, nodeState }: Pick<DeployResult, 'deployedVersion' | 'nodeState'>,
): DeployError {
  const error = new DeployError(
    `${failure.message} The deploy itself has come to its end: ${deployedVersion} runs.`,
    nodeState,
    {
      remedy: 'Run this step again: it runs that command again, and nothing else.',
      details: failure.details,
      cause: failure,
    },
  );
  error.isAfter = true;
  return error;
}

/** It is told what happened, too; when it fails, that is told beside the failure. */
async function afterFailure(site: Site, session: DeploySession, error: DeployError): Promise<DeployError> {
  if (error.isAfter) return error;
  const failure = await after(site, session, error.nodeState);
  if (failure === undefined) return error;
  const { remedy, details, cause, nodeState } = error;
  return new DeployError(`${error.message} ${failure.message}`, nodeState, { remedy, details, cause });
}
