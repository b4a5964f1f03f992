import { info } from '@actions/core';
import type { Erlang } from '../programs/erlang.js';
import { ActionError, errorMessage } from '../shared/errors.js';
import { controlNode } from '../node/control.js';
import { DeployError, type NodeState } from '../node/deploy-error.js';
import type { DeployManifest, DeployPackage } from '../node/deploy-input.js';
import type { Footprint } from '../node/footprint.js';
import { checkNode, type NodeCheck } from '../node/node-check.js';
import { releaseByCode } from '../node/node-code.js';
import { findNode } from '../node/node-process.js';
import { readNodeState, releasesText, type HandlerRelease, type NodeSnapshot } from '../node/node-state.js';
import {
  checkInstall,
  configure,
  install,
  makePermanent,
  putPackage,
  recordBefore,
  settle,
  undoUnpack,
  unpack,
  verifyPermanent,
  verifyRunningCode,
  verifyUnpacked,
  type InstallAnswer,
  type UpgradeContext,
} from '../node/upgrade.js';

export { DeployError, type NodeState } from '../node/deploy-error.js';

export interface DeployOptions {
  readonly erlang: Erlang;
  /** Folder of the installed release (with bin, lib, releases) that a node runs from. */
  readonly deployRoot: string;
  readonly upgradePackage: DeployPackage;
  readonly manifest: DeployManifest;
  /** A private folder (0700) for request files and copies; the caller removes it. */
  readonly privateFolder: string;
  /** How long one step of release_handler may take; default 300. */
  readonly stepSeconds?: number;
  /** How long a node that gave no answer is watched; default 120. */
  readonly watchSeconds?: number;
}

/** A node before or after, as far as a report needs it. */
export interface NodeSummary {
  readonly node: string;
  readonly osPid: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly releases: readonly HandlerRelease[];
}

export interface DeployResult {
  readonly deployedVersion: string;
  readonly nodeState: NodeState;
  readonly before: NodeSummary;
  readonly after: NodeSummary;
}

/**
 * Upgrades the node that runs from an installed release, and makes the new release permanent.
 *
 * @throws {NodeRefusedError} when a check fails; nothing was changed then.
 * @throws {DeployError} for anything later; its `nodeState` and its message tell in which state the node is.
 */
export async function deployRelease(options: DeployOptions): Promise<DeployResult> {
  const context = await contextOf(options);
  const { manifest } = options;
  const check = await checkNode(context, await readNodeState(context.control));
  const { snapshot: before, runs } = check;
  info(`Node ${before.node} (process id ${before.osPid}) runs ${manifest.name} ${runs}, by code.`);

  let after = before;
  if (runs === manifest.version) {
    info(`${manifest.version} is installed already.`);
  } else {
    await prepare(context, check);
    after = await installNow(context, check);
  }
  after = await finish(context, before, after);
  info(`Releases before: ${releasesText(before.releases)}; after: ${releasesText(after.releases)}.`);
  return {
    deployedVersion: manifest.version,
    nodeState: 'upgraded',
    before: summary(before),
    after: summary(after),
  };
}

async function contextOf(options: DeployOptions): Promise<UpgradeContext> {
  const { erlang, privateFolder, stepSeconds = 300, watchSeconds = 120 } = options;
  const node = await findNode(options.deployRoot);
  const control = controlNode(erlang, node, privateFolder);
  return { ...options, deployRoot: node.deployRoot, node, control, stepSeconds, watchSeconds };
}

/** Everything up to the installation; whatever fails is undone. */
async function prepare(context: UpgradeContext, check: NodeCheck): Promise<void> {
  const footprint = await recordBefore(context);
  try {
    await unpackAndCheck(context, check);
  } catch (error) {
    await takeBack(context, check, footprint, error);
  }
}

async function unpackAndCheck(context: UpgradeContext, { newStatus, runs }: NodeCheck): Promise<void> {
  const { name, version } = context.manifest;
  if (newStatus === undefined) {
    await putPackage(context);
    info(`Package in place: releases/${name}-${version}.tar.gz.`);
    await unpack(context);
    info(`Unpacked ${version}.`);
  } else {
    info(`release_handler knows ${version} already (${newStatus}), so it is not unpacked again.`);
  }
  await verifyUnpacked(context);
  info(`All ${context.upgradePackage.files.length} files of the package are on the node.`);
  const written = await configure(context);
  info(
    written.length === 0 ? 'Configuration can be read.' : `Configuration filled in: ${written.join(', ')}.`,
  );
  await checkInstall(context, runs);
  info(`release_handler can install ${version} over ${runs}.`);
}

