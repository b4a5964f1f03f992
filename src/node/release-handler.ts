import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ActionError, NodeRefusedError } from '../shared/errors.js';
import type { Finding } from '../model/finding.js';
import { defined } from '../shared/optional.js';
import { placeConfiguration } from './configuration.js';
import { ControlError } from './control.js';
import { replaceByChecked } from './durable-file.js';
import { linkedOut, placeInRoot } from './inside-root.js';
import { codeDifferences, moduleList, stalePaths } from './node-code.js';
import { nodeEnd } from './node-end.js';
import { readNodeState } from './node-state.js';
import type { NodeSnapshot } from '../model/node.js';
import type { DeployManifest } from '../model/deploy-input.js';
import { compareWithPackage } from './package-files.js';
import { checkStartScript } from './release-script.js';
import { packageName, packagePath, type NodeContext } from './node-context.js';
import { some } from '../shared/some.js';

/** What release_handler answered to the installation; a lost answer is no error, the node is looked at instead. */
export type InstallAnswer =
  | { readonly kind: 'ok' | 'continue-after-restart' }
  | { readonly kind: 'refused' | 'unknown'; readonly error: ActionError };

/** Copies the package that was checked, and no other, to where release_handler looks for it. @throws {NodeRefusedError} */
export async function putPackage(context: NodeContext): Promise<void> {
  const { uid, gid } = context.node;
  const target = await placeInRoot(context.deployRoot, packagePath(context));
  const { path, sha256 } = context.upgradePackage;
  await replaceByChecked({ target, source: path, owner: { uid, gid, mode: 0o640 }, sha256 });
}

/** `release_handler:unpack_release/1`. @throws {NodeRefusedError} */
export async function unpack(context: NodeContext): Promise<void> {
  try {
    await context.control.call('unpack', [packageName(context)], context.stepSeconds);
  } catch (error) {
    const link = error instanceof ControlError ? await linkedOut(context.deployRoot) : undefined;
    if (link === undefined) throw error;
    throw new NodeRefusedError(
      `${link} is a link that leads out of deploy-root, and release_handler unpacks nothing through it.`,
      {
        remedy: 'Keep bin, lib and releases in one folder; deploy-root itself may be a link to it.',
        cause: error,
      },
    );
  }
}

/**
 * Every file of the package must now be on the node (H64).
 *
 * @param runs the release version that it runs
 * @throws {NodeRefusedError}
 */
export async function verifyUnpacked(context: NodeContext, runs: string): Promise<void> {
  const { missing, differing } = await compareWithPackage(context, runs);
  if (missing.length + differing.length > 0) {
    const what = [
      ...(missing.length === 0 ? [] : [`are missing: ${some(missing)}`]),
      ...(differing.length === 0 ? [] : [`have other content: ${some(differing)}`]),
    ];
    throw new NodeRefusedError(`After it was unpacked, files of the package ${what.join('; others ')}.`, {
      remedy: 'Look for what else writes to the folder of the release, and deploy again.',
      details: [
        ...missing.map((path) => `missing ${path}`),
        ...differing.map((path) => `differs ${path}`),
      ].join('\n'),
    });
  }
  await checkStartScript(context.deployRoot, context.manifest.name, context.manifest.version);
}

/** By what is wrong with sys.config. */
const CONFIGURATION_REMEDIES = {
  bad_config: 'Correct sys.config (or sys.config.src) in the project and build the release again.',
  bad_include:
    'Put its entries into sys.config itself, one list for each application, or include it by its path from the root of the release, e.g. "releases/VERSION/NAME.config".',
};

/**
 * Fills in templates and reads the configuration back in its final place, on the node (H79, H80).
 *
 * @returns the files that were written, relative to the installed root.
 * @throws {NodeRefusedError}
 */
export async function configure(context: NodeContext): Promise<readonly string[]> {
  const { name, version } = context.manifest;
  const written = await placeConfiguration({ ...context, name, version });
  const file = `releases/${version}/sys.config`;
  try {
    await context.control.call('consult-config', [join(context.deployRoot, file)]);
  } catch (error) {
    if (!(error instanceof ControlError) || !(error.reason in CONFIGURATION_REMEDIES)) throw error;
    const remedy = CONFIGURATION_REMEDIES[error.reason as keyof typeof CONFIGURATION_REMEDIES];
    throw new NodeRefusedError(
      `release_handler could not use ${file}, and would install an empty configuration: ${error.message}.`,
      {
        remedy: remedy.replace('VERSION', version),
        ...defined({ details: error.details }),
        cause: error,
      },
    );
  }
  return written;
}

