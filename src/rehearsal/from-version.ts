import { debug } from '@actions/core';
import { mkdir, rm } from 'node:fs/promises';
import { BootError } from './scratch/scratch-node.js';
import { endProcessesBelow } from '../programs/processes.js';
import { ActionError } from '../shared/errors.js';
import type { Correction } from '../model/correction.js';
import { defined } from '../shared/optional.js';
import type { DeployPackage } from '../model/deploy-input.js';
import { selfMadeModules } from '../node/node-code.js';
import { isAlive } from '../node/release-script.js';
import { compareSteps, type Others } from './compare/compare.js';
import { treeChanges } from './compare/tree-changes.js';
import { addFailure, attemptWith } from './attempt.js';
import { Lane, type VersionContext } from './lane.js';
import { bootUpFrom, upAndDown, type Seen } from './main-lane.js';
import type { RehearsedCluster, RehearsedVersion } from '../model/rehearsal.js';
import { coldBoot, mayRunBeside, upgradeByFullPackage } from './other-lanes.js';
import { rehearseCluster } from './cluster/cluster.js';
import { excuseRestless } from './restless.js';
import { keepNode } from './keep-node.js';
import { installRelease } from './roots.js';
import { unsetVariables } from './variables.js';
import { tellSettings } from './settings.js';

export interface Packages {
  readonly upgrade: DeployPackage;
  /** Only where the full package is to be installed over the up-from release, too. */
  readonly full?: DeployPackage;
}

/** Seconds between the moment at which every step must have ended by itself and the one at which all is ended. */
const GRACE = 5;

/** What came of it. */
type Noted = Seen & { isKept?: boolean; cluster?: RehearsedCluster };

