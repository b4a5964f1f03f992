import { ActionError } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import { DeployError } from './deploy-error.js';
import type { DeployManifest } from './deploy-input.js';
import type { NodeCheck } from './node-check.js';
import { releaseByCode } from './node-code.js';
import { releasesText, type NodeSnapshot } from './node-state.js';
import { verifyRunningCode, type InstallAnswer } from './upgrade.js';

/**
 * Pure: judges an installation by what runs afterwards, never by the answer alone (H51, H69–H71).
 *
 * @param after the settled node; undefined when it did not settle.
 * @returns undefined when the new release runs.
 */
export function installFailure(
  manifest: DeployManifest,
  check: NodeCheck,
  answer: InstallAnswer,
  after: NodeSnapshot | undefined,
): DeployError | undefined {
  const error = 'error' in answer ? answer.error : undefined;
  const why = error === undefined ? '' : `${error.message} `;
  const options = { ...hints(error), cause: error };
  if (after === undefined) {
    return new DeployError(
      `${why}The node did not settle after the installation of ${manifest.version} began, so what it runs is not known.`,
      'unknown',
      { ...options, remedy: 'Look at the node and its log.' },
    );
  }
  const wrong = verifyRunningCode(check.snapshot, after, manifest);
  if (wrong.length === 0 && isInstalled(after, manifest.version)) return undefined;
  const runsOld = releaseByCode(after, manifest.upFrom, check.runs)?.version === check.runs;
  if (runsOld) return stillOld(manifest, check, after, why, options);
  return new DeployError(
    `${why}The node runs neither wholly ${check.runs} nor wholly ${manifest.version}: ${wrong.join('; ') || releasesText(after.releases)}.`,
    isInstalled(after, manifest.version) ? 'installed-not-permanent' : 'unknown',
    { ...options, remedy: `Restart the node: it boots ${check.runs}.` },
  );
}

function stillOld(
  { version }: DeployManifest,
  { snapshot: before, runs }: NodeCheck,
  after: NodeSnapshot,
  why: string,
  options: { remedy?: string; details?: string; cause: unknown },
): DeployError {
  if (after.instance !== before.instance || after.osPid !== before.osPid) {
    return new DeployError(
      `${why}The node rebooted into ${runs}; ${version} is unpacked.`,
      'rebooted-into-old',
      options,
    );
  }
  if (environmentChanged(before, after)) {
    return new DeployError(
      `${why}The node runs the code of ${runs}, but its application versions and configuration are already those of ${version}.`,
      'environment-changed',
      { remedy: `Restart the node to get ${runs} with its own configuration, or deploy again.`, ...options },
    );
  }
  return new DeployError(`${why}The node runs ${runs}; ${version} is unpacked.`, 'unpacked', options);
}

/** Whether release_handler counts the version as running. */
export function isInstalled({ releases }: NodeSnapshot, version: string): boolean {
  return (releases ?? []).some(
    (release) => release.version === version && /^(current|permanent)$/.test(release.status),
  );
}

/** release_handler changes versions and environment before it runs the relup, and leaves them when that is refused (H51). */
function environmentChanged(before: NodeSnapshot, after: NodeSnapshot): boolean {
  const versions = (snapshot: NodeSnapshot) => JSON.stringify(Object.entries(snapshot.applications).sort());
  return before.environment !== after.environment || versions(before) !== versions(after);
}

/** The remedy and details of what was thrown, if it has any. */
export function hints(error: unknown): { remedy?: string; details?: string } {
  return error instanceof ActionError ? defined({ remedy: error.remedy, details: error.details }) : {};
}
