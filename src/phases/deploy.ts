import { info } from '@actions/core';
import type { Erlang } from '../programs/erlang.js';
import { ActionError, errorMessage } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import { controlNode } from '../node/control.js';
import { DeployError, type NodeState } from '../node/deploy-error.js';
import type { DeployManifest, DeployPackage } from '../node/deploy-input.js';
import type { Footprint } from '../node/footprint.js';
import { installFailure } from '../node/install-verdict.js';
import { checkNode, type NodeCheck } from '../node/node-check.js';
import { findNode } from '../node/node-process.js';
import { readNodeState, releasesText, type HandlerRelease, type NodeSnapshot } from '../node/node-state.js';
import { makePermanent, verifyPermanent } from '../node/permanent.js';
import { recordBefore, takeBack } from '../node/undo.js';
import type { UpgradeContext } from '../node/upgrade-context.js';
import {
  checkInstall,
  configure,
  install,
  putPackage,
  settle,
  unpack,
  verifyRunningCode,
  verifyUnpacked,
} from '../node/upgrade.js';

export { DeployError, type NodeState } from '../node/deploy-error.js';
export type { DeployManifest, DeployPackage } from '../node/deploy-input.js';

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
  /** When the emulator was started, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly releases: readonly HandlerRelease[];
}

export interface DeployResult {
  /** Release version. */
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
  if (runs === manifest.version) info(`${runs} is installed already.`);
  else await upgrade(context, check, await recordBefore(context));
  const after = await finish(context, before);
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

async function upgrade(context: UpgradeContext, check: NodeCheck, footprint: Footprint): Promise<void> {
  try {
    await prepare(context, check, footprint);
    await installNow(context, check, footprint);
  } catch (error) {
    if (error instanceof DeployError) throw error;
    throw new DeployError(errorMessage(error), 'unknown', { ...hints(error), cause: error });
  }
}

/** Everything up to the installation; when it fails, the node is left as it was. */
async function prepare(context: UpgradeContext, check: NodeCheck, footprint: Footprint): Promise<void> {
  try {
    await unpackAndCheck(context, check);
  } catch (cause) {
    const { restored, nodeAnswers, sentence } = await takeBack(
      context,
      footprint,
      check.newStatus !== undefined,
    );
    const runs = nodeAnswers ? ` The node runs ${check.runs}.` : '';
    const state = !nodeAnswers ? 'unknown' : restored ? 'untouched' : 'unpacked';
    throw new DeployError(`${errorMessage(cause)}${runs} ${sentence}`, state, { ...hints(cause), cause });
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
    written.length === 0
      ? 'The configuration can be read.'
      : `Configuration filled in: ${written.join(', ')}.`,
  );
  await checkInstall(context, runs);
  info(`release_handler can install ${version} over ${runs}.`);
}

/** Installs, and judges by what runs then. */
async function installNow(context: UpgradeContext, check: NodeCheck, footprint: Footprint): Promise<void> {
  const answer = await install(context);
  info(`release_handler's answer to the installation: ${answer.kind}.`);
  const failure = installFailure(context.manifest, check, await settle(context));
  if (failure === undefined) {
    info(`${context.manifest.version} runs: the code is the package's.`);
    return;
  }
  const cause = 'error' in answer ? answer.error : undefined;
  const sentences = [...(cause === undefined ? [] : [cause.message]), failure.sentence];
  let { nodeState } = failure;
  if (failure.runsOld) {
    const { restored, sentence } = await takeBack(context, footprint, check.newStatus !== undefined);
    sentences.push(sentence);
    if (!restored && nodeState === 'untouched') nodeState = 'unpacked';
  }
  const options = { ...hints(cause), ...defined({ remedy: failure.remedy }), cause };
  throw new DeployError(sentences.join(' '), nodeState, options);
}

/** Makes permanent what runs, and proves it once more. */
async function finish(context: UpgradeContext, before: NodeSnapshot): Promise<NodeSnapshot> {
  const { version } = context.manifest;
  try {
    await makePermanent(context);
    await verifyPermanent(context);
    const after = await readNodeState(context.control);
    const wrong = verifyRunningCode(before, after, context.manifest);
    if (wrong.length > 0) throw new ActionError(`The node has ${wrong.join('; ')}.`);
    info(`${version} is permanent: the next start boots it.`);
    return after;
  } catch (error) {
    throw new DeployError(
      `${errorMessage(error)} The node runs ${version}, but its next start may boot another release.`,
      'installed-not-permanent',
      { remedy: 'Deploy the same package again: it goes on from here.', ...hints(error), cause: error },
    );
  }
}

/** The remedy and details of what was thrown, if it has any. */
function hints(error: unknown): { remedy?: string; details?: string } {
  return error instanceof ActionError ? defined({ remedy: error.remedy, details: error.details }) : {};
}

function summary({ node, osPid, startedAt, releases }: NodeSnapshot): NodeSummary {
  return { node, osPid, startedAt, releases: releases ?? [] };
}