/** Always throws: what went wrong, and that the node is as it was, or what could not be undone. */
async function takeBack(
  context: UpgradeContext,
  check: NodeCheck,
  footprint: Footprint,
  cause: unknown,
): Promise<never> {
  const why = errorMessage(cause);
  try {
    await undoUnpack(context, footprint, check.newStatus !== undefined);
  } catch (error) {
    throw new DeployError(
      `${why} The node still runs ${check.runs}, but what was unpacked could not be taken back: ${errorMessage(error)}`,
      'unpacked',
      { ...hints(cause), cause },
    );
  }
  throw new DeployError(`${why} The node runs ${check.runs} and its files are as they were.`, 'untouched', {
    ...hints(cause),
    cause,
  });
}

/** Installs, and judges by what runs then, whatever was answered. */
async function installNow(context: UpgradeContext, check: NodeCheck): Promise<NodeSnapshot> {
  const { version } = context.manifest;
  const answer = await install(context);
  info(`release_handler's answer to the installation: ${answer.kind}.`);
  const after = await settle(context);
  if (after === undefined) {
    throw new DeployError(
      `The node did not settle within ${context.watchSeconds} seconds after the installation of ${version} began.`,
      'unknown',
      {
        remedy: 'Look at the node; what it runs is not known.',
        ...hints(cause(answer)),
        cause: cause(answer),
      },
    );
  }
  const wrong = verifyRunningCode(check.snapshot, after, context);
  if (wrong.length === 0 && isRunning(after, version)) return after;
  throw notInstalled(context, check, after, answer, wrong);
}

function isRunning({ releases }: NodeSnapshot, version: string): boolean {
  return (releases ?? []).some(
    (release) => release.version === version && /current|permanent/.test(release.status),
  );
}

function notInstalled(
  context: UpgradeContext,
  { snapshot: before, runs }: NodeCheck,
  after: NodeSnapshot,
  answer: InstallAnswer,
  wrong: readonly string[],
): DeployError {
  const { version, upFrom } = context.manifest;
  const why = 'error' in answer ? `${answer.error.message} ` : '';
  const options = { ...hints(cause(answer)), cause: cause(answer) };
  const runsOld = releaseByCode(after, upFrom, runs)?.version === runs;
  if (runsOld && after.instance !== before.instance) {
    return new DeployError(`${why}The node rebooted into ${runs}.`, 'rebooted-into-old', options);
  }
  if (runsOld && environmentChanged(before, after)) {
    return new DeployError(
      `${why}The node runs the code of ${runs}, but its application versions and configuration are already those of ${version}.`,
      'environment-changed',
      { remedy: `Restart the node to get ${runs} with its own configuration, or deploy again.`, ...options },
    );
  }
  if (runsOld) {
    return new DeployError(`${why}The node runs ${runs}; ${version} is unpacked.`, 'unpacked', options);
  }
  return new DeployError(
    `${why}The node is neither wholly ${runs} nor wholly ${version}: ${wrong.join('; ') || releasesText(after.releases)}.`,
    isRunning(after, version) ? 'installed-not-permanent' : 'unknown',
    { remedy: `Restart the node: it boots ${runs}.`, ...options },
  );
}

/** release_handler changes versions and environment before it runs the relup, and leaves them when that is refused (H51). */
function environmentChanged(before: NodeSnapshot, after: NodeSnapshot): boolean {
  const versions = (snapshot: NodeSnapshot) => JSON.stringify(Object.entries(snapshot.applications).sort());
  return before.environment !== after.environment || versions(before) !== versions(after);
}

/** Makes permanent what runs, and proves it once more. */
async function finish(
  context: UpgradeContext,
  before: NodeSnapshot,
  installed: NodeSnapshot,
): Promise<NodeSnapshot> {
  const { version } = context.manifest;
  info(`${version} runs: the code is the package's.`);
  try {
    await makePermanent(context);
    await verifyPermanent(context);
    const after = await readNodeState(context.control);
    const wrong = verifyRunningCode(before, after, context);
    if (wrong.length > 0) throw new ActionError(`The node has ${wrong.join('; ')}.`);
    info(`${version} is permanent: the next start boots it.`);
    return after;
  } catch (error) {
    const state = isRunning(installed, version) ? 'installed-not-permanent' : 'unknown';
    throw new DeployError(
      `${errorMessage(error)} The node runs ${version}, but its next start may boot another release.`,
      state,
      { remedy: 'Deploy the same package again: it goes on from here.', ...hints(error), cause: error },
    );
  }
}

function cause(answer: InstallAnswer): unknown {
  return 'error' in answer ? answer.error : undefined;
}

/** The remedy and details of what was thrown, if it has any. */
function hints(error: unknown): { remedy?: string; details?: string } {
  if (!(error instanceof ActionError)) return {};
  const { remedy, details } = error;
  return { ...(remedy === undefined ? {} : { remedy }), ...(details === undefined ? {} : { details }) };
}

function summary({ node, osPid, startedAt, releases }: NodeSnapshot): NodeSummary {
  return { node, osPid, startedAt, releases: releases ?? [] };
}
