import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NodeRefusedError } from '../shared/errors.js';
import { configurationFiles, placeConfiguration } from './configuration.js';
import { ControlError, type NodeControl } from './control.js';
import { replaceFile } from './durable-file.js';
import { recordFootprint, restoreFootprint, type Footprint } from './footprint.js';
import { codeDifferences, moduleList, stalePaths } from './node-code.js';
import type { NodeProcess } from './node-process.js';
import { readNodeState, type HandlerRelease, type NodeSnapshot } from './node-state.js';
import { compareWithPackage, type ComparisonInput } from './package-files.js';
import { checkStartScript, replaceStartScript, scriptVersion } from './release-script.js';

/** What the steps of an upgrade share. */
export interface UpgradeContext extends ComparisonInput {
  readonly control: NodeControl;
  readonly node: NodeProcess;
  /** How long one step of release_handler may take before the node is watched instead. */
  readonly stepSeconds: number;
  /** How long the node is watched, after an answer was lost, until it settles. */
  readonly watchSeconds: number;
}

/** What release_handler answered to the installation; a lost answer is no error, the node is looked at instead. */
export type InstallAnswer =
  | { readonly kind: 'ok' | 'continue-after-restart' }
  | { readonly kind: 'refused' | 'unknown'; readonly error: ControlError };

/** Records what the steps before the installation may add or change, so that they can be undone. */
export async function recordBefore(context: UpgradeContext): Promise<Footprint> {
  const { erlang, upgradePackage, manifest, deployRoot } = context;
  // names in the archive are UTF-8, whatever this runner's locale
  const members = await erlang.query<{ name: string }[]>('tarball', [upgradePackage.path], {
    flags: ['+fnu'],
  });
  const { version } = manifest;
  const rel = `${packageName(context)}.rel`;
  return recordFootprint(
    deployRoot,
    [...members.map(({ name }) => name.replace(/\/$/, '')), `releases/${rel}`, `releases/${version}/${rel}`],
    [packagePath(context), 'releases/RELEASES', ...configurationFiles(version)],
    join(context.privateFolder, 'before'),
  );
}

/** Copies the package to where release_handler looks for it. */
export async function putPackage(context: UpgradeContext): Promise<void> {
  const { uid, gid } = context.node;
  const target = join(context.deployRoot, packagePath(context));
  await replaceFile(target, context.upgradePackage.path, { uid, gid, mode: 0o640 });
}

/** `release_handler:unpack_release/1`. @throws {ControlError} */
export async function unpack(context: UpgradeContext): Promise<void> {
  await context.control.call('unpack', [packageName(context)], context.stepSeconds);
}

/** Every file of the package must now be on the node (H64). @throws {NodeRefusedError} */
export async function verifyUnpacked(context: UpgradeContext): Promise<void> {
  const { missing, differing } = await compareWithPackage(context);
  if (missing.length + differing.length > 0) {
    throw new NodeRefusedError(
      `After unpacking, ${missing.length} files of the package are missing and ${differing.length} differ.`,
      {
        details: [
          ...missing.map((path) => `missing ${path}`),
          ...differing.map((path) => `differs ${path}`),
        ].join('\n'),
      },
    );
  }
  await checkStartScript(context.deployRoot, context.manifest.name, context.manifest.version);
}

/** Fills in templates and reads the configuration back in its final place, on the node (H79, H80). @throws {NodeRefusedError} */
export async function configure(context: UpgradeContext): Promise<readonly string[]> {
  const { name, version } = context.manifest;
  const written = await placeConfiguration({ ...context, name, version });
  const file = join(context.deployRoot, 'releases', version, 'sys.config');
  try {
    await context.control.call('consult-config', [file]);
  } catch (error) {
    if (!(error instanceof ControlError) || error.reason !== 'bad_config') throw error;
    throw new NodeRefusedError(
      `release_handler could not use ${file}, and would install an empty configuration: ${error.message}.`,
      {
        remedy: 'Correct sys.config (or sys.config.src) in the project and package the release again.',
        ...(error.details === undefined ? {} : { details: error.details }),
        cause: error,
      },
    );
  }
  return written;
}

/** `release_handler:check_install_release/1`; also that it would upgrade from what runs. @throws {NodeRefusedError} */
export async function checkInstall(context: UpgradeContext, runs: string): Promise<void> {
  const { version } = context.manifest;
  const answer = await context.control.call<{ version: string }>(
    'check-install',
    [version],
    context.stepSeconds,
  );
  // without a relup it answers with the new version itself
  if (answer.version !== runs) {
    throw new NodeRefusedError(`The installed ${version} has no relup that upgrades from ${runs}.`, {
      remedy: `Package the release with releases/${version}/relup.`,
    });
  }
}