/**
 * A downgrade reads the old release's sys.config again, and finds its includes in another place than the boot did. That release
 * cannot be corrected any more, and the way up is not its fault.
 *
 * @param version the release that is gone back to
 */
export async function configLostByDowngrade(
  { control, deployRoot }: NodeContext,
  version: string,
): Promise<Finding | undefined> {
  try {
    await control.call('consult-config', [join(deployRoot, 'releases', version, 'sys.config')]);
    return undefined;
  } catch (error) {
    if (!(error instanceof ControlError) || error.reason !== 'bad_include') throw error;
    return {
      id: 'downgrade-config',
      severity: 'warning',
      message: `A downgrade to ${version} would lose settings: its sys.config is read anew, and ${error.message}.`,
      remedy: `${version} cannot be changed any more: copy the included file into the folder that the node works in (the release's root) before the upgrade, or do not go back by a downgrade (\`on-failure: leave\` in a deploy).`,
    };
  }
}

/** `release_handler:check_install_release/1`; also that it would upgrade from what runs. @throws {NodeRefusedError} */
export async function checkInstall(context: NodeContext, runs: string): Promise<void> {
  const { control, stepSeconds } = context;
  const { version } = context.manifest;
  const answer = await control.call<{ version: string }>('check-install', [version], stepSeconds);
  // without a relup it answers with the new version itself; so it does for a way down, which is known to be there
  const goesBack = context.upgradePackage.path === '';
  if (answer.version !== runs && !goesBack) {
    throw new NodeRefusedError(`The unpacked ${version} has no relup that upgrades from ${runs}.`, {
      remedy: `Package the release with releases/${version}/relup.`,
    });
  }
}

/** `release_handler:install_release/2`. Never throws for an answer of the node: what counts is what runs then. */
export async function install(context: NodeContext, version: string): Promise<InstallAnswer> {
  const { control, stepSeconds } = context;
  try {
    const { answer } = await control.call<{ answer: string }>('install', [version], stepSeconds);
    return { kind: answer === 'ok' ? 'ok' : 'continue-after-restart' };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const refused = error instanceof ControlError && !error.leftUnknown;
    return { kind: refused ? 'refused' : 'unknown', error };
  }
}

/**
 * Watches the node until release_handler has nothing left to do and the system is up (H69, H71).
 *
 * @returns undefined when it has not settled within `watchSeconds`, or its process is gone and no other one follows.
 */
export async function settle(context: NodeContext): Promise<NodeSnapshot | undefined> {
  const deadline = performance.now() + 1000 * context.watchSeconds;
  do {
    const snapshot = await readNodeState(context.control, 15).catch(ignoreUnreachable);
    if (snapshot?.status === 'started' && snapshot.releases !== null) return snapshot;
    if (snapshot === undefined && (await nodeEnd(context)) !== undefined) return undefined;
    await setTimeout(500);
  } while (performance.now() < deadline);
  return undefined;
}

function ignoreUnreachable(error: unknown): undefined {
  if (!(error instanceof ActionError)) throw error;
  return undefined;
}

/** Pure: what is wrong with the running code after the installation (H50, H51); empty when it is the package's. */
export function verifyRunningCode(
  before: Pick<NodeSnapshot, 'applications'>,
  after: NodeSnapshot,
  manifest: DeployManifest,
): string[] {
  const differences = codeDifferences(after, manifest);
  const stale = stalePaths(after, manifest);
  const stopped = Object.keys(before.applications).filter(
    (name) =>
      after.applications[name] === undefined && manifest.applications.some((app) => app.name === name),
  );
  return [
    ...(differences.length === 0 ? [] : [`modules that are not the package's: ${moduleList(differences)}`]),
    ...(stale.length === 0 ? [] : [`code path entries of other versions: ${stale.join(', ')}`]),
    ...(stopped.length === 0
      ? []
      : [`applications that ran before and do not run now: ${stopped.join(', ')}`]),
  ];
}
