import { info } from '@actions/core';
import { join } from 'node:path';
import { runBefore } from './commands/around.js';
import type { CommandFacts, Commands } from './commands/commands.js';
import { DeployError } from './deploy-error.js';
import { syncAll } from '../node/durable-file.js';
import type { Attempt, NodeBefore } from '../model/deploy.js';
import type { NodeCheck } from './preflight/node-check.js';
import { nodeEnd } from '../node/node-end.js';
import { installedPath } from '../node/package-files.js';
import { identityOf } from '../node/process-identity.js';
import { checkAnswering } from './health/suspensions.js';
import { recordBefore, undo } from './undo.js';
import { recordsOf } from '../node/permanent.js';
import { packagePath } from '../node/node-context.js';
import type { UpgradeContext } from './upgrade-context.js';
import { checkInstall, configure, putPackage, unpack, verifyUnpacked } from '../node/release-handler.js';
import { errorMessage, NodeRefusedError } from '../shared/errors.js';
import { hints } from '../shared/hints.js';

/**
 * Everything between the checks and the installation: unpack, verify, configure, and the journal's entry that the
 * installation begins. When it fails, the node is left as it was.
 *
 * @throws {DeployError}
 */
export async function prepareUpgrade(
  context: UpgradeContext,
  check: NodeCheck,
  commands: Commands,
): Promise<Attempt> {
  const attempt = await attemptOf(context, check);
  await context.session.begin(attempt);
  try {
    await unpackAndCheck(context, check);
    await context.session.takeRoom();
    await runBefore(context.session, commands, factsOf(context, check.runs));
    await context.session.note({ step: 'install', before: await nodeBefore(context, check) });
    return attempt;
  } catch (cause) {
    const why = errorMessage(cause);
    const { restored, nodeAnswers, installed, sentence } = await undo({
      context,
      attempt,
      why,
      nodeState: 'untouched',
    });
    if (installed) throw installedMeanwhile(attempt, why, cause);
    const end = nodeAnswers ? undefined : await nodeEnd(context);
    if (end !== undefined)
      throw new DeployError(`${end.message} ${sentence}`, 'unknown', { ...hints(end), cause });
    const runs = nodeAnswers ? ` The node runs ${check.runs}.` : '';
    const state = !nodeAnswers ? 'unknown' : restored ? 'untouched' : 'unpacked';
    throw new DeployError(`${why}${runs} ${sentence}`, state, { ...hints(cause), cause });
  }
}

/** What the user's commands are told. */
function factsOf({ deployRoot, manifest, node }: UpgradeContext, upFrom: string): CommandFacts {
  const { name, version } = manifest;
  return { root: deployRoot, name, version, upFrom, nodeName: node.nodeName, pid: node.pid };
}

async function nodeBefore({ node }: UpgradeContext, { snapshot }: NodeCheck): Promise<NodeBefore> {
  const { osPid, instance, environment, applications } = snapshot;
  return { osPid, instance, environment, applications, process: (await identityOf(node.pid)) ?? null };
}

function installedMeanwhile({ version }: Attempt, why: string, cause: unknown): DeployError {
  const sentence = `${why} The node runs ${version}, which somebody else installed meanwhile.`;
  const remedy = 'Run this step again: it goes on from there.';
  return new DeployError(sentence, 'installed-not-permanent', { ...hints(cause), remedy, cause });
}

/** What is about to be done, with all that is needed to undo it. */
export async function attemptOf(context: UpgradeContext, check: NodeCheck): Promise<Attempt> {
  const { name, version } = context.manifest;
  return {
    name,
    version,
    from: versionBefore(check, version),
    packageSha256: context.upgradePackage.sha256,
    ...(context.upgradePackage.path === '' ? { goesBack: true as const } : {}),
    wasRegistered: check.newStatus !== undefined,
    footprint: await recordBefore(context),
  };
}

/** Somebody may have installed the new release by hand; then the permanent one is what ran before. */
function versionBefore({ runs, snapshot }: NodeCheck, version: string): string {
  const permanent = snapshot.releases?.find(({ status }) => status === 'permanent')?.version;
  return runs === version ? (permanent ?? runs) : runs;
}

async function unpackAndCheck(context: UpgradeContext, { newStatus, runs }: NodeCheck): Promise<void> {
  const { session, manifest } = context;
  const { version } = manifest;
  if (newStatus === undefined && context.upgradePackage.path === '') {
    throw new NodeRefusedError(
      `release_handler does not know the release ${version}, so it cannot install it.`,
      {
        remedy: 'Set `allow-restart: true`, and the node is restarted into it; or deploy its package.',
      },
    );
  }
  if (newStatus === undefined) {
    await session.note({ step: 'put-package' });
    await putPackage(context);
    info(`Package in place: ${packagePath(context)}.`);
    session.stopIfCancelled();
    await session.note({ step: 'unpack' });
    await unpack(context);
    await syncUnpacked(context);
    info(`Unpacked ${version}.`);
    session.stopIfCancelled();
  } else {
    info(`release_handler knows ${version} already (${newStatus}), so it is not unpacked again.`);
  }
  await verifyUnpacked(context, runs);
  const { length } = context.upgradePackage.files;
  if (length > 0) info(`All ${length} files of the package are on the node.`);
  await session.note({ step: 'configure' });
  const written = await configure(context);
  info(
    written.length === 0
      ? 'The configuration can be read.'
      : `Configuration filled in: ${written.join(', ')}.`,
  );
  session.stopIfCancelled();
  await checkInstall(context, runs);
  info(`release_handler can install ${version} over ${runs}.`);
  await checkAnswering(context, runs);
  session.stopIfCancelled();
}

/** Nothing that release_handler wrote is on the disk for certain; from here on a power cut must not take it away. */
async function syncUnpacked({ deployRoot, upgradePackage, manifest }: UpgradeContext): Promise<void> {
  const files = upgradePackage.files.map(({ path }) => join(deployRoot, installedPath(path, manifest)));
  await syncAll([...files, ...recordsOf(deployRoot)]);
}