/** `release_handler:install_release/2`. Never throws for an answer of the node: what counts is what runs then. */
export async function install(context: UpgradeContext): Promise<InstallAnswer> {
  try {
    const { answer } = await context.control.call<{ answer: string }>(
      'install',
      [context.manifest.version],
      context.stepSeconds,
    );
    return { kind: answer === 'ok' ? 'ok' : 'continue-after-restart' };
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return { kind: error.leftUnknown ? 'unknown' : 'refused', error };
  }
}

/**
 * Watches the node until release_handler has nothing left to do and the system is up (H69, H71).
 *
 * @returns undefined when it has not settled within `watchSeconds`.
 */
export async function settle(context: UpgradeContext): Promise<NodeSnapshot | undefined> {
  const deadline = Date.now() + 1000 * context.watchSeconds;
  do {
    const snapshot = await readNodeState(context.control, 15).catch(ignoreUnreachable);
    if (snapshot?.status === 'started' && snapshot.releases !== null) return snapshot;
    await setTimeout(500);
  } while (Date.now() < deadline);
  return undefined;
}

function ignoreUnreachable(error: unknown): undefined {
  if (!(error instanceof ControlError)) throw error;
  return undefined;
}

/** Pure: what is wrong with the running code after the installation (H50, H51); empty when it is the package's. */
export function verifyRunningCode(
  before: NodeSnapshot,
  after: NodeSnapshot,
  context: Pick<UpgradeContext, 'manifest'>,
): string[] {
  const { manifest } = context;
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

/** `release_handler:make_permanent/1`, and relx's `bin/<name>` with it (H82). */
export async function makePermanent(context: UpgradeContext): Promise<void> {
  const { name, version } = context.manifest;
  await context.control.call('make-permanent', [version], context.stepSeconds);
  await replaceStartScript(context.deployRoot, name, version);
}

/** What the next boot reads must name the new version (H82). @throws {NodeRefusedError} */
export async function verifyPermanent(context: UpgradeContext): Promise<void> {
  const { control, deployRoot, manifest } = context;
  const releases = join(deployRoot, 'releases');
  const recorded = await control.call<HandlerRelease[]>('releases-file', [join(releases, 'RELEASES')]);
  const permanent = recorded.find(({ status }) => status === 'permanent')?.version;
  const start = (await readFile(join(releases, 'start_erl.data'), 'utf8')).trim();
  const script = await scriptVersion(join(deployRoot, 'bin', manifest.name));
  const wrong = [
    ...(permanent === manifest.version ? [] : [`releases/RELEASES (${permanent ?? 'none'})`]),
    ...(start === `${manifest.erts} ${manifest.version}` ? [] : [`releases/start_erl.data (${start})`]),
    ...(script === undefined || script === manifest.version ? [] : [`bin/${manifest.name} (${script})`]),
  ];
  if (wrong.length === 0) return;
  throw new NodeRefusedError(
    `The next start would not boot ${manifest.version}: ${wrong.join(', ')} say otherwise.`,
  );
}

/**
 * Takes back everything up to the installation: the version is unregistered and exactly what was added is removed.
 * `release_handler:remove_release/1` is not used, because it also removes every library that no other *registered*
 * release lists (H66).
 *
 * @throws {NodeRefusedError} naming what is left.
 */
export async function undoUnpack(
  context: UpgradeContext,
  footprint: Footprint,
  wasRegistered: boolean,
): Promise<void> {
  const { manifest, deployRoot } = context;
  // an answer that was given up on may still be worked on (H69); a node that is gone reads the restored record when it boots
  const snapshot = await settle(context);
  const isRegistered = snapshot?.releases?.some(({ version }) => version === manifest.version) ?? false;
  if (isRegistered && !wasRegistered) await context.control.call('set-removed', [manifest.version]);
  const left = await restoreFootprint(deployRoot, footprint);
  if (left.length > 0) {
    throw new NodeRefusedError(
      `${left.join(', ')} in ${deployRoot} could not be removed: something else lies in it.`,
    );
  }
}

/** As release_handler wants it: without `.tar.gz`, relative to `releases`. */
function packageName({ manifest }: UpgradeContext): string {
  return `${manifest.name}-${manifest.version}`;
}

function packagePath(context: UpgradeContext): string {
  return `releases/${packageName(context)}.tar.gz`;
}