/** The rehearsal of one up-from version; always ends every node and removes the folder. */
export async function rehearseVersion(
  context: VersionContext,
  packages: Packages,
): Promise<RehearsedVersion> {
  const { recorder, folder, options, upFrom } = context;
  const started = performance.now();
  let expired = false;
  const guard = setTimeout(
    () => {
      expired = true;
      endProcessesBelow(folder);
    },
    1000 * (options.timeoutSeconds + GRACE),
  );
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let notBooted: BootError | undefined;
  const seen: Noted = {};
  const others: Others = {};
  try {
    notBooted = await rehearseNodes(context, packages, { seen, others, isExpired: () => expired });
  } finally {
    clearTimeout(guard);
    if (!seen.isKept) {
      endProcessesBelow(folder);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  const failure = recorder.findings.find(({ severity }) => severity === 'error');
  const outcome = notBooted !== undefined ? 'unproven' : failure === undefined ? 'passed' : 'failed';
  return {
    upFrom: upFrom.version,
    outcome,
    ...defined({ reason: notBooted?.message ?? failure?.message }),
    steps: recorder.steps(),
    findings: recorder.findings,
    corrections: unique(recorder.corrections),
    trees: recorder.trees,
    supervision: treeChanges(seen, { upFrom, release: options.release }),
    installations: recorder.installations,
    ...defined({ cluster: seen.cluster }),
    selfMade: selfMade(context, seen, others),
    seconds: (performance.now() - started) / 1000,
  };
}

function selfMade({ upFrom, manifest }: VersionContext, { booted }: Seen, { cold }: Others): string[] {
  const both = [
    ...(booted === undefined ? [] : selfMadeModules(booted, upFrom)),
    ...(cold === undefined ? [] : selfMadeModules(cold, manifest)),
  ];
  return [...new Set(both)].sort();
}

/** @returns why the up-from release did not boot, or does not stay up, so that nothing could be tried */
async function rehearseNodes(
  context: VersionContext,
  packages: Packages,
  { seen, others, isExpired }: { seen: Noted; others: Others; isExpired: () => boolean },
): Promise<BootError | undefined> {
  const { recorder } = context;
  const unset = await notSet(context);
  if (unset !== undefined) return couldNotBoot(context, unset);
  const main = await Lane.open(context, 'main');
  try {
    try {
      await recorder.take('boot', async () => {
        await installRelease(context.upFrom, main.root);
        await bootUpFrom(main, seen);
      });
    } catch (error) {
      if (error instanceof BootError) return couldNotBoot(context, error);
      // release_handler will look at the node's trees in the same way (H30)
      if (!(error instanceof ActionError)) throw error;
      addFailure(context, 'boot', error);
      return undefined;
    }
    const attempt = attemptWith(context, isExpired);
    const runMain = (): Promise<void> => attempt(() => upAndDown(main, packages.upgrade, seen));
    const beside = await mayRunBeside(main, seen.booted as NonNullable<Seen['booted']>);
    if (beside) {
      await Promise.all([runMain(), tryBeside(context, packages, others)]);
    } else {
      await runMain();
    }
    const isGone = await hasGone(context, main);
    // Where one step failed there is nothing to compare with, and that node is what a person wants to see.
    const isKept = mayKeep(context) && (beside || hasFailed(context));
    if (!isKept) main.close();
    if (!isExpired() && context.remaining() > 1 && !(isKept && hasFailed(context)))
      await attempt(() => runOthers({ context, packages, others }));
    const ended = await excuseRestless(context, isGone);
    if (ended !== undefined) return cannotStay(context, ended);
    await compareSteps(context, seen, others);
    await tellSettings(context, seen, others);
    const { relup } = seen;
    if (context.options.cluster === true && relup !== undefined && !hasFailed(context)) {
      const { upgrade } = packages;
      await attempt(() =>
        rehearseCluster(context, { upgrade, relup }, (cluster) => void (seen.cluster = cluster)),
      );
    }
    if (mayKeep(context) && !isExpired()) seen.isKept = await keepNode(main);
  } finally {
    if (seen.isKept !== true) main.close();
  }
  return undefined;
}

function mayKeep({ options }: VersionContext): boolean {
  return options.keep !== undefined;
}

/** Whether a step failed because the node had ended, and it was not the installation that ended it. */
async function hasGone(context: VersionContext, main: Lane): Promise<boolean> {
  const told = ['rehearsal-node-died', 'rehearsal-node-restarted'];
  if (!hasFailed(context) || context.recorder.findings.some(({ id }) => told.includes(id))) return false;
  return !(await isAlive(main.running.process.pid));
}

function hasFailed({ recorder }: VersionContext): boolean {
  return recorder.findings.some(({ severity }) => severity === 'error');
}

/** A failure beside the other node may be its fault; then it is tried again alone. */
async function tryBeside(context: VersionContext, packages: Packages, others: Others): Promise<void> {
  try {
    await runOthers({ context, packages, others, suffix: '-beside' });
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    debug(`beside the other node: ${error.message}`);
  }
}

/** What was not done yet. */
async function runOthers({
  context,
  packages,
  others,
  suffix = '',
}: {
  readonly context: VersionContext;
  readonly packages: Packages;
  readonly others: Others;
  readonly suffix?: string;
}): Promise<void> {
  const { full } = packages;
  const { recorder } = context;
  others.cold ??= await recorder.take('cold boot', () => coldBoot(context, `cold${suffix}`));
  if (full !== undefined) {
    others.byFullPackage ??= await recorder.take('full package', () =>
      upgradeByFullPackage(context, full, `full${suffix}`),
    );
  }
}

/** Named before anything boots: with empty values a release boots into who knows what, or not at all. */
async function notSet({
  upFrom,
  options,
  identity,
  environment,
}: VersionContext): Promise<BootError | undefined> {
  const keepsName = identity.nodeName === 'keep';
  const both = [upFrom, options.release].map((one) => unsetVariables(one, environment, keepsName));
  const all = (await Promise.all(both)).flat();
  if (all.length === 0) return undefined;
  const names = [...new Set(all.flatMap((one) => one.names))];
  return new BootError(
    `Nothing sets ${names.join(', ')} on this runner, which ${all.map(({ file }) => file).join(' and ')} would be filled in with.`,
    {
      remedy: `Write a default in the template, \${${names[0] ?? ''}:-default}, or set it in this step:\nenv:\n${names.map((name) => `  ${name}: …`).join('\n')}`,
    },
  );
}

function couldNotBoot(context: VersionContext, error: BootError): BootError {
  return impossible(context, `could not be booted on this runner: ${error.message}`, error);
}

/** What was found on a node that was about to end says nothing about the upgrade. */
function cannotStay(context: VersionContext, error: ActionError): BootError {
  context.recorder.withdrawErrors();
  return impossible(context, `does not stay up on this runner: ${error.message}`, error);
}

function impossible({ recorder, upFrom }: VersionContext, why: string, error: ActionError): BootError {
  const message = `The up-from release ${upFrom.version} ${why}`;
  const remedy =
    error.remedy ??
    "Give the step what the release needs (`env`, the job's `services`), or set `rehearse: false`; its output is in the details.";
  recorder.add({
    id: 'rehearsal-impossible',
    severity: 'warning',
    step: 'boot',
    check: 'done',
    message,
    remedy,
    ...defined({ details: error.details }),
  });
  return new BootError(message, { remedy, details: error.details, cause: error });
}

function unique(corrections: readonly Correction[]): Correction[] {
  return [...new Map(corrections.map((one) => [JSON.stringify(one), one])).values()];
}
