import { info } from '@actions/core';
import { isDeployOf, type Attempt, type NodeBefore, type NodeState } from '../model/deploy.js';
import type { NodeSnapshot } from '../model/node.js';
import { releasesText } from '../model/node.js';
import { settle } from '../node/release-handler.js';
import { replaceStartScript } from '../node/release-script.js';
import { defined } from '../shared/optional.js';
import { DeployError } from './deploy-error.js';
import { downgrade } from './downgrade.js';
import type { HealthInput } from './health/health.js';
import { installFailure } from './install-verdict.js';
import { identityOf, isSameProcess } from '../node/process-identity.js';
import { undo } from './undo.js';
import type { UpgradeContext } from './upgrade-context.js';

/**
 * Looks at what an earlier deploy that did not come to its end left, in its journal and on the node, and takes that back;
 * or leaves it to the rest of this deploy to go on, when its release runs already (docs/deploying.md, "When it was
 * interrupted").
 *
 * @throws {DeployError} when neither is possible, or when taking back was all there was to do
 */
export async function settleEarlier(context: UpgradeContext, health: HealthInput): Promise<void> {
  const { journal } = context.session;
  const attempt = journal.unfinished;
  if (attempt === undefined) return;
  const step = journal.last?.step ?? 'begin';
  info(`An earlier deploy of ${attempt.version} was not finished; the last step of its journal is ${step}.`);
  if (!journal.has('install')) return takeBack(context, attempt, { nodeState: 'untouched', anew: true });
  const snapshot = await settle(context);
  if (snapshot === undefined) throw notSettled(attempt);
  if (!isSame(context, attempt)) return settleOther(context, attempt, snapshot);
  await settleInstalled({ context, attempt, snapshot, health });
}

/** The same package: what runs, by code, decides. */
async function settleInstalled({
  context,
  attempt,
  snapshot,
  health,
}: {
  readonly context: UpgradeContext;
  readonly attempt: Attempt;
  readonly snapshot: NodeSnapshot;
  readonly health: HealthInput;
}): Promise<void> {
  const { session, manifest, node } = context;
  const before = await comparable(session.journal.find('install')?.before, node.pid);
  const failure = installFailure(manifest, { snapshot: before, runs: attempt.from }, snapshot);
  const back = session.journal.find('downgrade');
  if (back !== undefined && failure?.nodeState !== 'rebooted-into-old') {
    throw await downgrade({ context, attempt, why: back.reason, health });
  }
  if (failure === undefined) {
    info(`${attempt.version} runs: the code is the package's.`);
    return;
  }
  if (isPermanent(snapshot, attempt.version)) await bootNext(context, attempt);
  if (!failure.runsOld) {
    const { sentence, nodeState, remedy } = failure;
    throw new DeployError(sentence, nodeState, defined({ remedy }));
  }
  info(failure.sentence);
  await takeBack(context, attempt, { nodeState: failure.nodeState, anew: back === undefined });
  if (back !== undefined) throw new DeployError(`${back.reason} ${failure.sentence}`, failure.nodeState);
}

/** Another package: the earlier release must not run, and not be what boots. */
async function settleOther(context: UpgradeContext, attempt: Attempt, snapshot: NodeSnapshot): Promise<void> {
  // permanent, proven and noted: only old releases were left to remove
  if (context.session.journal.last?.step === 'remove-release') return context.session.end('upgraded');
  const status = snapshot.releases?.find(({ version }) => version === attempt.version)?.status;
  const idle = status === undefined || status === 'unpacked' || status === 'old';
  if (idle && !usesAdded(context, attempt, snapshot))
    return takeBack(context, attempt, { nodeState: 'untouched', anew: true });
  throw new DeployError(
    `An earlier deploy of ${attempt.version} was not finished, so ${context.manifest.version} cannot be deployed yet: release_handler lists ${releasesText(snapshot.releases)}.`,
    'installed-not-permanent',
    {
      remedy: `Run the step that deploys ${attempt.version} again, with the same package: it goes on or goes back. Or restart the node, if ${attempt.from} is to run.`,
    },
  );
}

async function takeBack(
  context: UpgradeContext,
  attempt: Attempt,
  how: { readonly nodeState: NodeState; readonly anew: boolean },
): Promise<void> {
  const why = 'an earlier run was interrupted';
  const { restored, installed, sentence } = await undo({ context, attempt, why, ...how });
  if (restored) {
    info(`What the earlier deploy of ${attempt.version} had begun is taken back. ${sentence}`);
    return;
  }
  if (installed && isSame(context, attempt)) {
    info(`${attempt.version} was installed by somebody else.`);
    return;
  }
  const state = installed ? 'installed-not-permanent' : 'unpacked';
  throw new DeployError(`An earlier deploy of ${attempt.version} was not finished. ${sentence}`, state, {
    remedy: 'Remove what is in the way, then run this step again.',
  });
}

/** release_handler boots the new release, relx's start script still the old one: it was interrupted between the two. */
async function bootNext(context: UpgradeContext, { name, version }: Attempt): Promise<never> {
  await context.session.note({ step: 'start-script' });
  await replaceStartScript(context.deployRoot, name, version);
  throw new DeployError(
    `${version} was made permanent by an earlier deploy, but then the node was restarted, and runs the release before it.`,
    'rebooted-into-old',
    { remedy: `Restart the node: it boots ${version} now. Then run this step again.` },
  );
}

/** A node that was started since is another one, even if its pids are the same. */
async function comparable(before: NodeBefore | undefined, pid: number): Promise<NodeBefore> {
  const same = isSameProcess(before?.process, await identityOf(pid));
  const empty = { osPid: '', environment: 0, applications: {}, process: null };
  return { ...empty, ...before, instance: same ? (before?.instance ?? '') : '' };
}

function isSame({ manifest, upgradePackage }: UpgradeContext, attempt: Attempt): boolean {
  return isDeployOf(attempt, manifest, [upgradePackage.sha256]);
}

function isPermanent({ releases }: NodeSnapshot, version: string): boolean {
  return (releases ?? []).some((one) => one.version === version && one.status === 'permanent');
}

/** Whether code is loaded from what would be removed. */
function usesAdded(
  { deployRoot }: UpgradeContext,
  { footprint }: Attempt,
  { modules, root }: NodeSnapshot,
): boolean {
  const added = new Set(footprint.absent);
  return modules.some(({ file }) =>
    [root, deployRoot].some((dir) => file.startsWith(`${dir}/`) && added.has(file.slice(dir.length + 1))),
  );
}

function notSettled({ version }: Attempt): DeployError {
  return new DeployError(
    `An earlier deploy of ${version} was not finished, and the node does not settle, so what it runs is not known.`,
    'unknown',
    { remedy: 'Look at the node and its log, then run this step again.' },
  );
}
